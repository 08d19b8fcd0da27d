"""Rust source, through rustc's eyes.

Debug information is of types that code uses. So rustc compiles a copy of the source in
which, behind each type with a layout that Rust promises, a function that takes it is the
value of a static. What it says is read as that of any binary; documentation, which it
doesn't have, comes from the source.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec.structs import replace

from vmgen.binaries.containers import images
from vmgen.imports.binary import read_images
from vmgen.imports.found import Found, ImportFailed, Source
from vmgen.imports.rust_items import Include, Item, items

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS = 300
"""How long rustc may take over a source."""

MAX_FILES = 10_000
"""How many files one crate may have."""

EDITION = "2021"
"""The edition of a source beside which no Cargo.toml says another."""


class _File(msgspec.Struct, frozen=True):
    """A file of the crate: its place below the root's folder, its text with functions
    that use its types, and those types with their whole paths but for the crate's name.
    """

    place: Path
    text: str
    types: tuple[Item, ...]


def read_rust(
    path: Path, patterns: Sequence[str], target: str | None, flags: Sequence[str]
) -> Source:
    """The types of a source, and of the files that are its modules, whose layout Rust
    promises; if there are patterns, those that fit one.

    Raises `ImportFailed`, `BinaryError`, and OSError where a file can't be read.
    """
    rustc = shutil.which("rustc")
    if rustc is None:
        raise ImportFailed("rustc, which reads it, isn't installed")
    files = [*_files(path)]
    declared = [item for file in files for item in file.types]
    if not any(item.stable for item in declared):
        raise ImportFailed("no type in it is repr(C), repr(transparent) or repr(u8)")
    with tempfile.TemporaryDirectory() as folder:
        for file in files:
            copy = Path(folder, file.place)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_text(file.text, encoding="utf-8")
        crate = "".join(c if c.isalnum() else "_" for c in path.stem)
        made = Path(folder, "types.o")
        command = [
            rustc, "--crate-type=lib", "--crate-name", crate, "-Cdebuginfo=2", "-Copt-level=0", "-Ccodegen-units=1", "-Awarnings",
            "--emit=obj", "--error-format=json", f"-o{made}",
            *([f"--target={target}"] if target is not None else []), *flags, path.name,
        ]  # fmt: skip
        if not any(flag.startswith("--edition") for flag in flags):
            command.insert(1, f"--edition={_edition(path)}")
        _compile(command, Path(folder), path.parent)
        wanted = patterns or [
            "::".join((crate, *item.path))
            for item in declared
            if item.stable and item.arguments is not None
        ]
        source = read_images(images(made, str(path)), wanted, target, some=not patterns)
    return _documented(source, declared)


def _compile(command: Sequence[str], folder: Path, origin: Path) -> None:
    """Run rustc in a folder with a copy of what is in `origin`."""
    try:
        done = subprocess.run(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ImportFailed(f"rustc isn't done with it in {SECONDS} s") from None
    if not done.returncode:
        return
    for line in done.stderr.splitlines():
        try:
            said = json.loads(line)
        except ValueError:
            said = {"level": line.partition(":")[0], "message": line.partition(": ")[2]}
        if said.get("level") == "error":
            message = " ".join(str(said.get("message", "")).split())
            where = ""
            for span in said.get("spans", [])[:1]:
                file = (origin / str(span["file_name"])).as_posix()
                where = f"{file}:{span['line_start']}:{span['column_start']}: "
            raise ImportFailed(f"{where}{message}")
    raise ImportFailed("rustc breaks down over it")


def _files(root: Path) -> Iterator[_File]:
    """The file and those of its modules, with functions that use their types."""
    # A file, the path of its module, and the folder that modules in it are below.
    pending: list[tuple[Path, tuple[str, ...], Path]] = [(root, (), root.parent)]
    seen: set[Path] = set()
    while pending:
        file, path, below = pending.pop()
        if file in seen or len(seen) == MAX_FILES:
            continue
        seen.add(file)
        text = _read(file)
        types: list[Item] = []
        modules = []
        for item in items(text):
            if isinstance(item, Item):
                types.append(item)
                continue
            found = _module(item, file, below)
            if found is not None:
                # A module's own modules are in the folder of its name.
                inside = below.joinpath(*item.path)
                modules.append((found, (*path, *item.path), inside))
        pending += reversed(modules)
        whole = tuple(replace(item, path=(*path, *item.path)) for item in types)
        place = file.relative_to(root.parent) if file != root else Path(root.name)
        yield _File(place, _with_uses(text, types), whole)


def _read(file: Path) -> str:
    if not file.is_file():
        # Opening a pipe would wait for whoever uses its other end.
        file.open("rb").close()
        raise ImportFailed(f"{file} is no regular file")
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ImportFailed(f"{file} isn't UTF-8: {error.reason}") from None


def _module(include: Include, file: Path, below: Path) -> Path | None:
    """The file of a module, where it is one below the root's folder."""
    if include.file:
        places = [file.parent / include.file]
    else:
        place = below.joinpath(*include.path)
        places = [place.with_suffix(".rs"), place / "mod.rs"]
    return next((p for p in places if p.is_file() and ".." not in p.parts), None)


def _with_uses(text: str, types: Sequence[Item]) -> str:
    """A source in which something uses each type, on the line that its item ends on."""
    pieces, done = [], 0
    for item in sorted(types, key=lambda each: each.end):
        if not item.stable or item.arguments is None:
            continue
        conditions = "".join(f"#[{condition}] " for condition in item.conditions)
        name = f"{item.path[-1]}{item.arguments}"
        use = (
            f" {conditions}const _: () = {{ fn it(_: &{name}) {{}} "
            f"#[used] static IT: fn(&{name}) = it; }};"
        )
        pieces += [text[done : item.end], use]
        done = item.end
    return "".join([*pieces, text[done:]])


def _edition(path: Path) -> str:
    """The edition that the package says which a source is in."""
    for folder in path.resolve().parents:
        manifest = folder / "Cargo.toml"
        if manifest.is_file():
            try:
                package = tomllib.loads(manifest.read_text(encoding="utf-8")).get(
                    "package", {}
                )
                edition = package.get("edition", "2015")
            except (ValueError, AttributeError):
                return EDITION
            return edition if isinstance(edition, str) else EDITION
    return EDITION  # fmt: skip


def _documented(source: Source, declared: Sequence[Item]) -> Source:
    """Types with the documentation, and the alignment, that the source gives them."""
    by_path = {item.path: item for item in declared}
    by_name: dict[str, list[Item]] = {}
    for item in declared:
        by_name.setdefault(item.path[-1], []).append(item)
    types = {}
    for key, found in source.types.items():
        path = tuple(source.places.get(key, "").split("::")[1:])
        named = by_name.get(found.name, [])
        known = by_path.get(path) or (named[0] if len(named) == 1 else None)
        types[key] = _with_docs(found, known) if known else found
    order = {item.path: number for number, item in enumerate(declared)}

    def number(key: str) -> int:
        path = tuple(source.places[key].split("::")[1:])
        return order.get(path, len(order))

    return replace(source, types=types, wanted=tuple(sorted(source.wanted, key=number)))


def _with_docs(found: Found, item: Item) -> Found:
    members = tuple(replace(m, doc=item.docs.get(m.name, m.doc)) for m in found.members)
    variants = tuple(
        replace(v, doc=item.docs.get(v.name, v.doc)) for v in found.variants
    )
    return replace(
        found,
        doc=item.doc or found.doc,
        members=members,
        variants=variants,
        asked=item.align,
    )
