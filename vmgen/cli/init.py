"""`vmgen init`: write a first schema and its configuration.

What is there already is kept, so that it may be run again; the JSON Schema for editors
is brought up to date.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from vmgen.cli import UsageError
from vmgen.cli.arguments import Call
from vmgen.config import ConfigError, find_config

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


class Arguments(Call, frozen=True, kw_only=True):
    module: str = "vm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("module", nargs="?", help="the module's name; default: vm")


def run(args: Arguments, console: Console) -> int:
    from vmgen.schema.json_schema import json_schema
    from vmgen.schema.member_keys import MODULE_NAME

    if not re.fullmatch(MODULE_NAME.pattern, args.module):
        raise UsageError(f"`{args.module}` can't name a module; `vm` or `my_vm` can")
    schema = Path("schemas", f"{args.module}.vm.yaml")
    described = json.dumps(json_schema(), indent=2) + "\n"
    attributes, project = Path(".gitattributes"), Path("pyproject.toml")
    try:
        # First, so that a file that isn't TOML stops everything.
        configured = find_config(Path.cwd()).file == project.absolute()
        _write(schema, schema.exists(), SCHEMA.format(module=args.module), console)
        beside = schema.with_name("vmgen.schema.json")
        current = beside.exists() and beside.read_text(encoding="utf-8") == described
        _write(beside, current, described, console)
        _append(project, configured, CONFIG, console)
        marked = attributes.exists() and "generated/**" in _read(attributes)
        _append(attributes, marked, ATTRIBUTES, console)
        console.out(_next_steps(schema))
    except ConfigError as error:
        raise UsageError(str(error)) from None
    except UnicodeDecodeError as error:
        raise UsageError(f"not UTF-8: {error.reason}") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"can't write {error.filename}: {reason}") from None
    return 0


def _next_steps(schema: Path) -> str:
    """What to do now; a configuration that was there may know nothing of the schema."""
    from vmgen.project import NoSchemas, find_schemas

    config = find_config(Path.cwd())
    try:
        known = [s.path.resolve() for s in find_schemas((), config)]
    except NoSchemas:
        known = []
    shown = schema.as_posix()
    steps = []
    if schema.resolve() not in known:
        steps.append(("", f'add "{shown}" to `schemas` in pyproject.toml'))
    steps += [
        (f"vmgen layout {shown}", "look at it"),
        ("vmgen build", f"make {config.out}/, to be checked in"),
        ("vmgen build --check", "in CI: see that it is current"),
    ]
    width = max(len(command) for command, _ in steps)
    lines = [f"  {c:<{width}}  {what}" if c else f"  {what}" for c, what in steps]
    return "next:\n" + "".join(f"{line}\n" for line in lines)


def _read(path: Path) -> str:
    with path.open(encoding="utf-8", newline="") as file:
        return file.read()


def _write(path: Path, is_there: bool, text: str, console: Console) -> None:
    if is_there:
        console.out(f"same     {path.as_posix()}\n")
        return
    kind = "changed" if path.exists() else "new"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")
    console.out(f"{kind:<8} {path.as_posix()}\n")


def _append(path: Path, is_there: bool, text: str, console: Console) -> None:
    """Add `text` to a file that may exist, in its own kind of line ending."""
    if is_there or not path.exists():
        _write(path, is_there, text, console)
        return
    old = _read(path)
    ending = "\r\n" if "\r\n" in old else "\n"
    gap = "" if not old else ending if old.endswith("\n") else ending * 2
    if path.suffix != ".toml" and gap:
        gap = gap[len(ending) :]
    added = gap + text.replace("\n", ending)
    path.write_text(old + added, encoding="utf-8", newline="")
    console.out(f"changed  {path.as_posix()}\n")
