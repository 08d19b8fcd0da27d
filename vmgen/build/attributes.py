"""What `.gitattributes` says of generated files.

They are marked for those who show diffs, and their lines end as vmgen writes them:
with `core.autocrlf` a checkout would have other bytes, and `build --check` would fail.
"""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

LINE_ENDS = "text eol=lf"
ATTRIBUTES = f"linguist-generated=true {LINE_ENDS}"


def pattern(root: Path, folder: Path) -> str | None:
    """The pattern for all files below a folder, in the `.gitattributes` of `root`.

    None where no line there can tell them from others: the folder is elsewhere, or the
    root itself.
    """
    try:
        inside = os.path.relpath(folder, root)
    except ValueError:
        # It is on another drive.
        return None
    found = re.sub(r"[\\*?\[]", r"\\\g<0>", inside.replace(os.sep, "/")) + "/**"
    if found.startswith(("./", "../")):
        return None
    if re.search(r'[\s"]|^[#!]', found):
        return json.dumps(found, ensure_ascii=False)
    return found
