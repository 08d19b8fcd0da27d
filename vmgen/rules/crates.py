"""Whether the generated Rust crate has what foreign types are called in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.rules.finding import Finding
from vmgen.rules.registry import rule
from vmgen.rules.wording import best_known, some
from vmgen.schema import model as m
from vmgen.schema.mentions import conditional
from vmgen.schema.rusttype import parse_rust_type
from vmgen.schema.types import INT_BITS, RustLayout
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from vmgen.reading.source import Span
    from vmgen.rules.analysis import Analysis
    from vmgen.schema.rusttype import Root

_CORE_PRELUDE = frozenset((
    *INT_BITS, "bool", "char", "f32", "f64", "str", "Option", "Result",
    "AsMut", "AsRef", "Clone", "Copy", "DoubleEndedIterator", "ExactSizeIterator", "Fn",
    "FnMut", "FnOnce", "From", "Into", "Iterator", "Send", "Sized", "Sync", "Unpin",
))  # fmt: skip
"""What Rust knows without a path where there is no standard library."""

_OWN_CRATE = (
    "take the modules into a crate of your own that has it: set `rust.runtime` in "
    "`[tool.vmgen]`"
)


@rule(
    "VM904",
    "missing-crate",
    "A type of Rust's that the generated crate has no crate for.",
    severity="warning",
    allowable=True,
)
def missing_crate(analysis: Analysis) -> Iterator[Finding]:
    """The generated crate is `no_std` and depends on nothing that nobody asked for: of the
    path of a foreign type, or of a parameter, it knows `core`, what `rust.dependencies` of
    `[tool.vmgen]` names, and itself. With any other the crate doesn't compile. What
    `core::arch` has is on one architecture only.

    Where `rust.runtime` is set, the Rust files are for a crate of your own, and nothing is
    asked of it. Allow it where the files end up in another crate all the same.
    """
    if analysis.crates is None:
        return
    for root, foreign, span, allows in _paths(analysis):
        found = _lacking(root, foreign, analysis)
        if found is not None:
            message, helps = found
            yield Finding(message, span, allows, helps=helps)


@rule(
    "VM052",
    "missing-feature",
    "A condition on a feature that the generated crate doesn't have.",
    severity="warning",
    allowable=True,
)
def missing_feature(analysis: Analysis) -> Iterator[Finding]:
    """Features are a crate's: what Rust has under `feature = "gc"` is there if the crate
    that it ends up in has a feature `gc` which is on. The generated crate has those that
    `rust.features` of `[tool.vmgen]` lists, and rustc warns of others.

    Where `rust.runtime` is set, the Rust files are for a crate of your own, and nothing is
    asked of it. Allow it where the files end up in another crate all the same.
    """
    if analysis.crates is None:
        return
    told: set[str] = set()
    for declared in analysis.own.values():
        for owner, item in conditional(declared):
            condition = item.condition
            if condition is None or item.cfg is None:
                continue
            for name in sorted(condition.features - analysis.cargo_features - told):
                told.add(name)
                yield Finding(
                    f"the generated crate has no feature `{name}`",
                    item.cfg.span,
                    (owner.allow, declared.allow),
                    helps=(
                        f'set `rust.features = "{name}"` in `[tool.vmgen]`',
                        _OWN_CRATE,
                    ),
                )


def _paths(
    analysis: Analysis,
) -> Iterator[tuple[Root, str, Span, tuple[Mapping[str, m.Allow], ...]]]:
    """Every path of Rust's in the module, with the foreign type that it is of, if any, its
    place and what may allow a finding about it."""
    for declared in analysis.own.values():
        if isinstance(declared, (m.Foreign, m.ForeignRecord)):
            if declared.rust is None:
                continue
            assert declared.rust_node is not None
            inside = declared.rust_node.text_span
            for root in declared.rust.roots:
                span = inside.part(root.start, root.end) if inside else None
                place = span or declared.rust_node.span
                yield root, declared.name, place, (declared.allow,)
        elif isinstance(declared, m.Functions):
            allows = (declared.allow,)
            for other in declared.rust_types:
                yield from _paths_in(other.rust, allows)
            for slot in declared.slots:
                texts = [slot.text, *(other.rust for other in slot.rust_types)]
                if slot.rust_result is not None:
                    texts.append(slot.rust_result)
                for text in texts:
                    yield from _paths_in(text, (slot.allow, declared.allow))


def _paths_in(
    text: m.TypeText, allows: tuple[Mapping[str, m.Allow], ...]
) -> Iterator[tuple[Root, str, Span, tuple[Mapping[str, m.Allow], ...]]]:
    """The paths of a type itself, or of the types of a signature."""
    for part in (text.spelled, *text.spelled.parts):
        if isinstance(part.type, RustLayout) and part.type.path:
            (root,) = parse_rust_type(part.type.text).roots
            yield root, "", text.part_span(part), allows


def _lacking(
    root: Root, foreign: str, analysis: Analysis
) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with a path in the generated crate, and what to do; or None."""
    assert analysis.crates is not None
    first, *rest = root.segments
    written = "::".join(root.segments)
    modules = [*analysis.module.modules_used, analysis.module]
    own = {"vmptr", *(m.name for m in modules), *(f"{m.name}_offsets" for m in modules)}
    if first == "self" and len(rest) == 1:
        first, rest = rest[0], []
    if first in ("crate", "super", "self"):
        if first == "crate" and rest[0] in own:
            return None
        return f"the generated crate has no `{written}`", (_OWN_CRATE,)
    if first and not rest:
        if first in _CORE_PRELUDE or (first in analysis.own and first != foreign):
            return None
        return (
            f"nothing is called `{written}` in the generated Rust",
            ("write its whole path, as `core::ops::Range`",),
        )
    crate = first or rest[0]
    if crate == "core":
        return _of_another_architecture(written, root.segments, analysis)
    if crate in analysis.crates:
        return None
    if crate in ("std", "alloc"):
        why = f"`{written}` needs `{crate}`, and the generated crate is `no_std`"
        return why, ("write its path in `core` if it has one there", _OWN_CRATE)
    return (
        f"the generated crate doesn't depend on `{crate}`",
        (
            f'set `rust.dependencies = "{crate}@VERSION"` in `[tool.vmgen]`',
            _OWN_CRATE,
        ),
    )


def _of_another_architecture(
    written: str, segments: Sequence[str], analysis: Analysis
) -> tuple[str, tuple[str, ...]] | None:
    """What is wrong with a path in `core`, some of which not every target has."""
    crate, *inside = segments if segments[0] else segments[1:]
    assert crate == "core"
    if inside[:1] != ["arch"] or len(inside) < 2:
        return None
    arch = inside[1]
    names = [t.name for t in analysis.module.targets]
    lacking = [n for n in names if n not in TARGETS or TARGETS[n].arch != arch]
    if not lacking:
        return None
    return (
        f"`{written}` doesn't exist on {some(best_known(lacking))}",
        ("list targets that have it under `targets`, or name a type of your own",),
    )
