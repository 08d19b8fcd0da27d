"""Remakes the lists in vmgen/languages from what Debian's packages and the Pythons here hold.

    python scripts/update_names.py            write the lists, print how long they are
    python scripts/update_names.py --check    exit 1 when they would change

The names of macros, types and headers are read out of the headers as text, so that
those of every architecture and of every feature test are there. Modules of Python's
library are never dropped: those of a Python that this machine lacks stay.
"""

from __future__ import annotations

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import get_args

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.header_names import HeaderNames, names_of, reached  # noqa: E402
from vmgen.languages import wordlists  # noqa: E402

WINDOWS_STARTS = ("windows.h", "winsock2.h", "ws2tcpip.h")
"""What a program for Windows includes; what they include counts as well. The other
headers of MinGW are of interfaces that few programs use, and five times as many."""

MEMBER = re.compile(r"_?[a-z](_?[a-z0-9])*")
CONSTANT = re.compile(r"[A-Z](_?[A-Z0-9])*")
TYPE = re.compile(r"[A-Z][A-Za-z0-9]*")
MODULE = re.compile(r"[a-z](_?[a-z0-9])*")


def unpacked(package: str, folder: Path) -> Path:
    """The files of a package of Debian, in a folder of their own."""
    into = folder / package
    into.mkdir()
    subprocess.run(
        ["apt-get", "-q", "-o", "APT::Sandbox::User=root", "download", package],
        cwd=into,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    (archive,) = into.glob("*.deb")
    subprocess.run(["dpkg-deb", "-x", archive, into], check=True)
    return into


def gcc_package() -> str:
    version = subprocess.run(
        ["gcc", "-dumpversion"], capture_output=True, text=True, check=True
    )
    return f"libgcc-{version.stdout.strip().partition('.')[0]}-dev"


def pythons() -> list[str]:
    """Each Python 3 that the search path has, once for each minor version."""
    found = [sys.executable]
    for minor in range(10, 30):
        python = shutil.which(f"python3.{minor}")
        if python is not None:
            found.append(python)
    return found


def library_modules() -> set[str]:
    """The modules of the library of each Python here, on all its platforms."""
    modules: set[str] = set()
    for python in pythons():
        said = subprocess.run(
            [python, "-I", "-c", "import sys; print(*sys.stdlib_module_names)"],
            capture_output=True,
            text=True,
            check=False,
        )
        # A version manager's stand-in fails for a version that isn't chosen.
        modules |= {*said.stdout.split()}
    return modules


def headers_on_top(roots: list[Path]) -> set[str]:
    """The names, without `.h`, by which headers are included without a folder."""
    return {file.stem.lower() for root in roots for file in root.glob("*.h")}


def found() -> dict[str, set[str]]:
    """The names of every list."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        c = [
            unpacked(package, folder)
            for package in ("libc6-dev", "linux-libc-dev", gcc_package())
        ]
        mingw = unpacked("mingw-w64-common", folder) / "usr/share/mingw-w64/include"
        unix = names_of(file for root in c for file in root.rglob("*.h"))
        # Windows has these too, some of them with more in them.
        common = [f"{n}.h" for n in headers_on_top([r / "usr/include" for r in c])]
        windows = names_of(reached(mingw, [*WINDOWS_STARTS, *common]))
        tops = [f for root in c for f in (root / "usr/include", *_multiarch(root))]
        return {
            **_kinds(unix, "unix"),
            **_kinds(windows, "windows"),
            "modules": _only(MODULE, library_modules() | wordlists.words("modules")),
            "unix_headers": _only(MODULE, headers_on_top(tops)),
            "windows_headers": _only(MODULE, headers_on_top([mingw])),
        }


def _multiarch(root: Path) -> list[Path]:
    """Where else a compiler looks: the folder of an architecture, the compiler's own."""
    return [
        *root.glob("usr/include/*-linux-gnu"),
        *root.glob("usr/lib/gcc/*/*/include"),
    ]


def _kinds(names: HeaderNames, system: str) -> dict[str, set[str]]:
    return {
        f"{system}_constants": _only(CONSTANT, names.numbers),
        f"{system}_macros": _only(CONSTANT, names.macros - names.numbers),
        f"{system}_members": _only(MEMBER, names.objects),
        # What is written like a constant is in those lists already.
        f"{system}_types": _only(TYPE, names.types)
        | {m for m in _only(TYPE, names.macros) if not CONSTANT.fullmatch(m)},
    }


def _only(pattern: re.Pattern[str], names: set[str]) -> set[str]:
    return {name for name in names if pattern.fullmatch(name)}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    check = parser.parse_args().check
    changed = False
    for name, names in found().items():
        path = wordlists.path_of(name)
        text = (
            wordlists.packed(names)
            if name in get_args(wordlists.Packed)
            else wordlists.as_lines(names)
        )
        if path.exists() and path.read_text(encoding="ascii") == text:
            continue
        changed = True
        print(f"{path.relative_to(ROOT)}: {len(names)} names, {len(text)} bytes")
        if not check:
            path.write_text(text, encoding="ascii")
    return 1 if changed and check else 0


if __name__ == "__main__":
    sys.exit(main())
