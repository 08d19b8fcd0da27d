"""Files read and decoded, and what is wrong with those that can't be."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from vmgen.reading.files import DISK, MAX_BYTES
from vmgen.reading.source import (
    ENCODING,
    SourceFile,
    Span,
    is_marked,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.reading.diagnostics import Report
    from vmgen.reading.files import Files


def load(
    path: Path, name: str, report: Report, files: Files = DISK
) -> SourceFile | None:
    """Read and decode one of some files; a fault goes to `report` and None comes back."""
    try:
        raw = files.content(path)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        report.add("VM002", f"can't read `{name}`: {reason}")
        return None
    if len(raw) > MAX_BYTES:
        report.add("VM002", f"`{name}` is larger than {MAX_BYTES >> 20} MiB")
        return None
    try:
        text = raw.decode(ENCODING)
    except UnicodeDecodeError as error:
        _refuse_bytes(path, name, raw, error, report)
        return None
    return SourceFile(path, name, text, files)


def _refuse_bytes(
    path: Path, name: str, raw: bytes, error: UnicodeDecodeError, report: Report
) -> None:
    """Report the first bytes that are not UTF-8, where they stand."""
    # The decoder counts from behind a byte order mark.
    text = raw.decode(ENCODING, errors="replace")
    before = error.object[: error.start].decode()
    if not is_marked(text):
        text = re.sub(r"[^\n]", " ", text)  # Nobody's secrets in a message.
    wide = raw[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in raw[:4]
    report.add(
        "VM002",
        f"`{name}` is not UTF-8: byte {error.object[error.start]:#04x}",
        Span(SourceFile(path, name, text), len(before), len(before) + 1),
        helps=("save it as UTF-8" + (" instead of UTF-16" if wide else ""),),
    )
