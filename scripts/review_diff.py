"""Prints how many lines of checked-in bindings a change of a schema rewrites.

Each edit is made in a copy of the project's schemas, and the bindings of the two are
compared line by line. Edits that change no binding must rewrite nothing: the exit code is
1 if one does.
"""

from __future__ import annotations

import difflib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import msgspec

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = "wasmtime/functions.vm.yaml"
CONFIG = '[tool.vmgen]\nschemas = ["schemas/*.vm.yaml"]\nout = "generated"\n'


class Edit(msgspec.Struct, frozen=True):
    """A change of the schemas below a folder; `silent` if no binding may notice it."""

    what: str
    make: Callable[[Path], None]
    silent: bool


def comment_everywhere(schemas: Path) -> None:
    for schema in schemas.rglob("*.vm.yaml"):
        text = schema.read_text(encoding="utf-8")
        schema.write_text(f"# A comment.\n{text}", encoding="utf-8")


def blank_lines(schemas: Path) -> None:
    for schema in schemas.rglob("*.vm.yaml"):
        text = schema.read_text(encoding="utf-8")
        schema.write_text(
            text.replace("\ntypes:\n", "\n\n\ntypes:\n"), encoding="utf-8"
        )


def move_a_type(schemas: Path) -> None:
    """`VMFuncRef`, from one included file to another."""
    functions = schemas / FUNCTIONS
    text = functions.read_text(encoding="utf-8")
    found = re.search(r"^  VMFuncRef:\n(?:(?:   .*)?\n)*", text, re.M)
    if found is None:
        raise SystemExit(f"review_diff: no VMFuncRef in {functions}")
    functions.write_text(text.replace(found[0], ""), encoding="utf-8")
    other = schemas / "wasmtime/context.vm.yaml"
    text = other.read_text(encoding="utf-8").rstrip("\n")
    other.write_text(f"{text}\n\n{found[0].rstrip()}\n", encoding="utf-8")


def edit(old: str, new: str) -> Callable[[Path], None]:
    """Of the first place in the functions' schema; what it expects goes, since an
    expectation would refuse the change, and no binding has it."""

    def make(schemas: Path) -> None:
        for schema in schemas.rglob("*.vm.yaml"):
            text = schema.read_text(encoding="utf-8")
            schema.write_text(EXPECTATION.sub("", text), encoding="utf-8")
        functions = schemas / FUNCTIONS
        text = functions.read_text(encoding="utf-8")
        changed = re.sub(old, new, text, count=1, flags=re.M)
        if changed == text:
            raise SystemExit(f"review_diff: `{old}` isn't in {functions}")
        functions.write_text(changed, encoding="utf-8")

    return make


EXPECTATION = re.compile(r"^ +expect_\w+: .*\n|, expect_\w+: (\{[^}]*\}|\w+)", re.M)

EDITS = (
    Edit("a comment at the top of every schema", comment_everywhere, True),
    Edit("two blank lines before the types of every schema", blank_lines, True),
    Edit("VMFuncRef moved to another included file", move_a_type, True),
    Edit(
        "a u32 in the middle of VMFuncRef",
        edit(
            r"(  VMFuncRef:\n(?:    .*\n)*?)( +)wasm_call:",
            r"\1\2added: u32\n\2wasm_call:",
        ),
        False,
    ),
    Edit(
        "other words in the documentation of VMFuncRef",
        edit(r"(  VMFuncRef:\n(?:    .*\n)*?    doc: )", r"\1Reworded. "),
        False,
    ),
)


def main() -> int:
    with tempfile.TemporaryDirectory() as name:
        before = built(Path(name, "before"), lambda schemas: None)
        wrong = 0
        for number, change in enumerate(EDITS):
            after = built(Path(name, str(number)), change.make)
            lines = rewritten(before, after)
            each = ", ".join(
                f"{where} {count}" for where, count in sorted(lines.items())
            )
            print(
                f"{sum(lines.values()):>5}  {change.what}{f' ({each})' if each else ''}"
            )
            if change.silent and lines:
                wrong += 1
    if wrong:
        print(f"{wrong} of the changes should rewrite nothing", file=sys.stderr)
    return 1 if wrong else 0


def built(folder: Path, make: Callable[[Path], None]) -> dict[str, list[str]]:
    """The lines of each file that the edited schemas give, by its path."""
    shutil.copytree(ROOT / "schemas", folder / "schemas")
    (folder / "pyproject.toml").write_text(CONFIG, encoding="utf-8")
    make(folder / "schemas")
    done = subprocess.run(
        [sys.executable, "-m", "vmgen", "build"],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(f"review_diff: {done.stdout}{done.stderr}")
    out = folder / "generated"
    return {
        path.relative_to(out).as_posix(): path.read_text(encoding="utf-8").splitlines()
        for path in sorted(out.rglob("*"))
        if path.is_file()
    }


def rewritten(
    before: dict[str, list[str]], after: dict[str, list[str]]
) -> Counter[str]:
    """Lines removed and added, by the top folder of the files that they are in."""
    found: Counter[str] = Counter()
    for path in before.keys() | after.keys():
        old, new = before.get(path, []), after.get(path, [])
        if old != new:
            diff = difflib.unified_diff(old, new, n=0, lineterm="")
            count = sum(
                line[:1] in "+-" and line[:3] not in ("+++", "---") for line in diff
            )
            found[path.partition("/")[0]] += count
    return +found


if __name__ == "__main__":
    sys.exit(main())
