"""Programs in WebAssembly, run by Wasmtime in this process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.support import missing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.values.tree import Case

PAGE = 1 << 16
VERBS = ("write", "read")


class WebAssembly:
    """A module that exports `write_<name>` and `read_<name>`, and what it works on."""

    def __init__(self, path: Path, name: str, cases: Sequence[Case]) -> None:
        try:
            import wasmtime
        except ImportError:
            missing("the package wasmtime is not installed")
        self._store = wasmtime.Store()
        module = wasmtime.Module.from_file(self._store.engine, str(path))
        instance = wasmtime.Instance(self._store, module, [])
        exports: Any = instance.exports(self._store)
        self._memory = exports["memory"]
        self._calls = {v: exports[f"{v}_{name}"] for v in VERBS}
        self._cases = cases
        self._values = max(16 * len(case.words) for case in cases)
        size = self._values + max(case.size for case in cases)
        # New pages are nobody else's, zero, and aligned to more than any record.
        self._begin = self._memory.grow(self._store, size // PAGE + 2) * PAGE

    def run(self, verb: str, given: bytes) -> bytes:
        """What `program.DRIVER` does, with the functions of this module."""
        made, at = b"", 0
        values, record = self._begin, self._begin + -(-self._values // PAGE) * PAGE
        for which, case in enumerate(self._cases):
            sizes = {values: 16 * len(case.words), record: case.size}
            source, result = (values, record) if verb == "write" else (record, values)
            self._memory.write(self._store, b"\xee" * case.size, record)
            self._memory.write(self._store, bytes(sizes[values]), values)
            piece = given[at : at + sizes[source]]
            at += len(piece)
            self._memory.write(self._store, piece, source)
            self._calls[verb](self._store, which, record, values)
            made += self._memory.read(self._store, result, result + sizes[result])
        assert at == len(given)
        return made
