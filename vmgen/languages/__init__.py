"""The one list of languages; importing it imports none of them.

`vmgen.languages.job` says what a language is made of.
"""

from __future__ import annotations

LANGUAGES = {
    "rust": "vmgen.languages.rust",
    "c": "vmgen.languages.c",
    "python": "vmgen.languages.python",
    "layout": "vmgen.languages.text",
}
"""Every language by the name that `--lang` takes, in the order of output."""

_WORD = "[A-Za-z_][A-Za-z0-9_]*"
_DEPENDENCY = "[A-Za-z][A-Za-z0-9_-]*@[=^~]?[0-9][A-Za-z0-9.+-]*"

LANGUAGE_OPTIONS: dict[str, dict[str, tuple[str, str]]] = {
    "rust": {
        "runtime": (f"(::)?{_WORD}(::{_WORD})*", "a path of Rust, as `crate::vm`"),
        "crate": ("[A-Za-z][A-Za-z0-9_-]*", "the name of a crate"),
        "dependencies": (
            rf"{_DEPENDENCY}( +{_DEPENDENCY})*",
            "crates with their versions, as `libc@0.2 half@2.4`",
        ),
    },
    "c": {},
    "python": {"package": (rf"{_WORD}(\.{_WORD})*", "a dotted package, as `a.b`")},
    "layout": {},
}
"""What `[tool.vmgen.LANGUAGE]` may set: a pattern of all that it may be, since it goes
into code as it is, and what that is in words.

`runtime` is the module that has VmPtr and VmSafe, `crate` the generated crate's name,
`dependencies` the crates that it needs for foreign types, spelled as `cargo add` takes
them, and `package` the package that the generated Python is part of.
"""
