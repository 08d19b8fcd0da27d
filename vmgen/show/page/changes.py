"""What changed in a version from the one before, on each layout class, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from vmgen.layout.chain import chain
from vmgen.schema import model as m
from vmgen.schema.former_names import kept

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.layout.layouts import Layouts
    from vmgen.layout.parts import Part, Record
    from vmgen.schema.former_names import Names

Json = dict[str, Any]


def changes(before: Layouts, after: Layouts) -> Json:
    """Of each type that is new or differs, what there is to say for each layout class of
    `after`: lists of texts. Types that are gone are under ``""``."""
    found: Json = {}
    old = before.module.types
    former = _former_names(
        {name: declared.was for name, declared in old.items()},
        {name: declared.was for name, declared in after.module.types.items()},
    )
    for name in after.module.types:
        was = former.get(name)
        if was is None:
            found[name] = [["new in this version"]] * len(after.classes)
            continue
        texts = []
        for each in after.classes:
            index = _class_in(before, each.targets)
            texts.append(
                list(_differences(before.of(was), index, after.of(name), each.index))
                if index is not None
                else ["on no such target in the version before"]
            )
        if any(texts):
            found[name] = texts
    gone = sorted(old.keys() - set(former.values()))
    if gone:
        found[""] = gone
    return found


def _former_names(old: Names, new: Names) -> dict[str, str]:
    """The old name of each new thing that was there before."""
    return {after: before for before, after in kept(old, new).items()}


def _class_in(layouts: Layouts, targets: Sequence[str]) -> int | None:
    """The layout class that the first target has which another version is for too."""
    known = {target.name for target in layouts.module.targets}
    name = next((target for target in targets if target in known), None)
    return None if name is None else layouts.class_of(name).index


def _differences(old: Record, before: int, new: Record, after: int) -> Iterator[str]:
    if old.name != new.name:
        yield f"was called `{old.name}`"
    if old.kind != new.kind:
        yield f"was of the kind {old.kind}"
    yield from _parts(old, before, new, after)
    yield from _variants(old.declared, new.declared)
    if isinstance(new.declared, m.Opaque) or isinstance(old.declared, m.Opaque):
        return
    first, last = old.layouts[before], new.layouts[after]
    if new.contexts and old.contexts:
        yield from _regions(old, before, new, after)
    elif first.size != last.size:
        yield f"{last.size} bytes, was {first.size}"
    if first.align != last.align:
        yield f"aligned to {last.align}, was {first.align}"


def _parts(old: Record, before: int, new: Record, after: int) -> Iterator[str]:
    by_name = {part.name: part for part in old.parts}
    former = _former_names(
        {part.name: part.was for part in old.parts},
        {part.name: part.was for part in new.parts},
    )
    for part in new.parts:
        if part.name not in former:
            yield f"`{part.name}` is new, at {part.offsets[after]}"
            continue
        words = list(_of_part(by_name[former[part.name]], before, part, after))
        if words:
            yield f"`{part.name}` {', '.join(words)}"
    for name in by_name:
        if name not in former.values():
            yield f"`{name}` is gone, it was at {by_name[name].offsets[before]}"


def _of_part(was: Part, before: int, part: Part, after: int) -> Iterator[str]:
    if was.name != part.name:
        yield f"was called `{was.name}`"
    if was.offsets[before] != part.offsets[after]:
        yield f"is at {part.offsets[after]}, was at {was.offsets[before]}"
    if str(was.type) != str(part.type):
        yield f"is `{part.type}`, was `{was.type}`"
    if was.access != part.access:
        now, then = (", ".join(sorted(each.access)) for each in (part, was))
        yield f"has the access [{now}], had [{then}]"


def _variants(old: m.Declaration, new: m.Declaration) -> Iterator[str]:
    kinds = m.PlainEnum | m.TaggedEnum
    if not isinstance(old, kinds) or not isinstance(new, kinds):
        return
    by_name = {v.name: v for v in old.variants}
    former = _former_names(
        {v.name: v.was for v in old.variants}, {v.name: v.was for v in new.variants}
    )
    for variant in new.variants:
        if variant.name not in former:
            yield f"`{variant.name}` = {variant.value} is new"
            continue
        was = by_name[former[variant.name]]
        if was.name != variant.name:
            yield f"`{variant.name}` was called `{was.name}`"
        if was.value != variant.value:
            yield f"`{variant.name}` is {variant.value}, was {was.value}"
    yield from (f"`{name}` is gone" for name in by_name if name not in former.values())


def _regions(old: Record, before: int, new: Record, after: int) -> Iterator[str]:
    first = {link.name: link.formula for link in chain(old.contexts[before])}
    former = _former_names(
        {region.name: region.source.was for region in old.regions},
        {region.name: region.source.was for region in new.regions},
    )
    # Behind the regions is the size, which has no other name.
    former["size"] = "size"
    for link in chain(new.contexts[after]):
        name = former.get(link.name)
        if name is None:
            yield f"`{link.name}` is new, at {link.formula}"
            continue
        if name != link.name:
            yield f"`{link.name}` was called `{name}`"
        was = first.pop(name)
        if was != link.formula:
            yield f"`{link.name}` is {link.formula}, was {was}"
    yield from (f"`{name}` is gone, it was at {was}" for name, was in first.items())
