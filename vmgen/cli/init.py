"""`vmgen init`: write a first schema and its configuration."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.cli import UsageError

if TYPE_CHECKING:
    import argparse

    from vmgen.cli.console import Console

SCHEMA = """\
# yaml-language-server: $schema=vmgen.schema.json
vmgen: 1
module: {module}
doc: Records that the runtime shares with the code it compiles.

types:
  VMMemory:
    kind: struct
    doc: What compiled code needs to reach a linear memory.
    fields:
      base: {{type: VmPtr<u8>, doc: Where byte 0 of the memory is.}}
      length: {{type: AtomicUsize, doc: "Current size, in bytes."}}

  VMContext:
    kind: context
    doc: What compiled code is handed on every call; its size depends on the module.
    counts: {{num_memories: How many memories the module has.}}
    fields:
      host: {{type: Option<VmPtr<u8>>, doc: The host's own data.}}
    regions:
      memories: "[VMMemory; num_memories]"
"""
CONFIG = """\
[tool.vmgen]
schemas = ["schemas/*.vm.yaml"]
out = "generated"
"""
ATTRIBUTES = "generated/** linguist-generated=true\n"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "module", nargs="?", default="vm", help="the module's name; default: vm"
    )


def run(args: argparse.Namespace, console: Console) -> int:
    import re

    from vmgen.schema.json_schema import json_schema
    from vmgen.schema.keys import MODULE_NAME

    if not re.fullmatch(MODULE_NAME.pattern, args.module):
        raise UsageError(f"`{args.module}` can't name a module; `vm` or `my_vm` can")
    schema = Path("schemas", f"{args.module}.vm.yaml")
    if schema.exists():
        raise UsageError(f"{schema} is there already")
    try:
        _write(schema, SCHEMA.format(module=args.module), console)
        _write(
            Path("schemas", "vmgen.schema.json"),
            json.dumps(json_schema(), indent=2) + "\n",
            console,
        )
        _append(Path("pyproject.toml"), CONFIG, "[tool.vmgen]", console)
        _append(Path(".gitattributes"), ATTRIBUTES, "generated/**", console)
    except OSError as error:
        raise UsageError(f"can't write {error.filename}: {error.strerror}") from None
    console.out("next: vmgen build\n")
    return 0


def _write(path: Path, text: str, console: Console) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    console.out(f"new      {path.as_posix()}\n")


def _append(path: Path, text: str, sign: str, console: Console) -> None:
    """Add `text` to a file that may exist, unless `sign` is in it."""
    if not path.exists():
        _write(path, text, console)
        return
    old = path.read_text(encoding="utf-8")
    if sign in old:
        console.out(f"same     {path.as_posix()}\n")
        return
    gap = (
        ""
        if old.endswith("\n\n") or not old
        else "\n" if old.endswith("\n") else "\n\n"
    )
    path.write_text(old + gap + text, encoding="utf-8")
    console.out(f"changed  {path.as_posix()}\n")
