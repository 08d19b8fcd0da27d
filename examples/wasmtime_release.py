"""Which release of Wasmtime a process has loaded, known before any record is read.

A library's build id says it best: it names the very file, whatever that is called.
Those of the packages on PyPI are below. For any other build there is the version of
the Python package; and `refuse_another_layout` sees whether an instance has one of its
functions where that release puts it.
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from vmgen_runtime import build_id

BUILD_IDS = {
    "d15049828dea63cfa6421e9df1188caa91618790": "42.0.0",
    "252bfa3c9e595700c9a33aaf3d506f49cdb46560": "43.0.0",
    "daf4a30c3ea9fdc0074608e8e31d7cf1d17022da": "44.0.0",
    "b3b137e771ce6c0cf290b60fb5ba453587d56805": "45.0.0",
    "d0eef501e9bfb397b13789804a31fab9079af9cf": "46.0.1",
    "744efb02aec5d9d3d010cda2b1a30364bf61a216": "47.0.1",
    "1f6bd311706282328fa113890d3208d61af1e884": "48.0.0",
    "f630314df341adb68e95418531727960c6aa127c": "49.0.0",
    "e0004773ccc53f6a3a21d92517c19c3cad93c22d": "50.0.1",
}
"""Releases by the build id of their library for Linux on x86-64."""


class AnotherLayout(Exception):
    """An instance that the bindings of a release are wrong for."""


def release_of(wasmtime: ModuleType) -> str:
    """The release that the package ``wasmtime`` has loaded."""
    known = BUILD_IDS.get(build_id(library(wasmtime)) or "")
    return known or version("wasmtime")


def library(wasmtime: ModuleType) -> str:
    """The path of the package's shared library."""
    folder = Path(str(wasmtime.__file__)).parent
    (found,) = [*folder.glob("*/_libwasmtime.*"), *folder.glob("*/_wasmtime.dll")]
    return str(found)


def refuse_another_layout(offsets: Any, vmctx: int, func_ref: int) -> None:
    """Raise `AnotherLayout` where a function isn't where `offsets` have func refs.

    `func_ref` is the address of the `VMFuncRef` of a function that the instance defines
    and `vmctx` that of its context; no memory is read. Wasmtime 45 and 50 moved the func
    refs of a module that imports functions, and of one with an odd number of tags. What
    else changed can't be seen there, so the release is what counts.
    """
    region, place = offsets.func_refs, func_ref - vmctx
    if place not in range(region.begin, region.end, region.stride):
        raise AnotherLayout(
            f"a function is {place} bytes behind its context, and the func refs of this "
            f"release are at {region.begin} to {region.end}: another release runs here"
        )
