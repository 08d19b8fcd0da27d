"""The versions of Cranelift, and what each takes for the flags of a load or a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

CRANELIFT = "cranelift"
"""The option that says for which version there are handles."""

Flags = Literal["closed", "regions"]
"""What flags are: `MemFlags`, whose alias region is one of three, or `MemFlagsData`, whose
region was put into the function as an `AliasRegionData` before."""

VERSIONS: dict[str, Flags] = {
    "0.129": "closed",
    "0.130": "closed",
    "0.131": "closed",
    "0.132": "closed",
    "0.133": "regions",
    "0.134": "regions",
    "0.135": "regions",
    "0.136": "regions",
    "0.137": "regions",
}
"""By `cranelift_codegen::ir` of each."""

CRATE = "cranelift-codegen"


def faults(options: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the version."""
    version = options.get(CRANELIFT)
    if version is None:
        return
    if version not in VERSIONS:
        *known, last = VERSIONS
        yield CRANELIFT, (
            f"is `{version}`, and what that version takes isn't known; known are "
            f"{', '.join(known)} and {last}"
        )
    named = {d.partition("@")[0] for d in options.get("dependencies", "").split()}
    if CRATE in named:
        yield "dependencies", f"has `{CRATE}`, which `{CRANELIFT}` sees to"
    if CRANELIFT in options.get("features", "").split():
        yield "features", f"has `{CRANELIFT}`, which the option of that name sees to"
