"""From documents that are well formed to the frozen model: every name is looked up.

A reference that leads nowhere is reported and what contains it is left out, so that
the rules can still look at the rest.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

import msgspec

from vmgen.reading.source import Mapping
from vmgen.schema import model as m
from vmgen.schema import symbols
from vmgen.schema.allowing import allows_of
from vmgen.schema.besides import NO_PROJECT_RULES, ProjectRules
from vmgen.schema.declarations import build_declaration
from vmgen.schema.members import reserved_of
from vmgen.schema.mentions import mentioned_constants, reachable
from vmgen.schema.profiles import profile_of
from vmgen.schema.references import References
from vmgen.schema.symbols import text_of
from vmgen.schema.target_list import targets_of
from vmgen.schema.visible import Loaded, Visible

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly

    from vmgen.reading.diagnostics import Report
    from vmgen.reading.source import Scalar, Span
    from vmgen.schema.files import Document


class Reusable(msgspec.Struct, frozen=True):
    """A declaration without a fault, what it has in place, and the names that were looked
    up for it, with the constants that some of them were."""

    key: Scalar
    declared: m.Declaration
    in_place: list[m.Declaration]
    names: frozenset[str]
    constants: ReadOnly[str, m.Constant]


Built = dict[int, Reusable]
"""Declarations by the identities of the keys that they were made of, which they keep."""


def _made(
    refs: References, key: Scalar, node: Mapping, built: Built | None
) -> m.Declaration | None:
    """`build_declaration`, or what it made of the same node for another version in which
    all names stand for the same."""
    if built is None:
        return build_declaration(refs, key, node)
    before = built.get(id(key))
    if before is not None:
        held = before.constants
        same = all(refs.constants.get(name) == held[name] for name in held)
        if same and before.names.difference(held) <= refs.declared:
            refs.named |= before.names
            refs.in_place = before.in_place
            return before.declared
    others, refs.named = refs.named, set()
    reported = refs.report.additions
    made = build_declaration(refs, key, node)
    if made is not None and refs.report.additions == reported:
        names = frozenset(refs.named)
        constants = {n: refs.constants[n] for n in names if n in refs.constants}
        built[id(key)] = Reusable(key, made, refs.in_place, names, constants)
    refs.named |= others
    return made


def module_of(
    documents: list[Document],
    uses: list[tuple[Span, Loaded]],
    overrides: ReadOnly[str, bool],
    report: Report,
    built: Built | None = None,
    project: ProjectRules = NO_PROJECT_RULES,
) -> Loaded:
    """The module that documents describe which passed their shapes, and speak of one
    version. `overrides` turn features on or off; faults go to `report`. `built` has what
    was made of the same nodes for other versions, and gets what is made here."""
    visible = Visible([loaded for _, loaded in uses])
    refs = References(documents, overrides, report, visible)
    first = documents[0]
    root = first.root
    name_node = root["module"]
    types: dict[str, m.Declaration] = {}
    faulty: set[str] = set().union(*(d.faulty for d in documents))
    declared = symbols.taken(documents, "types")
    for key, node in symbols.unique(
        declared, "the type", report, visible.types_elsewhere
    ):
        assert isinstance(node, Mapping)
        made = _made(refs, key, node, built)
        if made is not None:
            types[key.value] = made
            types.update((one.name, one) for one in refs.in_place)
            refs.in_place_before += refs.in_place
        else:
            faulty.add(key.value)
    faulty.update(k.value for k, _ in symbols.entries(documents, "constants"))
    faulty -= refs.own_constants.keys()
    constants = dict(refs.own_constants)
    used: dict[str, str] = {}
    if uses:
        modules = [loaded.module for _, loaded in uses]
        for other, module in [*reachable(types, modules)]:
            types[other.name] = other
            used[other.name] = module
        for name in sorted(mentioned_constants(types.values()) - constants.keys()):
            by = next(module for module in modules if name in module.constants)
            constants[name] = by.constants[name]
            used[name] = by.used.get(name, by.name)
    return Loaded(
        m.Module(
            name=text_of(name_node),
            path=first.file.path,
            span=name_node.span,
            doc=text_of(root.get("doc")),
            files=tuple(d.file for d in documents),
            constants=MappingProxyType(constants),
            features=MappingProxyType(refs.features),
            types=MappingProxyType(types),
            targets=targets_of(documents, report),
            padding=(
                "explicit" if text_of(root.get("padding")) == "explicit" else "implicit"
            ),
            all_targets="targets" not in root.entries,
            used=MappingProxyType(used),
            uses=_uses(uses, refs.named),
            allow=allows_of(root),
            profile=profile_of(root.get("profile"), project),
            project_allow=project.allow,
            rust_path=text_of(root.get("rust_path")) or None,
            owner=symbols.owner(root.get("c")),
            reserved=tuple(
                name for d in documents for name in reserved_of(d.root.get("reserved"))
            ),
        ),
        frozenset(faulty),
    )


def _uses(uses: list[tuple[Span, Loaded]], named: set[str]) -> tuple[m.Use, ...]:
    made = []
    for span, loaded in uses:
        module = loaded.module
        own = {*module.own_types, *module.own_constants, *loaded.faulty}
        made.append(m.Use(span, module, frozenset(own & named)))
    return tuple(made)
