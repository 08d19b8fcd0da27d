"""Jinja, set up once for each folder of templates: strict, no filters of ours, no globals, compiled code cached."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from jinja2 import BytecodeCache, Environment

_PACKAGE = Path(__file__).resolve().parent.parent
DIGEST_SIZE = 16


def template_folder() -> Path:
    """Where the templates are: in the wheel's package, or beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


def runtime_folders() -> list[Path]:
    """Where the files are that go into the output as they are, or nearly so."""
    return sorted((_PACKAGE / "languages").glob("*/runtime"))


class Store(Protocol):
    """Where compiled templates are kept between runs: a folder that is safe to run
    code from."""

    def __hash__(self) -> int: ...

    def read(self, name: str) -> bytes | None: ...

    def write(self, name: str, content: bytes) -> None: ...


@cache
def environment(folder: Path, store: Store | None = None) -> Environment:
    """The environment of the templates in a folder; `store` keeps them compiled between
    runs."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=True,
        bytecode_cache=_compiled_templates(store) if store else None,
    )
    made.globals.clear()
    return made


def _compiled_templates(store: Store) -> BytecodeCache:
    """Jinja's view of a store; a damaged file in it is made anew rather than run."""
    from hashlib import blake2b

    from jinja2 import BytecodeCache
    from jinja2.bccache import Bucket

    def digest(code: bytes) -> bytes:
        return blake2b(code, digest_size=DIGEST_SIZE).digest()

    class Compiled(BytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            kept = store.read(f"{bucket.key}.cache")
            if kept and digest(kept[DIGEST_SIZE:]) == kept[:DIGEST_SIZE]:
                bucket.bytecode_from_string(kept[DIGEST_SIZE:])

        def dump_bytecode(self, bucket: Bucket) -> None:
            code = bucket.bytecode_to_string()
            store.write(f"{bucket.key}.cache", digest(code) + code)

    return Compiled()


_store: Store | None = None


def use_cache(store: Store | None) -> None:
    """Keep compiled templates in `store`, or don't keep them."""
    global _store
    _store = store


def render(template: str, folder: Path | None = None, /, **view: object) -> str:
    """The text of a template, named by its path below `folder`, which is that of vmgen's
    own templates if none is given."""
    found = environment(folder or template_folder(), _store)
    return found.get_template(template).render(view)
