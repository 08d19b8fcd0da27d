"""Knowing, before anything else is imported, that there is nothing to do.

A stamp says what a build depended on and what it made, and which files of vmgen it
used. When all of that is as it was, another build would change nothing. Stamps are in
the user's cache folder (`VMGEN_CACHE_DIR`, else `XDG_CACHE_HOME` or `~/.cache`, with
`vmgen` below); one that can't be read or written costs time and nothing else.

Paths are strings here, and this module imports next to nothing: that is its point.
"""

from __future__ import annotations

import os
import sys

try:
    # What hashlib has too, but importing that loads OpenSSL, which takes as long as
    # starting Python.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

PACKAGE = os.path.dirname(os.path.abspath(__file__))
UNSTAMPED = frozenset({"--depfile", "--list-outputs", "-h", "--help"})
LARGE = 1 << 20
"""Bytes from which on reading a file takes longer than its state is worth."""
TICK = 20_000_000
"""In nanoseconds, more than the steps in which systems count the times of changes."""
SKIPPED_FOLDERS = frozenset({"__pycache__", "target"})


class Evidence:
    """What a build depended on and made: paths, made absolute.

    `files` count with their content, or what tells that it is the same; `folders` with
    the names of all files below them, `absent` by not being there, and `tool`, the
    files of vmgen, with their sizes and times of change.
    """

    def __init__(
        self,
        files: Iterable[str],
        folders: Iterable[str],
        absent: Iterable[str],
        tool: Iterable[str],
    ) -> None:
        self.files = sorted({os.path.abspath(f) for f in files})
        self.folders = sorted({os.path.abspath(f) for f in folders})
        self.absent = sorted({os.path.abspath(f) for f in absent})
        self.tool = sorted(tool)

    def digest(self) -> str | None:
        """A digest over all of it; None when it isn't all there."""
        total = blake2b(sys.version.encode(), digest_size=16)
        try:
            for path in self.tool:
                status = os.stat(path)
                total.update(
                    _bytes(f"\0{path}\0{status.st_size}\0{status.st_mtime_ns}")
                )
            for folder in self.folders:
                for name in _listing(folder):
                    total.update(_bytes(f"\0{name}"))
            for path in self.files:
                total.update(_bytes(f"\0{path}\0"))
                total.update(_state(path))
        except OSError:
            return None
        if any(os.path.exists(path) for path in self.absent):
            return None
        return total.hexdigest()

    def lines(self) -> Iterator[str]:
        """A line for each path, with a mark for what it counts with."""
        yield from (f"F{path}" for path in self.files)
        yield from (f"D{path}" for path in self.folders)
        yield from (f"A{path}" for path in self.absent)
        yield from (f"T{path}" for path in self.tool)

    @classmethod
    def of(cls, lines: Iterable[str]) -> Evidence:
        by_mark: dict[str, list[str]] = {"F": [], "D": [], "A": [], "T": []}
        for line in lines:
            by_mark.get(line[:1], []).append(line[1:])
        return cls(*by_mark.values())


def modules_in_use() -> list[str]:
    """The files of vmgen's modules that this process has imported."""
    modules = list(sys.modules.items())
    files = [m.__file__ for name, m in modules if name.partition(".")[0] == "vmgen"]
    return [path for path in files if path is not None]


def tool_files(also: Iterable[str] = ()) -> list[str]:
    """The files of vmgen that decided what was made: modules in use, and all templates.

    `also` are modules that another process had in use.
    """
    templates = os.path.join(PACKAGE, "templates")
    if not os.path.isdir(templates):
        templates = os.path.join(os.path.dirname(PACKAGE), "templates")
    return [*{*modules_in_use(), *also}, *_listing(templates)]


def cache_folder() -> str:
    """Where stamps and compiled templates are kept between runs."""
    chosen = os.environ.get("VMGEN_CACHE_DIR")
    if chosen:
        return os.path.abspath(chosen)
    base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "vmgen")


def unchanged(arguments: Sequence[str]) -> str | None:
    """What the last `vmgen build` with these arguments would say again, or None."""
    path = _path(arguments)
    if path is None:
        return None
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            digest, summary, *rest = file.read().split("\n")
    except (OSError, ValueError):
        return None
    return summary if Evidence.of(rest).digest() == digest else None


def changed_since(moment: int, path: str) -> bool:
    """Whether a file may have been changed after a moment of `time.time_ns`."""
    try:
        status = os.stat(path)
    except OSError:
        return True
    return max(status.st_mtime_ns, status.st_ctime_ns) > moment - TICK


def keep(arguments: Sequence[str], summary: str, evidence: Evidence) -> None:
    """Keep a stamp for calls with these arguments; failing to is no fault."""
    path = _path(arguments)
    if path is None:
        return
    settle(evidence.files)
    digest = evidence.digest()
    if digest is None:
        return
    lines = [digest, summary, *evidence.lines()]
    if any("\n" in line for line in lines):
        return
    temporary = f"{path}.{os.getpid()}"
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(temporary, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write("\n".join(lines))
        os.replace(temporary, path)
    except OSError:
        return


def _path(arguments: Sequence[str]) -> str | None:
    """The stamp of a call: told apart by its words and by the folder it is made in."""
    if any(a.partition("=")[0] in UNSTAMPED for a in arguments):
        return None
    words = [a for a in arguments if a not in ("--check", "--diff")]
    key = "\0".join([os.getcwd(), *words])
    name = blake2b(_bytes(key), digest_size=16).hexdigest()
    return os.path.join(cache_folder(), f"{name}.stamp")


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _state(path: str) -> bytes:
    """What a file's content changes with: a digest of it, or of a large file, which
    would take longer to read than Python takes to start, what the system says of it."""
    status = os.stat(path)
    if _tells_of_changes(status):
        return _bytes(
            f"{status.st_size}\0{status.st_mtime_ns}\0{status.st_ctime_ns}\0{status.st_ino}"
        )
    with open(path, "rb") as file:
        return blake2b(file.read()).digest()


def _tells_of_changes(status: os.stat_result) -> bool:
    """Whether a file is large, and its file system keeps the time of every change.

    Programs can set `st_mtime` back, but not `st_ctime`, which on Windows is another
    thing. A whole number of milliseconds comes from clocks that count no less.
    """
    precise = status.st_ctime_ns % 1_000_000 != 0
    return status.st_size > LARGE and precise and os.name == "posix"


def settle(paths: Iterable[str]) -> None:
    """Wait until a change of a large file would get another time than the last one."""
    import time

    for path in paths:
        try:
            status = os.stat(path)
        except OSError:
            continue
        if _tells_of_changes(status):
            rest = TICK - (time.time_ns() - status.st_ctime_ns)
            if 0 < rest <= TICK:
                time.sleep(rest / 1e9)


def _listing(folder: str) -> list[str]:
    """Every file below a folder, sorted; a folder that isn't there has none."""
    found = []
    stack = [folder]
    while stack:
        try:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if not entry.is_dir():
                        found.append(entry.path)
                    elif entry.name not in SKIPPED_FOLDERS:
                        stack.append(entry.path)
        except OSError:
            continue
    return sorted(found)
