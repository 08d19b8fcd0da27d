"""A schema held against what a program tells of its own layouts, by fingerprints."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.binaries.descriptor import Descriptor, find
from vmgen.binaries.targets import best_known

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.layouts import Layouts


class Told(msgspec.Struct, frozen=True):
    """A descriptor of a schema's module, and the versions of the schema whose layouts on
    one of their targets have its fingerprint, each with such a target."""

    descriptor: Descriptor
    alike: tuple[tuple[Layouts, str], ...]


def told(data: bytes, versions: Sequence[Layouts]) -> Iterator[Told]:
    """What the bytes of a file tell of a schema's module, in order."""
    family = versions[0].module.family
    for descriptor in find(data):
        if descriptor.schema == family:
            yield Told(descriptor, tuple(_alike(descriptor, versions)))


def _alike(
    descriptor: Descriptor, versions: Sequence[Layouts]
) -> Iterator[tuple[Layouts, str]]:
    for layouts in versions:
        names = [
            target.name
            for target in layouts.module.targets
            if target.model.endian == descriptor.endian
            and layouts.fingerprint(target) == descriptor.fingerprint
        ]
        if names:
            yield layouts, best_known(names)
