"""The one list of languages; importing it imports none of them.

`vmgen.emit.job` says what a language is made of.
"""

from __future__ import annotations

LANGUAGES = {
    "rust": "vmgen.emit.rust",
    "c": "vmgen.emit.c",
    "python": "vmgen.emit.python",
    "layout": "vmgen.emit.tables",
}
"""Every language by the name that `--lang` takes, in the order of output."""

LANGUAGE_OPTIONS: dict[str, dict[str, str]] = {
    "rust": {
        "runtime": "path of the module that has VmPtr and VmSafe, as `crate::vm`",
        "crate": "name of the generated crate",
    },
    "c": {},
    "python": {"package": "dotted package that the generated files are part of"},
    "layout": {},
}
"""What `[tool.vmgen.LANGUAGE]` may set, with a description; values are strings."""
