"""Where the headers are that own the layouts of schemas, for each machine.

Linux's come with the compilers' libraries. Those of an interpreter are an installed one's,
whose `pyconfig.h` is made that of the machine; Arrow's and DLPack's come with pyarrow.
OCaml's and WAMR's are in the source that a registry has.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.fetched import crate_source, npm_packages
from tests.support import missing

HERE = Path(__file__).parent

ON_32_BITS = (
    "LONG", "SIZE_T", "TIME_T", "UINTPTR_T", "VOID_P", "OFF_T", "PTHREAD_T",
)  # fmt: skip
"""What `pyconfig.h` of a 64-bit machine says is 8 bytes wide, and isn't elsewhere."""


def python_313() -> Path:
    """An installed interpreter of CPython 3.13; a skip that says so without."""
    named = os.environ.get("VMGEN_PYTHON_313")
    root = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    candidates = [
        *([named] if named else []),
        *map(str, sorted(root.glob("3.13.*/bin/python3.13"))),
        *filter(None, [shutil.which("python3.13")]),
    ]
    for candidate in candidates:
        asked = [candidate, "-c", "import sys; print(sys.version_info[:2])"]
        try:
            done = subprocess.run(asked, capture_output=True, text=True, check=False)
        except OSError:
            continue
        if done.stdout.strip() == "(3, 13)":
            return Path(candidate)
    missing("CPython 3.13 is not installed")


def python_headers(folder: Path, *, bits: int) -> list[str]:
    """The flag for a copy of the interpreter's headers on a machine of that width."""
    asked = [
        python_313(),
        "-c",
        "import sysconfig; print(sysconfig.get_path('include'))",
    ]
    said = subprocess.run(asked, capture_output=True, text=True, check=True).stdout
    source = Path(said.strip())
    if not (source / "internal" / "pycore_runtime.h").exists():
        missing("CPython 3.13 is installed without its headers")
    copy = folder / "python"
    if not copy.exists():
        shutil.copytree(source, copy)
    if bits == 32:
        config = copy / "pyconfig.h"
        text = config.read_text(encoding="utf-8")
        for name in ON_32_BITS:
            text = re.sub(rf"(?m)^(#define SIZEOF_{name}) 8$", r"\1 4", text)
        text = re.sub(r"(?m)^(#define ALIGNOF_(?:LONG|SIZE_T)) 8$", r"\1 4", text)
        config.write_text(text, encoding="utf-8")
    return [f"-I{copy}"]


def arrow_headers() -> Path:
    try:
        import pyarrow
    except ImportError:
        missing("pyarrow is not installed")
    return Path(pyarrow.get_include())


def dlpack_headers(folder: Path) -> list[str]:
    """DLPack's header as pyarrow brings it along, by the name that it has elsewhere."""
    (folder / "dlpack").mkdir(exist_ok=True)
    source = arrow_headers() / "arrow" / "c" / "dlpack_abi.h"
    shutil.copy(source, folder / "dlpack" / "dlpack.h")
    return [f"-I{folder}"]


MEASURED = """\
#define SIZEOF_SHORT __SIZEOF_SHORT__
#define SIZEOF_INT __SIZEOF_INT__
#define SIZEOF_LONG __SIZEOF_LONG__
#define SIZEOF_LONGLONG __SIZEOF_LONG_LONG__
#define SIZEOF_PTR __SIZEOF_POINTER__
"""
"""What OCaml's configuration measures of a machine."""


def ocaml_headers(folder: Path, target: str) -> list[str]:
    """OCaml's as npm has its source, with what `configure` would make. What it calls the
    processor counts on IBM Z alone."""
    packages = npm_packages("ocaml", HERE / "ocaml_source" / "package-lock.json")
    made = folder / "ocaml"
    made.mkdir(exist_ok=True)
    (made / "m.h").write_text(MEASURED, encoding="utf-8")
    (made / "s.h").write_text("", encoding="utf-8")
    processor = target.partition("-")[0]
    runtime = str(packages / "ocaml" / "runtime")
    return [f"-DTARGET_{processor}", f"-I{made}", "-isystem", runtime]


WAMR = (
    "shared/platform/include", "shared/platform/linux", "shared/utils", "iwasm/include",
    "iwasm/interpreter", "iwasm/aot", "iwasm/common",
)  # fmt: skip


def wamr_headers(target: str) -> list[str]:
    """WAMR's as a crate has its source. It has no build for IBM Z; that for MIPS says
    nothing of the processor."""
    crate = crate_source("wamr-sys", HERE / "wamr_source" / "Cargo.toml")
    core = crate / "wasm-micro-runtime" / "core"
    found = [flag for name in WAMR for flag in ("-isystem", str(core / name))]
    processor = ["-DBUILD_TARGET_MIPS"] if target.startswith("s390x") else []
    return ["-D_GNU_SOURCE", *processor, *found]
