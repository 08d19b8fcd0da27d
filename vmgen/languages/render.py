"""Jinja, set up once: strict, no filters of ours, no globals, compiled code cached."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Environment, FileSystemBytecodeCache

_PACKAGE = Path(__file__).resolve().parent.parent


def template_folder() -> Path:
    """Where the templates are: in the wheel's package, or beside it in a checkout."""
    inside = _PACKAGE / "templates"
    return inside if inside.is_dir() else _PACKAGE.parent / "templates"


@cache
def environment(cache_folder: str | None = None) -> Environment:
    """The one environment; `cache_folder` keeps compiled templates between runs."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    bytecode = _compiled_templates(cache_folder) if cache_folder else None
    made = Environment(
        loader=FileSystemLoader(template_folder()),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,
        auto_reload=True,
        bytecode_cache=bytecode,
    )
    made.globals.clear()
    return made


def _compiled_templates(folder: str) -> FileSystemBytecodeCache:
    """The cache in a folder; a damaged file in it is made anew rather than believed."""
    from types import CodeType

    from jinja2 import FileSystemBytecodeCache
    from jinja2.bccache import Bucket

    class Compiled(FileSystemBytecodeCache):
        def load_bytecode(self, bucket: Bucket) -> None:
            try:
                super().load_bytecode(bucket)
            except Exception:  # Damaged pickles raise nearly anything.
                bucket.reset()
            if not isinstance(bucket.code, CodeType):
                bucket.reset()

    return Compiled(folder)


_cache_folder: str | None = None


def use_cache(folder: str) -> None:
    """Keep compiled templates in `folder`, which must exist."""
    global _cache_folder
    _cache_folder = folder


def render(template: str, **view: object) -> str:
    """The text of a template, named by its path below the templates' folder."""
    return environment(_cache_folder).get_template(template).render(view)
