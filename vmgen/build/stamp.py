"""Knowing, before anything else is imported, that there is nothing to do.

A stamp says what a build depended on and what it made, and which files of vmgen it
used. When all of that is as it was, another build would change nothing. Stamps are in
the user's cache folder (`vmgen.build.cache`).

Paths are strings here, and this module imports next to nothing: that is its point.
"""

from __future__ import annotations

import os
import stat
import sys

from vmgen.build import TEMPORARY
from vmgen.build.cache import Cache, cache_folder

try:
    # What hashlib has too, but importing that loads OpenSSL, which takes as long as
    # starting Python.
    from _blake2 import blake2b
except ImportError:
    from hashlib import blake2b

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable, Sequence

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
"""The folder of vmgen itself."""
UNSTAMPED = frozenset({"--depfile", "--list-outputs", "-h", "--help"})
LARGE = 1 << 20
"""Above this many bytes, reading a file costs more than a stamp saves."""
TICK = 20_000_000
"""In nanoseconds, more than the steps in which precise times of changes are counted."""
SKIPPED_FOLDERS = frozenset({"__pycache__", "target"})
"""What Python and Cargo make beside what is compiled."""


class Evidence:
    """What a build depended on and made, as paths that it makes absolute.

    `files` count with their content, or what tells that it is the same; `absent` by
    not being there; `tool`, the files of vmgen, with their sizes and times of change.
    Of folders, names count: of the files in those `near`, of all files below those
    `below`, and of those below `outputs` but for what compilers leave there.
    """

    def __init__(
        self,
        *,
        files: Iterable[str] = (),
        absent: Iterable[str] = (),
        near: Iterable[str] = (),
        below: Iterable[str] = (),
        outputs: Iterable[str] = (),
        tool: Iterable[str] = (),
    ) -> None:
        given = {
            "F": files,
            "A": absent,
            "N": near,
            "B": below,
            "O": outputs,
            "T": tool,
        }
        self._paths = {
            mark: sorted({os.path.abspath(path) for path in paths})
            for mark, paths in given.items()
        }

    @classmethod
    def of(cls, lines: Iterable[str]) -> Evidence:
        """What `lines` were made of."""
        made = cls()
        for line in lines:
            made._paths[line[:1]].append(line[1:])
        return made

    def lines(self) -> list[str]:
        """A line for each path, with a mark for what it counts with."""
        return [mark + path for mark, paths in self._paths.items() for path in paths]

    def digest(self) -> str | None:
        """A digest over all of it; None when it isn't all there."""
        total = blake2b(sys.version.encode(), digest_size=16)
        try:
            for mark, paths in self._paths.items():
                for path in paths:
                    total.update(_bytes(f"\0{mark}{path}\0"))
                    total.update(_STATES[mark](path))
        except OSError:
            return None
        return total.hexdigest()

    def settle(self) -> None:
        """Wait until a change of a large file would get another time than the last.

        What power takes from a file doesn't change its time: that of large ones is on
        the medium first.
        """
        import time

        for path in self._paths["F"]:
            try:
                status = os.stat(path)
            except OSError:
                continue
            if _tells_of_changes(status):
                _flush(path)
                rest = TICK - (time.time_ns() - status.st_ctime_ns)
                if 0 < rest <= TICK:
                    time.sleep(rest / 1e9)


def _modules_in_use() -> list[str]:
    """The files of vmgen's modules that this process has imported."""
    modules = list(sys.modules.items())
    files = [m.__file__ for name, m in modules if name.partition(".")[0] == "vmgen"]
    return [path for path in files if path is not None]


def tool_files(folders: Iterable[str]) -> list[str]:
    """The files that decided what was made: modules of vmgen in use, and all that is in
    the folders: templates, and packages that languages came from. A folder may be a file.
    """
    found = _modules_in_use()
    for folder in folders:
        found += _listing(folder, ("__pycache__",)) or [folder]
    return found


def unchanged(arguments: Sequence[str]) -> str | None:
    """What the last `vmgen build` with these arguments would say again, or None."""
    place = _place(arguments)
    kept = place and place[0].read(place[1])
    if not kept:
        return None
    try:
        text = kept.decode("utf-8", errors="surrogateescape")
        digest, summary, *lines = text.split("\n")
        evidence = Evidence.of(lines)
    except (ValueError, KeyError):
        return None
    return summary if evidence.digest() == digest else None


def keep(
    arguments: Sequence[str],
    summary: str,
    evidence: Evidence,
    is_current: Callable[[], bool],
) -> None:
    """Keep a stamp for calls with these arguments; failing to is no fault.

    None is kept unless `is_current` says, after everything was looked at, that it is
    all as it was when the build read it.
    """
    place = _place(arguments)
    if place is None:
        return
    evidence.settle()
    digest = evidence.digest()
    lines = [digest or "", summary, *evidence.lines()]
    if digest is None or any("\n" in line for line in lines) or not is_current():
        return
    cache, name = place
    cache.write(name, _bytes("\n".join(lines)))


def _place(arguments: Sequence[str]) -> tuple[Cache, str] | None:
    """Where the stamp of a call is kept: told apart by its words, by the folder that it is made in,
    and by the vmgen that is called."""
    if any(a.partition("=")[0] in UNSTAMPED for a in arguments):
        return None
    words = [a for a in arguments if a not in ("--check", "--diff")]
    try:
        key = "\0".join([PACKAGE, os.getcwd(), *words])
    except OSError:
        # The folder is gone.
        return None
    folder = cache_folder()
    if folder is None:
        return None
    return Cache(folder), f"{blake2b(_bytes(key), digest_size=16).hexdigest()}.stamp"


def _bytes(text: str) -> bytes:
    return text.encode(errors="surrogateescape")


def _content(path: str) -> bytes:
    """A digest of a file; of a large one, which would take longer to read than Python
    takes to start, what the system says of it."""
    status = os.stat(path)
    if _tells_of_changes(status):
        times = f"{status.st_mtime_ns}\0{status.st_ctime_ns}"
        return _bytes(f"{status.st_size}\0{times}\0{status.st_ino}")
    with open(path, "rb", opener=_open_without_waiting) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise FileNotFoundError(path)
        return blake2b(file.read()).digest()


def _open_without_waiting(path: str, flags: int) -> int:
    """Open a file that may be a pipe, which would wait for whoever writes to it."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))


def _tells_of_changes(status: os.stat_result) -> bool:
    """Whether a file is large, and its file system keeps the time of every change.

    Programs can set `st_mtime` back, but not `st_ctime`, which on Windows is another
    thing. A whole number of milliseconds comes from clocks that count no less.
    """
    precise = status.st_ctime_ns % 1_000_000 != 0
    return status.st_size > LARGE and precise and os.name == "posix"


def _flush(path: str) -> None:
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        # It can't be flushed, as on a file system that is only read.
        return
    finally:
        os.close(descriptor)


def _absence(path: str) -> bytes:
    if os.path.lexists(path):
        raise FileExistsError(path)
    return b""


def _change(path: str) -> bytes:
    status = os.stat(path)
    return _bytes(f"{status.st_size}\0{status.st_mtime_ns}")


def _names(folder: str) -> bytes:
    return _bytes("\0".join(sorted(os.listdir(folder))))


def _names_below(folder: str) -> bytes:
    return _bytes("\0".join(_listing(folder)))


def _names_of_outputs(folder: str) -> bytes:
    names = _listing(folder, SKIPPED_FOLDERS)
    for name in names:
        if name.endswith(TEMPORARY):
            # Once its build is dead, another one has this to clear.
            raise FileExistsError(name)
    return _bytes("\0".join(names))


def _listing(folder: str, skipped: Container[str] = ()) -> list[str]:
    """Every file below a folder, sorted; a folder that isn't there has none."""
    found = []
    stack = [folder]
    while stack:
        try:
            with os.scandir(stack.pop()) as entries:
                for entry in entries:
                    if not entry.is_dir(follow_symlinks=False):
                        found.append(entry.path)
                    elif entry.name not in skipped:
                        stack.append(entry.path)
        except OSError:
            continue
    return sorted(found)


_STATES: dict[str, Callable[[str], bytes]] = {
    "F": _content,
    "A": _absence,
    "N": _names,
    "B": _names_below,
    "O": _names_of_outputs,
    "T": _change,
}
"""What a path counts with, by its mark; raising OSError where a build would differ."""
