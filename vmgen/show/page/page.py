"""One HTML page about a module: no network, no build step, everything inside.

The page's looks and behaviour lie in `templates/doc`: a style sheet and scripts, put
together here in the order of `SCRIPTS`. They draw what `vmgen.show.page.data` says.
"""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

from vmgen.languages.header import header_lines
from vmgen.languages.render import render, template_folder
from vmgen.show.page.data import module_data, versions_data

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.layout.layouts import Layouts

SCRIPTS = (
    "evaluate",
    "dom",
    "versions",
    "theme",
    "bytes",
    "record",
    "context",
    "search",
    "main",
)

ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    '<path fill="#0b5c8a" d="M1 2h14v3H1z"/><path fill="#7cbb92" d="M1 6.5h6v3H1z"/>'
    '<path fill="#d9a35f" d="M9 6.5h6v3H9z"/><path fill="#ac92d8" d="M1 11h10v3H1z"/>'
    "</svg>"
)


def page(
    layouts: Layouts,
    schema: str,
    command: str,
    versions: Sequence[tuple[str, Layouts]] = (),
    shown: str = "",
) -> str:
    """The page's text.

    `schema` is the schema's path as generated files print it, `command` what remakes
    the page. Where a schema describes several versions, `versions` are the layouts of
    all, oldest first, each with the version as it is listed, and `shown` is the one that
    the page begins with.
    """
    module = layouts.module
    name = module.family
    title = f"{name}: memory layouts"
    return render(
        "doc/page.html.j2",
        header=[escape(line) for line in header_lines(schema, command)],
        title=escape(title),
        description=escape(f"Sizes, offsets and padding of {name}"),
        module=escape(name),
        doc=escape(module.doc),
        schema=escape(schema),
        icon=f"data:image/svg+xml,{quote(ICON)}",
        style=_style(),
        script="\n".join(_asset(f"{name}.js") for name in SCRIPTS),
        data=_embedded(
            versions_data(versions, shown) if versions else module_data(layouts)
        ),
    )


def _asset(name: str) -> str:
    path = template_folder() / "doc" / name
    return path.read_text(encoding="utf-8").strip() + "\n"


def _style() -> str:
    """The style sheet, with the dark colours both where the system asks for them and
    where the reader does."""
    dark = _asset("dark.css").rstrip()
    rules = (
        "@media (prefers-color-scheme: dark) {\n"
        f':root:not([data-theme="light"]) {{\n{dark}\n}}\n}}\n'
        f':root[data-theme="dark"] {{\n{dark}\n}}'
    )
    return _asset("style.css").replace("DARK_RULES", rules) + _asset("tables.css")


def _embedded(data: object) -> str:
    """JSON that an HTML parser can't take for markup."""
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text
