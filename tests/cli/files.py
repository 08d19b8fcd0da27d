"""The files of Python's runtime, which every build of Python copies."""

from tests.support import ROOT

RUNTIME = sorted(
    path.name
    for path in (ROOT / "vmgen/languages/python/runtime").glob("*.py")
    # What handles for llvmlite need comes with them alone.
    if path.stem.partition("_")[0] != "llvm"
)
