"""One HTML page about records in a memory: no network, no script, everything inside."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python.runtime.tree import WORDS
from vmgen.languages.render import render, template_folder

if TYPE_CHECKING:
    from collections.abc import Sequence

    from vmgen.languages.python.runtime.tree import Node


def page(trees: Sequence[Node], memory: str, target: str, module: str) -> str:
    """The page's text. `memory` says what was looked into."""
    style = template_folder() / "memory" / "style.css"
    return render(
        "memory/page.html.j2",
        title=f"{module} in {memory}",
        about=f"As laid out on {target}.",
        style=style.read_text(encoding="utf-8"),
        named=WORDS,
        trees=trees,
    )
