"""Getting files to disk: each is whole, as it was or as it shall be, whatever happens.

All new content is on disk under temporary names before the first file is replaced, so
that a full disk, a fault or a kill leaves every file as it was or as it shall be. What
a killed process left under temporary names is cleared by the next one that writes to
the folder: whoever has temporary files in a folder holds a shared lock on it.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import stat
import sys
import time

from vmgen.build import TEMPORARY

if sys.platform != "win32":
    from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    AnyPath = str | os.PathLike[str]

_NAME = re.compile(rf"\.[0-9a-f]{{32}}{re.escape(TEMPORARY)}")
LONGEST_BUILD = 86_400
"""In seconds: where no lock can tell, older temporary files are no living process's."""
LOCK_ATTEMPTS = 10
LOCK_REST = 0.01

_waiting: set[str] = set()
"""Temporary files of this process, some of which may not be there yet."""


def write_all(
    files: Iterable[tuple[AnyPath, bytes]], *, flush: bool = False, mode: int = 0o666
) -> None:
    """Write files: all their content, and then each takes its place.

    Symbolic links are followed. A file that is replaced keeps its permissions; `mode`
    is what new ones get, less the umask. With `flush`, content is on the medium before
    it takes its place, so that a loss of power leaves no file empty either. Raises
    OSError, with the file's name.
    """
    staged: list[tuple[AnyPath, str, str]] = []
    folders: set[str] = set()
    with contextlib.ExitStack() as in_use:
        try:
            for path, content in files:
                with _naming(path):
                    refuse_irregular(path)
                    place = os.path.realpath(path)
                    folder = os.path.dirname(place)
                    if folder not in folders:
                        os.makedirs(folder, exist_ok=True)
                        in_use.enter_context(_in_use(folder))
                        folders.add(folder)
                    name = f".{os.urandom(16).hex()}{TEMPORARY}"
                    temporary = os.path.join(folder, name)
                    staged.append((path, temporary, place))
                    _waiting.add(temporary)
                    _stage(temporary, content, flush, mode)
                    _take_over(temporary, place)
            for path, temporary, place in staged:
                with _naming(path):
                    os.replace(temporary, place)
                _waiting.discard(temporary)
        finally:
            remove_waiting()


def remove_waiting() -> None:
    """Remove what waits for its place, as this process ends or can't go on."""
    while _waiting:
        _remove(_waiting.pop())


def refuse_irregular(path: AnyPath) -> None:
    """Raise OSError where something is that is no file: a folder, a device, a pipe.

    Opening a pipe would wait for whoever uses its other end, perhaps for ever.
    """
    try:
        found = os.stat(path).st_mode
    except (FileNotFoundError, NotADirectoryError):
        return
    if stat.S_ISDIR(found):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR), os.fspath(path))
    if not stat.S_ISREG(found):
        raise OSError(errno.EINVAL, "not a regular file", os.fspath(path))


def is_temporary(name: str) -> bool:
    """Whether a file's name is one under which content waits for its place."""
    return _NAME.fullmatch(name) is not None


def clear_leftovers(folder: AnyPath) -> None:
    """Remove what killed processes left in a folder; failing to is no fault."""
    with _in_use(folder):
        pass


@contextlib.contextmanager
def _naming(path: AnyPath) -> Iterator[None]:
    """Have errors name the file that they are about rather than a temporary one."""
    try:
        yield
    except OSError as error:
        raise OSError(error.errno, error.strerror, os.fspath(path)) from None


@contextlib.contextmanager
def _in_use(folder: AnyPath) -> Iterator[None]:
    """Clear a folder of leftovers, and tell others that it has files of this process."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        # It may be written to but not read; or this is Windows.
        _clear(folder, nobody_else=False)
        yield
        return
    try:
        _clear(folder, nobody_else=_lock(descriptor, exclusive=True))
        for _ in range(LOCK_ATTEMPTS):
            # Who clears it has it alone for a moment. Who has it alone for longer (as
            # `flock FOLDER vmgen build` does) keeps others from clearing it.
            if _lock(descriptor, exclusive=False):
                break
            time.sleep(LOCK_REST)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, *, exclusive: bool) -> bool:
    """Whether a folder's lock could be had; some systems, and file systems, have none."""
    if sys.platform == "win32":
        return False
    try:
        flock(descriptor, (LOCK_EX if exclusive else LOCK_SH) | LOCK_NB)
    except OSError:
        return False
    return True


def _clear(folder: AnyPath, *, nobody_else: bool) -> None:
    with contextlib.suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            if is_temporary(entry.name) and (nobody_else or _is_old(entry)):
                _remove(entry.path)


def _is_old(entry: os.DirEntry[str]) -> bool:
    changed = entry.stat(follow_symlinks=False).st_mtime
    return time.time() - changed > LONGEST_BUILD


def _stage(temporary: str, content: bytes, flush: bool, mode: int) -> None:
    """Write a file that must not be there: a link that was planted is not followed."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
    flags |= getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(temporary, flags, mode), "wb") as file:
        file.write(content)
        if flush:
            file.flush()
            os.fsync(file.fileno())


def _take_over(temporary: str, place: str) -> None:
    """Give a file the owner, as far as possible, and the permissions of another."""
    try:
        old = os.stat(place)
    except FileNotFoundError:
        return
    own = os.stat(temporary)
    if (old.st_uid, old.st_gid) != (own.st_uid, own.st_gid):
        with contextlib.suppress(OSError):
            os.chown(temporary, old.st_uid, old.st_gid)
    os.chmod(temporary, stat.S_IMODE(old.st_mode))


def _remove(path: str) -> None:
    with contextlib.suppress(OSError):
        os.unlink(path)
