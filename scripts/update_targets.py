"""Remakes vmgen/targets/target_table.py from what the installed rustc says.

    python scripts/update_targets.py            write the table, print what changed
    python scripts/update_targets.py --check    exit 1 when it would change

The table comes from the compiler's target specifications; then each target is
compiled for, and the script refuses to write what the compiler does not do.
"""

from __future__ import annotations

import argparse
import os
import runpy
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts import rustc_targets  # noqa: E402
from vmgen.targets.data_model import NATURAL_ALIGN, DataModel  # noqa: E402

if TYPE_CHECKING:
    from scripts.rustc_targets import Facts

TABLE = ROOT / "vmgen" / "targets" / "target_table.py"

HEAD = '''\
"""Every target of rustc {version}, made by scripts/update_targets.py; do not edit.

A line of DATA_MODELS: name; size of a pointer; byte order; alignments of
{columns}; the widths of the integers that the target
loads and stores atomically, and of those that it exchanges too. Sizes and
alignments are in bytes, widths in bits.

A line of TARGETS: triple; data model; arch, os, env and abi as in rustc's cfg;
the triple of LLVM. `-` is nothing, `=` the same triple.
"""
'''


def compiler_says() -> dict[str, Facts]:
    """The facts of every target; raises CompilerError when they contradict."""
    specified = rustc_targets.specified()
    for triple, facts in rustc_targets.probed(specified, os.cpu_count() or 1).items():
        expected = replace(specified[triple], llvm="")
        if facts != expected:
            raise rustc_targets.CompilerError(
                f"{triple}: the specification says {expected}, the compiler {facts}"
            )
    return specified


def model_rows(facts: dict[str, Facts]) -> dict[str, str]:
    """The data models by name, each as the words of its line.

    Raises CompilerError for two data models of one name.
    """
    models = {fact.model for fact in facts.values()}
    found = {model.name: _model_row(model) for model in models}
    if len(found) != len(models):
        raise rustc_targets.CompilerError("two data models have one name")
    return dict(sorted(found.items()))


def target_rows(facts: dict[str, Facts]) -> dict[str, str]:
    """The targets by triple, each as the words of its line."""
    return {triple: _target_row(triple, fact) for triple, fact in facts.items()}


def _model_row(model: DataModel) -> str:
    aligns = [getattr(model, f"align_{column}") for column in NATURAL_ALIGN]
    words = [model.pointer, model.endian, model.align_pointer, *aligns]
    return " ".join(map(str, [*words, _widths(model.atomics), _widths(model.cas)]))


def _target_row(triple: str, facts: Facts) -> str:
    cfg = [word or "-" for word in (facts.arch, facts.os, facts.env, facts.abi)]
    llvm = "=" if facts.llvm == triple else facts.llvm
    return " ".join([facts.model.name, *cfg, llvm])


def _widths(widths: frozenset[int]) -> str:
    return ",".join(map(str, sorted(widths))) or "-"


def render(version: str, models: dict[str, str], targets: dict[str, str]) -> str:
    """The text of the table module."""
    columns = ", ".join(["pointer", *NATURAL_ALIGN])
    return "\n".join(
        [
            HEAD.format(version=version, columns=columns),
            f'RUSTC_VERSION = "{version}"',
            "",
            'DATA_MODELS = """\\',
            *(f"{name} {row}" for name, row in models.items()),
            '"""',
            "",
            'TARGETS = """\\',
            *(f"{name} {row}" for name, row in targets.items()),
            '"""',
            "",
        ]
    )


def changes(old: dict[str, str], new: dict[str, str]) -> list[str]:
    """What differs between two tables, one line each.

    Each table maps the first word of its lines to the rest of the line. A target
    that gets another data model is moved.
    """
    found = [f"added    {name} {new[name]}" for name in new if name not in old]
    found += [f"removed  {name} {old[name]}" for name in old if name not in new]
    found += [
        f"{_verb(old[name], row)} {name}: {old[name]} -> {row}"
        for name, row in new.items()
        if old.get(name, row) != row
    ]
    return sorted(found)


def _verb(old: str, new: str) -> str:
    return "changed " if old.split()[0] == new.split()[0] else "moved   "


def rows(lines: str) -> dict[str, str]:
    """The lines of a table by their first word."""
    return dict(line.split(" ", 1) for line in lines.splitlines())


def main(arguments: list[str] | None = None) -> int:
    """0: nothing to say, or written; 1: the table is stale; 2: no answer."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--check", action="store_true", help="write nothing")
    options = parser.parse_args(arguments)
    try:
        version = rustc_targets.version()
        facts = compiler_says()
        models, targets = model_rows(facts), target_rows(facts)
    except rustc_targets.CompilerError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2
    old = runpy.run_path(str(TABLE)) if TABLE.exists() else {}
    for name, new in (("DATA_MODELS", models), ("TARGETS", targets)):
        for line in changes(rows(old.get(name, "")), new):
            print(line)
    made_by = old.get("RUSTC_VERSION", "no rustc")
    print(f"the table is by rustc {made_by}, the compiler is rustc {version}:")
    print(f"{len(targets)} targets, {len(models)} data models")
    text = render(version, models, targets)
    stale = not TABLE.exists() or TABLE.read_text(encoding="utf-8") != text
    if not options.check:
        TABLE.write_text(text, encoding="utf-8")
    elif stale:
        print("fix: python scripts/update_targets.py", file=sys.stderr)
    return int(options.check and stale)


if __name__ == "__main__":
    sys.exit(main())
