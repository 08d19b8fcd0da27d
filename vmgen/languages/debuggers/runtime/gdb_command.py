"""gdb's commands `vmgen` and `vmgen-counts`, and contexts as they print them."""

from __future__ import annotations

from typing import Any

import gdb

from .gdb_printers import is_big, load_table, printers
from .reading import Bindings, Debugger, Refused, reader
from .tables import Found, Table


def _debugger() -> Debugger:
    pointer = gdb.lookup_type("char").pointer().sizeof
    return Debugger(_fetch, _number, _symbol, "big" if is_big() else "little", pointer)


def _fetch(address: int, size: int) -> bytes:
    inferior = gdb.selected_inferior()
    while size:
        try:
            return bytes(inferior.read_memory(address, size))
        except gdb.MemoryError:
            # Perhaps the first bytes are there: what is mapped ends at a page's end.
            end = address + size
            size = ((end - 1) & -4096) - address if end % 4096 else size - 4096
            size = max(size, 0)
    return b""


def _number(text: str) -> int:
    try:
        return int(gdb.parse_and_eval(text)) & ((1 << 64) - 1)
    except gdb.error as error:
        raise Refused(f"{text}: {error}") from None


def _symbol(address: int) -> str:
    """What gdb calls an address, as `main + 4`."""
    said = gdb.execute(f"info symbol {address:#x}", to_string=True)
    name, found, _ = said.partition(" in section ")
    return name if found else ""


class Show(gdb.Command):  # type: ignore[misc]
    """Show memory as a record or context of a schema.

    vmgen [MODULE.]TYPE ADDRESS [COUNT=N ...] [--field PATH] [--depth N] [--elements N]
    [--target TRIPLE]

    ADDRESS is an expression; quote one that has spaces. Of a context the regions are shown
    if its counts are given, here or with vmgen-counts. Pointers are followed, one after
    the other, as far as --depth says; --field leads to a part, as store.place or
    memories[1].base[0:16]. No debug information is needed.
    """

    def __init__(self) -> None:
        super().__init__("vmgen", gdb.COMMAND_DATA)

    def invoke(self, argument: str, from_tty: bool) -> None:
        try:
            for line in reader.told(gdb.string_to_argv(argument), _debugger()):
                gdb.write(f"{line}\n")
        except Refused as error:
            raise gdb.GdbError(str(error)) from None

    def complete(self, text: str, word: str) -> Any:
        if " " in text.strip():
            return gdb.COMPLETE_EXPRESSION
        return [name for name in reader.names() if name.startswith(word)]


class Counts(gdb.Command):  # type: ignore[misc]
    """Say how many elements the regions of a context have.

    vmgen-counts [MODULE.]CONTEXT [COUNT=N ...]

    They are used whenever such a context is printed; counts that are left out are 0, and
    without any they are forgotten.
    """

    def __init__(self) -> None:
        super().__init__("vmgen-counts", gdb.COMMAND_DATA)

    def invoke(self, argument: str, from_tty: bool) -> None:
        words: list[str] = gdb.string_to_argv(argument)
        try:
            gdb.write(f"{reader.remember(words, _debugger())}\n")
        except Refused as error:
            raise gdb.GdbError(str(error)) from None


def _whole(known: Found, address: int) -> str | None:
    return reader.whole(known.table.module, known.name, address, _debugger())


_commands: list[gdb.Command] = []


def load(table: Table, bindings: Bindings) -> None:
    """Print values of a module's types, and read memory by its bindings."""
    reader.add(bindings)
    load_table(table)
    printers.whole = _whole
    if not _commands:
        _commands.extend((Show(), Counts()))
