"""LLDB's commands `vmgen` and `vmgen-counts`, and contexts as they print them."""

from __future__ import annotations

import shlex
from typing import Any

import lldb

from .lldb_printers import load_table, loaded
from .reading import Bindings, Debugger, Refused, reader
from .tables import Found, Table


def _debugger(target: Any) -> Debugger:
    """What is asked of the process of a target. Raises Refused without one."""
    process = target.GetProcess()
    if not process.IsValid():
        raise Refused("there is no process and no core file to read")

    def fetch(address: int, size: int) -> bytes:
        error = lldb.SBError()
        data = process.ReadMemory(address, size, error)
        if not data:
            # A core need not have what the program's file has.
            at = target.ResolveLoadAddress(address)
            data = target.ReadMemory(at, size, error) if at.GetSection() else None
        # Where the last bytes can't be read, LLDB gives those before them.
        return bytes(data or b"")

    def number(text: str) -> int:
        value = process.GetSelectedThread().GetSelectedFrame().EvaluateExpression(text)
        if not value.IsValid() or value.GetError().Fail():
            value = target.EvaluateExpression(text)
        if value.GetError().Fail():
            said = " ".join(str(value.GetError()).split())
            raise Refused(f"{text}: {said}")
        return int(value.GetValueAsUnsigned())

    def symbol(address: int) -> str:
        at = target.ResolveLoadAddress(address)
        found = at.GetSymbol()
        if not found.IsValid():
            return ""
        behind = at.GetOffset() - found.GetStartAddress().GetOffset()
        return f"{found.GetName()} + {behind}" if behind else str(found.GetName())

    big = target.GetByteOrder() == lldb.eByteOrderBig
    order = "big" if big else "little"
    return Debugger(fetch, number, symbol, order, target.GetAddressByteSize())


class Show:
    """Show memory as a record or context of a schema."""

    def __init__(self, debugger: Any, session: Any) -> None:
        pass

    def __call__(self, debugger: Any, command: str, context: Any, result: Any) -> None:
        try:
            asked = _debugger(context.GetTarget())
            for line in reader.told(_words(command), asked):
                result.AppendMessage(line)
        except Refused as error:
            result.SetError(str(error))

    def get_short_help(self) -> str:
        return "Show memory as a record or context of a schema."

    def get_long_help(self) -> str:
        return (
            "vmgen [MODULE.]TYPE ADDRESS [COUNT=N ...] [--field PATH] [--depth N] "
            "[--elements N] [--target TRIPLE]\n\n"
            "ADDRESS is an expression; quote one that has spaces. Of a context the regions "
            "are shown if its counts are given, here or with vmgen-counts. Pointers are "
            "followed, one after the other, as far as --depth says; --field leads to a "
            "part, as store.place or memories[1].base[0:16]. No debug information is "
            "needed.\n"
        )


class Counts:
    """Say how many elements the regions of a context have."""

    def __init__(self, debugger: Any, session: Any) -> None:
        pass

    def __call__(self, debugger: Any, command: str, context: Any, result: Any) -> None:
        try:
            asked = _debugger(context.GetTarget())
            result.AppendMessage(reader.remember(_words(command), asked))
        except Refused as error:
            result.SetError(str(error))

    def get_short_help(self) -> str:
        return "Say how many elements the regions of a context have."

    def get_long_help(self) -> str:
        return (
            "vmgen-counts [MODULE.]CONTEXT [COUNT=N ...]\n\n"
            "They are used whenever such a context is printed; counts that are left out "
            "are 0, and without any they are forgotten.\n"
        )


def _words(command: str) -> list[str]:
    try:
        return shlex.split(command)
    except ValueError as error:
        raise Refused(f"{command}: {error}") from None


def _whole(known: Found, address: int) -> str | None:
    try:
        debugger = _debugger(lldb.debugger.GetSelectedTarget())
    except Refused:
        return None
    return reader.whole(known.table.module, known.name, address, debugger)


def load(debugger: Any, table: Table, bindings: Bindings) -> None:
    """Print values of a module's types, and read memory by its bindings."""
    reader.add(bindings)
    load_table(debugger, table)
    loaded.whole = _whole
    debugger.HandleCommand(f"script import {__name__}")
    for name, cls in (("vmgen", "Show"), ("vmgen-counts", "Counts")):
        debugger.HandleCommand(f"command script add -o -c {__name__}.{cls} {name}")
