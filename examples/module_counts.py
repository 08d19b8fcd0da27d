"""Count what a WebAssembly module has, for the layout of its instance's VMContext.

A `VMContext` can only be read by someone who knows the counts of its module, and
Wasmtime's public API tells imports and exports but not what stays inside. The counts
are all in the binary's section headers, so this reads those, without any code.

Every function that can become a value has a func ref, and *escapes* in Wasmtime's
words. Those are, in the order in which they get their func refs:

1. every imported function;
2. functions named by ``ref.func`` in the initial value of a table, then of a global;
3. exported functions;
4. the start function;
5. functions in element segments of any kind, declarative ones included.

A ``ref.func`` in a function's body adds none: WebAssembly requires the function to be
in one of the places above. (Wasmtime's ``debug_guest`` option makes every function
escape; it is off unless asked for.)
"""

from __future__ import annotations

from dataclasses import dataclass, field

FUNCTION, TABLE, MEMORY, GLOBAL, TAG = range(5)
SHARED = 0x02


@dataclass(slots=True)
class ModuleCounts:
    """The counts, and `func_refs`: function indices in the order of the func refs."""

    imported: list[int] = field(default_factory=lambda: [0] * 5)
    defined: list[int] = field(default_factory=lambda: [0] * 5)
    owned_memories: int = 0
    func_refs: list[int] = field(default_factory=list)

    def by_name(self) -> dict[str, int]:
        """The counts under the names that the schema of Wasmtime 42 gives them."""
        return {
            "num_imported_memories": self.imported[MEMORY],
            "num_defined_memories": self.defined[MEMORY],
            "num_owned_memories": self.owned_memories,
            "num_imported_functions": self.imported[FUNCTION],
            "num_imported_tables": self.imported[TABLE],
            "num_imported_globals": self.imported[GLOBAL],
            "num_imported_tags": self.imported[TAG],
            "num_defined_tables": self.defined[TABLE],
            "num_defined_globals": self.defined[GLOBAL],
            "num_defined_tags": self.defined[TAG],
            "num_escaped_funcs": len(self.func_refs),
        }

    def escapes(self, function: int) -> None:
        if function not in self.func_refs:
            self.func_refs.append(function)


class Reader:
    """The binary format's primitives, over one module or section."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def skip(self, length: int) -> None:
        self.at += length

    def leb(self) -> int:
        """An unsigned LEB128 number; also good for skipping a signed one."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value

    def name(self) -> None:
        self.skip(self.leb())

    def value_type(self) -> None:
        if self.byte() in (0x63, 0x64):  # (ref null? heap type)
            self.leb()

    def limits(self) -> int:
        """Minimum, maximum and page size are skipped; the flags are the result."""
        flags = self.byte()
        self.leb()
        for bit in (0x01, 0x08):  # has a maximum, has a custom page size
            if flags & bit:
                self.leb()
        return flags

    def extern(self) -> tuple[int, int]:
        """Kind and flags of an import's type."""
        kind, flags = self.byte(), 0
        if kind == FUNCTION:
            self.leb()
        elif kind == TABLE:
            self.value_type()
            self.limits()
        elif kind == MEMORY:
            flags = self.limits()
        elif kind == GLOBAL:
            self.value_type()
            self.byte()
        elif kind == TAG:
            self.byte()
            self.leb()
        else:
            raise ValueError(f"an import of unknown kind {kind}")
        return kind, flags

    def functions_in_expression(self) -> list[int]:
        """Reads a constant expression; the functions that its ``ref.func`` name."""
        found: list[int] = []
        while (op := self.byte()) != 0x0B:
            if op == 0xD2:  # ref.func
                found.append(self.leb())
            elif op in (0x23, 0x41, 0x42, 0xD0):  # global.get, consts, ref.null
                self.leb()
            elif op == 0x43:  # f32.const
                self.skip(4)
            elif op == 0x44:  # f64.const
                self.skip(8)
            elif op == 0xFD:  # v128.const
                self.leb()
                self.skip(16)
            elif op == 0xFB:  # struct.new and the like: one index, array.new_fixed two
                sub = self.leb()
                for _ in range({0: 1, 1: 1, 6: 1, 7: 1, 8: 2}.get(sub, 0)):
                    self.leb()
            elif op not in (0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E):  # add, sub, mul
                raise ValueError(f"unknown constant instruction {op:#x}")
        return found


def count_module(wasm: bytes) -> ModuleCounts:
    """The counts of a module in the binary format.

    Raises ValueError for what is no module, or one with newer features than these.
    """
    if wasm[:8] != b"\0asm\1\0\0\0":
        raise ValueError("not a WebAssembly module in the binary format, version 1")
    counts, module = ModuleCounts(), Reader(wasm)
    module.skip(8)
    readers = {2: imports, 4: tables, 5: memories, 6: globals_, 7: exports, 9: elements}
    while module.at < len(wasm):
        section, length = module.byte(), module.leb()
        body = Reader(wasm[module.at : module.at + length])
        module.skip(length)
        if section == 8:
            counts.escapes(body.leb())
        elif section in (3, 13):
            counts.defined[FUNCTION if section == 3 else TAG] = body.leb()
        elif section in readers:
            for _ in range(body.leb()):
                readers[section](body, counts)
    return counts


def imports(body: Reader, counts: ModuleCounts) -> None:
    body.name()
    body.name()
    kind, _ = body.extern()
    if kind == FUNCTION:
        counts.escapes(counts.imported[FUNCTION])
    counts.imported[kind] += 1


def tables(body: Reader, counts: ModuleCounts) -> None:
    has_value = body.data[body.at] == 0x40
    if has_value:
        body.skip(2)
    body.value_type()
    body.limits()
    if has_value:
        for function in body.functions_in_expression():
            counts.escapes(function)
    counts.defined[TABLE] += 1


def memories(body: Reader, counts: ModuleCounts) -> None:
    # A shared memory belongs to all that use it, so the instance owns no definition.
    counts.owned_memories += not body.limits() & SHARED
    counts.defined[MEMORY] += 1


def globals_(body: Reader, counts: ModuleCounts) -> None:
    body.value_type()
    body.byte()
    for function in body.functions_in_expression():
        counts.escapes(function)
    counts.defined[GLOBAL] += 1


def exports(body: Reader, counts: ModuleCounts) -> None:
    body.name()
    kind, index = body.byte(), body.leb()
    if kind == FUNCTION:
        counts.escapes(index)


def elements(body: Reader, counts: ModuleCounts) -> None:
    flags = body.leb()
    active, has_table, has_expressions = not flags & 1, flags & 2, flags & 4
    if active:
        if has_table:
            body.leb()
        body.functions_in_expression()
    if flags & 3:  # says what its elements are
        if has_expressions:
            body.value_type()
        else:
            body.byte()
    for _ in range(body.leb()):
        found = body.functions_in_expression() if has_expressions else [body.leb()]
        for function in found:
            counts.escapes(function)
