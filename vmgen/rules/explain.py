"""What `vmgen explain` says of the rules: why each is there, and two little schemas."""

from __future__ import annotations

from textwrap import TextWrapper, indent
from typing import TYPE_CHECKING

from vmgen.rules.changes import Change
from vmgen.rules.registry import all_rules, rule_of
from vmgen.rules.wording import listed

if TYPE_CHECKING:
    from vmgen.rules.registry import Rule

WIDTH = 80
_FILL = TextWrapper(WIDTH, break_long_words=False, break_on_hyphens=False).fill

GROUPS = {
    "VM0": "Syntax and names",
    "VM1": "VmSafe",
    "VM2": "Layout and values",
    "VM3": "Targets",
    "VM4": "Changes between versions",
    "VM5": "Schema and binary",
    "VM9": "Allows and configuration, headers of others",
}
"""What the first digit of a code means."""


def explain(code: str) -> str:
    """A rule in full. Raises KeyError for a code that no rule has."""
    rule = rule_of(code)
    parts = [
        f"{rule.code} {rule.name} ({rule.severity})",
        _FILL(rule.summary),
        *(_FILL(paragraph) for paragraph in rule.reason.split("\n\n")),
        *(_whom(rule) if isinstance(rule, Change) else ()),
        _FILL(_allowing(rule)),
    ]
    for heading, example in _examples(rule):
        parts += [heading, indent(_example(example), "    ")]
    if rule.binary_path is not None:
        source = rule.binary_path.read_text(encoding="utf-8")
        parts += ["The binary is made of:", indent(_example(source), "    ")]
    return "\n\n".join(parts) + "\n"


def _whom(rule: Change) -> list[str]:
    if not rule.breaks:
        return ["It breaks nobody."]
    return [_FILL(f"It breaks {listed(rule.breaks)}. Its class is `{rule.level}`.")]


def _allowing(rule: Rule) -> str:
    if not rule.allowable:
        return "It can't be allowed."
    if isinstance(rule, Change):
        return (
            "It can be allowed in the new schema, for the version that it comes with: "
            f'`allow: {{{rule.name}: {{reason: why, version: "2"}}}}`.'
        )
    return f"It can be allowed where it is found: `allow: {{{rule.name}: why}}`."


def _examples(rule: Rule) -> list[tuple[str, str]]:
    """Each example below its heading."""
    if rule.stage == "changes":
        mended = "New, and allowed:" if rule.allowable else "New, mended:"
        return [
            ("Old:", rule.old_example),
            ("New:", rule.bad_example),
            (mended, rule.good_example),
        ]
    refused = "Refused:" if rule.severity == "error" else "Warned about:"
    return [(refused, rule.bad_example), ("Accepted:", rule.good_example)]


def overview() -> str:
    """Every rule in a line, by group."""
    groups: dict[str, list[Rule]] = {}
    for rule in all_rules():
        groups.setdefault(rule.code[:3], []).append(rule)
    width = max(len(r.name) for r in all_rules())
    blocks = []
    for prefix, rules in groups.items():
        lines = [f"{GROUPS[prefix]} ({prefix}xx)"]
        lines += [f"  {r.code} {r.name:{width}}  {r.summary}" for r in rules]
        blocks.append("\n".join(lines))
    blocks.append("`vmgen explain CODE` says more about one, with examples.")
    return "\n\n".join(blocks) + "\n"


def _example(text: str) -> str:
    """A schema without its last line's end."""
    return text.rstrip("\n")
