"""The key `on`: the targets that a field is there on, and what is made of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from vmgen.reading.source import Mapping, Node, Scalar, Sequence
from vmgen.schema.composite_shapes import ByForm, Key, Keys, Later, ListOf
from vmgen.schema.number_keys import ALIGN, BYTES
from vmgen.schema.shapes import Choice, Number, Shape
from vmgen.schema.values import number
from vmgen.targets.conditions import (
    ARCHITECTURES,
    SYSTEMS,
    Condition,
    Word,
    combined,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.reading.diagnostics import Report

WIDTHS = (16, 32, 64)

_ELSEWHERE = {
    "darwin": "macos", "osx": "macos", "mac": "macos", "win32": "windows",
    "win64": "windows", "mingw": "windows", "gnu": "hurd", "wasip1": "wasi",
    "amd64": "x86_64", "x64": "x86_64", "x86-64": "x86_64", "i386": "x86", "i486": "x86",
    "i586": "x86", "i686": "x86", "ia32": "x86", "arm64": "aarch64", "armv7": "arm",
    "armv6": "arm", "arm32": "arm", "ppc": "powerpc", "ppc64": "powerpc64",
    "ppc64le": "powerpc64", "riscv": "riscv64", "s390": "s390x", "wasm": "wasm32",
    "loongarch": "loongarch64", "mipsel": "mips", "mips64el": "mips64",
}  # fmt: skip
"""What systems and architectures are called by others than rustc."""


class _Target(Choice, frozen=True):
    """A system or an architecture."""

    def check(self, node: Node, report: Report) -> bool:
        meant = _ELSEWHERE.get(node.value.lower()) if isinstance(node, Scalar) else None
        if meant in self.words:
            return self.mismatch(node, report, (f"write `{meant}`",))
        return super().check(node, report)


def _one_or_more(choice: Shape, what: str) -> ByForm:
    return ByForm(what, scalar=choice, sequence=ListOf(choice, least=1))


CONDITION: Keys = Keys(
    "a condition",
    {
        "width": Key(
            _one_or_more(
                Number(values=WIDTHS), "a pointer width in bits, or a list of some"
            ),
            "How wide pointers are, in bits.",
            "width: 64",
        ),
        "os": Key(
            _one_or_more(
                _Target(tuple(SYSTEMS)), "an operating system, or a list of some"
            ),
            "The operating system, as rustc's `target_os` calls it.",
            "os: [linux, android]",
        ),
        "arch": Key(
            _one_or_more(
                _Target(tuple(ARCHITECTURES)), "an architecture, or a list of some"
            ),
            "The architecture, as rustc's `target_arch` calls it.",
            "arch: x86_64",
        ),
        "endian": Key(Choice(("little", "big")), "The byte order.", "endian: big"),
        "not": Key(
            Later(lambda: CONDITION),
            "Where this condition isn't met.",
            "not: {os: windows}",
        ),
        "any": Key(
            ListOf(Later(lambda: CONDITION), least=1),
            "Where one of these is met.",
            "any: [{os: linux}, {width: 32}]",
        ),
    },
    least=1,
)
ON = Key(
    CONDITION,
    "The targets that it is there on: all that is listed has to be so. Elsewhere it takes "
    "no byte.",
    "on: {os: linux, width: 64}",
)


FOREIGN_CASE = Keys(
    "a case of a foreign type",
    {
        "on": Key(
            CONDITION, "The targets that it is about.", "on: {os: macos}", required=True
        ),
        "size": Key(BYTES, "The size there, in bytes.", "size: 64", required=True),
        "align": Key(
            ALIGN, "The alignment there, in bytes.", "align: 8", required=True
        ),
    },
)


def condition_of(node: Node | None) -> Condition | None:
    """The condition that a mapping is; None of none."""
    if not isinstance(node, Mapping):
        return None
    parts = tuple(_parts(node))
    return combined("all", parts) if parts else None


def _text(word: Word, value: Scalar) -> str:
    return str(number(value)) if word == "width" else value.value


def _parts(node: Mapping) -> Iterator[Condition]:
    for key, value in node:
        if key.value == "not":
            inner = condition_of(value)
            if inner is not None:
                yield Condition("not", "", (inner,))
        elif key.value == "any":
            items = value.items if isinstance(value, Sequence) else ()
            made = tuple(c for c in map(condition_of, items) if c is not None)
            if made:
                yield combined("any", made)
        elif key.value in CONDITION.keys:
            word = cast("Word", key.value)
            values = value.items if isinstance(value, Sequence) else (value,)
            texts = [_text(word, v) for v in values if isinstance(v, Scalar)]
            if texts:
                yield combined("any", tuple(Condition(word, text) for text in texts))
