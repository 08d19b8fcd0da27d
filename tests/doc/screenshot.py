"""Takes the README's picture of the page: ``python -m tests.doc.screenshot``."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.doc.browser import browser
from tests.support import ROOT

FRAGMENT = (
    "#VMContext?num_imported_memories=1&num_imported_functions=2"
    "&num_defined_tables=1&num_defined_globals=2&num_defined_tags=3"
    "&num_escaped_funcs=4"
)


def main() -> int:
    chromedriver, chromium = shutil.which("chromedriver"), shutil.which("chromium")
    if not chromedriver or not chromium:
        print("chromium and chromedriver are needed", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        for window in browser(chromedriver, chromium, Path(folder)):
            window.screen(1440, 1000)
            window.open(ROOT / "docs" / "wasmtime42.html", FRAGMENT)
            window.screenshot(ROOT / "docs" / "layout-page.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
