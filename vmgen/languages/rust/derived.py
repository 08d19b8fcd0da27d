"""Names that the Rust of a module has beside the declared ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.words import Derived
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator

_BROUGHT_ALONG: dict[type, tuple[str, ...]] = {
    m.Context: ("Access", "Counts", "Fixed", "Offsets", "Regions"),
    m.TaggedEnum: ("Payload", "Ref", "Value"),
}
"""What types that come with others of their kind add to their names."""


def fixed_part(context: str) -> str:
    """The name of the type that has a context's fixed fields."""
    return f"{context}Fixed"


def derived(module: m.Module) -> Iterator[Derived]:
    """Types that declared types bring along. Python has some of them as well."""
    for name, declared in module.own_types.items():
        trusted = isinstance(declared, m.TaggedEnum) and declared.trusted
        brought = () if trusted else _BROUGHT_ALONG.get(type(declared), ())
        for more in brought:
            what = f"what the bindings of `{name}` bring along"
            yield Derived(name + more, name, declared.span, what, is_type=True)
