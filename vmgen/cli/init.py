"""`vmgen init`: write a first schema and its configuration.

What is there already is kept, so that it may be run again; the JSON Schema for editors
is brought up to date.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from vmgen.build import attributes
from vmgen.build.atomic import clear_leftovers, refuse_irregular, write_all
from vmgen.build.config import Config, ConfigError, find_config
from vmgen.cli.arguments import Call
from vmgen.cli.errors import UsageError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from vmgen.cli.console import Console

SCHEMA = """\
# yaml-language-server: $schema=vmgen.schema.json
vmgen: 1
module: {module}
doc: Records that the runtime shares with the code it compiles.

types:
  {prefix}Memory:
    kind: struct
    doc: What compiled code needs to reach a linear memory.
    fields:
      base: {{type: VmPtr<u8>, doc: Where byte 0 of the memory is.}}
      length: {{type: AtomicUsize, doc: "Current size, in bytes."}}

  {prefix}Context:
    kind: context
    doc: What compiled code is handed on every call; its size depends on the module.
    counts: {{num_memories: How many memories the module has.}}
    fields:
      host: {{type: Option<VmPtr<u8>>, doc: The host's own data.}}
    regions:
      memories: "[{prefix}Memory; num_memories]"
"""
CONFIG = """\
[tool.vmgen]
schemas = ["schemas/*.vm.yaml"]
out = "generated"
"""
INLINE_CONFIG = 'vmgen = {schemas = ["schemas/*.vm.yaml"], out = "generated"}'


class Arguments(Call, frozen=True, kw_only=True):
    module: str = "vm"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("module", nargs="?", help="the module's name; default: vm")


class _File(Struct, frozen=True):
    """A file as it shall be; `text` is None where it may stay as it is."""

    path: Path
    text: str | None
    kind: str


def run(args: Arguments, console: Console) -> int:
    refuse_bad_name(args.module)
    schema = Path("schemas", f"{args.module}.vm.yaml")
    try:
        files = list(_files(schema, args.module))
        # They are all that there is of what the user wrote.
        write_all(
            [(f.path, f.text.encode()) for f in files if f.text is not None], flush=True
        )
        for folder in {f.path.parent for f in files}:
            clear_leftovers(folder)
        steps = _next_steps(schema)
    except ConfigError as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(f"can't write {error.filename}: {reason}") from None
    for file in files:
        console.out(f"{file.kind:<8} {file.path.as_posix()}\n")
    console.out(steps)
    return 0


def _prefix(module: str) -> str:
    """How the types of a module begin, so that those of two modules differ: `VM`."""
    from vmgen.schema.shapes import MAX_NAME

    words = module.split("_")
    prefix = "".join(w.upper() if len(w) < 3 else w.capitalize() for w in words)
    return prefix[: MAX_NAME - len("Context")]


def refuse_bad_name(name: str) -> None:
    """Stop at a name that the schema would be refused for."""
    from vmgen.rules.reserved import reserved
    from vmgen.schema.name_keys import MODULE_NAME
    from vmgen.schema.shapes import MAX_NAME
    from vmgen.schema.values import shortened

    if not re.fullmatch(MODULE_NAME.pattern, name):
        raise UsageError(f"`{name}` can't name a module; `vm` or `my_vm` can")
    if len(name) > MAX_NAME:
        raise UsageError(
            f"`{shortened(name)}` can't name a module: it has {len(name)} characters, "
            f"and a name has at most {MAX_NAME}"
        )
    why = reserved().why(name, "module")
    if why:
        raise UsageError(f"`{name}` can't name a module: it is {why[1]}")


def _files(schema: Path, module: str) -> Iterator[_File]:
    """The files of a project, as they are and as they shall be."""
    from vmgen.schema.json_schema import json_schema

    project, marks = Path("pyproject.toml"), Path(".gitattributes")
    config = find_config(Path.cwd())
    configured = config.file == project.absolute()
    # A configuration further up gives way to the one that is added here.
    marked = config if configured else Config(Path.cwd())
    pattern = attributes.pattern(marked.root, marked.root / marked.out)
    if schema.exists():
        yield _File(schema, None, "same")
    else:
        yield _File(schema, SCHEMA.format(module=module, prefix=_prefix(module)), "new")
    described = json.dumps(json_schema(), indent=2) + "\n"
    yield _replaced(schema.with_name("vmgen.schema.json"), described)
    yield _File(project, None, "same") if configured else _configured(project)
    if pattern is not None:
        mark = f"{pattern} {attributes.ATTRIBUTES}\n"
        yield _appended(marks, mark, _is_marked(marks, pattern))


def _replaced(path: Path, text: str) -> _File:
    if not path.exists():
        return _File(path, text, "new")
    refuse_irregular(path)
    same = path.read_text(encoding="utf-8", errors="replace") == text
    return _File(path, None, "same") if same else _File(path, text, "changed")


def _configured(project: Path) -> _File:
    """The project's file with `[tool.vmgen]`, sound TOML before and after."""
    import tomllib

    if project.exists():
        try:
            tool = tomllib.loads(_read(project)).get("tool", {})
        except tomllib.TOMLDecodeError as error:
            raise UsageError(f"{project}: {error}") from None
        if not isinstance(tool, dict):
            raise UsageError(f"{project}: `tool` is not a table")
    made = _appended(project, CONFIG, is_there=False)
    try:
        tomllib.loads(made.text or "")
    except tomllib.TOMLDecodeError:
        # Of what is sound TOML, only an inline table is closed to others.
        raise UsageError(
            f"{project}: `tool` is an inline table, which nothing can be added to "
            f"from outside; write `{INLINE_CONFIG}` into it"
        ) from None
    return made


def _is_marked(attributes: Path, pattern: str) -> bool:
    """Whether a line is about the output already, whatever it says of it."""
    if not attributes.exists():
        return False
    lines = _read(attributes).replace("\t", " ").splitlines()
    return any(line.lstrip(" /").startswith(f"{pattern} ") for line in lines)


def _next_steps(schema: Path) -> str:
    """What to do now; a configuration that was there may know nothing of the schema."""
    from vmgen.build.project import NoSchemas, find_schemas

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
    refuse_irregular(path)
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return file.read()
    except UnicodeDecodeError as error:
        raise UsageError(f"{path} is not UTF-8: {error.reason}") from None


def _appended(path: Path, text: str, is_there: bool) -> _File:
    """`text` added to a file that may exist, in its own kind of line ending."""
    if is_there:
        return _File(path, None, "same")
    if not path.exists():
        return _File(path, text, "new")
    old = _read(path)
    ending = "\r\n" if "\r\n" in old else "\n"
    gap = "" if not old else ending if old.endswith("\n") else ending * 2
    if path.suffix != ".toml" and gap:
        gap = gap[len(ending) :]
    return _File(path, old + gap + text.replace("\n", ending), "changed")
