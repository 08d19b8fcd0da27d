"""What a `help:` says to write keeps the layout, or the help says that it doesn't.

Every type that an advice about a bad schema names is written in the place that the
finding points at, and each layout on every target is compared with the one before.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rules.test_bad_schemas import SCHEMAS, report_on
from vmgen.layout.layouts import Layouts
from vmgen.layout.place import LayoutError
from vmgen.reading.diagnostics import Diagnostic, Report
from vmgen.rules.wording import CHANGES
from vmgen.schema import load_module
from vmgen.schema import model as m
from vmgen.schema.types import Named
from vmgen.schema.typetext import TypeSyntaxError, parse_type

OF_TYPES = tuple(
    f"VM{number}"
    for number in (101, 102, 103, 104, 105, 106, 107, 108, 110, 111, 112, 201, 218, 304)
)
"""Rules whose finding is a type's own characters, and whose advice is about them."""

UNPROMISED = ("VM104", "VM107", "VM111")
"""Rules about what has no layout, or none that this project could know."""

_Says = bool
"""Whether an advice says that it changes the layout."""


def is_type(text: str) -> bool:
    try:
        parsed = parse_type(text).type
    except TypeSyntaxError:
        return False
    # Keys and kinds are in backticks as well.
    return not (isinstance(parsed, Named) and text.islower())


def advised(help: str) -> Iterator[tuple[str, str, _Says]]:
    """The types that a help says to write, each with what is said of it up to the next."""
    if "a region" in help or "a newtype" in help:
        return
    both = help.endswith("both change the layout")
    found = [x for x in re.finditer(r"`([^`]+)`", help) if is_type(x[1])]
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(help)
        said = help[match.end() : end]
        yield match[1], said, both or CHANGES in said


def layouts(path: Path) -> dict[str, list[object]] | None:
    """The size and alignment of every type and the offsets of every record, target by
    target; None where Rust promises none."""
    report = Report()
    module = load_module(path, path.name, report)
    assert module is not None
    assert not report.has_errors, list(report)
    try:
        made = Layouts(module)
        found: dict[str, list[object]] = {}
        for name, declared in module.types.items():
            if isinstance(declared, (m.Opaque, m.Functions, m.Context)):
                continue
            for target in module.targets:
                row = made.class_of(target.name)
                if isinstance(declared, (m.Struct, m.Union, m.TaggedEnum)):
                    record = made.record(name, row)
                    told: object = (record.size, record.align, record.offsets)
                else:
                    told = made.extent(Named(name), row)
                found.setdefault(name, []).append(told)
    except (LayoutError, KeyError):
        return None
    return found


def rewritten(
    schema: Path, found: Diagnostic, text: str, said: str, folder: Path
) -> Path:
    """The schema with an advice taken."""
    assert found.span is not None
    source = found.span.file.text
    before, after = source[: found.span.start], source[found.span.end :]
    line = before[before.rfind("\n") + 1 :]
    in_struct = re.search(r"in a struct with `align: (\d+)`", said)
    if in_struct:
        fields = f"fields: {{it: '{text}'}}"
        after += f"  Aligned: {{kind: struct, align: {in_struct[1]}, {fields}}}\n"
        text = "Aligned"
    quoted = line.count('"') % 2 or line.count("'") % 2
    # What is quoted with its quotes, or a part of what isn't, needs none.
    part = re.search(r"[<\[(]\s*$", line)
    path = folder / schema.name
    path.write_text(
        before + (text if quoted or part else f"'{text}'") + after, encoding="utf-8"
    )
    return path


def cases() -> Iterator[object]:
    for schema in SCHEMAS:
        if not schema.name.startswith(OF_TYPES):
            continue
        for found in report_on(schema):
            for help in found.helps:
                for text, said, says in advised(help):
                    name = f"{schema.name.removesuffix('.vm.yaml')}: {text}"
                    yield pytest.param(schema, found, text, said, says, id=name)


@pytest.mark.parametrize(("schema", "found", "text", "said", "says"), [*cases()])
def test_an_advice_keeps_the_layout_or_says_that_it_does_not(
    schema: Path, found: Diagnostic, text: str, said: str, says: _Says, tmp_path: Path
) -> None:
    before = layouts(schema)
    after = layouts(rewritten(schema, found, text, said, tmp_path))
    assert after is not None
    if not before or found.code in UNPROMISED or "that Rust promises" in found.message:
        # Nothing is laid out there, or Rust doesn't say how: there is nothing to keep.
        return
    after.pop("Aligned", None)
    assert (before != after) == says


def test_an_advice_to_align_or_move_says_that_the_layout_changes() -> None:
    seen = set()
    for schema in SCHEMAS:
        for found in report_on(schema):
            for help in found.helps:
                if re.search(r"(write|remove) (its )?`align|move it up|widest", help):
                    seen.add(found.code)
                    assert re.search(r"changes? the\s+layout", help), help
    assert {"VM206", "VM207", "VM213", "VM302"} <= seen
