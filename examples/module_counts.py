"""Count what a WebAssembly module has, for the layout of its instance's VMContext.

A `VMContext` can only be read by someone who knows the counts of its module, and
Wasmtime's public API tells imports and exports but not what stays inside. The counts
are all in the binary's section headers, so this reads those, without any code.

Every function that can become a value has a func ref, and *escapes* in Wasmtime's
words. Those are, in the order in which they get their func refs:

1. every imported function;
2. functions named by ``ref.func`` in the initial value of a table, then of a global;
3. exported functions;
4. the start function, until Wasmtime 45;
5. functions in element segments of any kind, declarative ones included.

A ``ref.func`` in a function's body adds none: WebAssembly requires the function to be
in one of the places above. (Wasmtime's ``debug_guest`` option makes every function
escape; it is off unless asked for.)

Since Wasmtime 46 a context also has the data segments that are kept, and a function
that finishes the instance if anything is left to do. Wasmtime makes an image of a
memory, or of a table of functions, whose segments all have constant places inside of
it. `ModuleCounts.data_kept` and `ModuleCounts.needs_startup` follow its rules for
Linux, where it maps images of memories.
"""

from __future__ import annotations

from dataclasses import dataclass, field

FUNCTION, TABLE, MEMORY, GLOBAL, TAG = range(5)
SHARED = 0x02

END, REF_FUNC, I32_CONST, I64_CONST, F32_CONST, F64_CONST, V128_CONST = (
    0x0B, 0xD2, 0x41, 0x42, 0x43, 0x44, 0xFD,
)  # fmt: skip

PAGE = 4096
DENSE_IMAGE = 16 << 20
"""An image of up to so many bytes may be sparse."""
LARGEST_TABLE = 1 << 20
"""The most elements of a table that gets an image."""

Expression = list[tuple[int, int]]
"""Instructions of a constant expression, each with its first immediate or 0."""


@dataclass(slots=True)
class Limits:
    """What a memory or a table begins with; bytes for a memory, else elements."""

    flags: int
    minimum: int
    page: int
    imported: bool = False
    has_image: bool = True


@dataclass(slots=True)
class DataSegment:
    """Bytes for a memory, or for no one yet when `memory` is None."""

    memory: int | None
    offset: Expression
    length: int


@dataclass(slots=True)
class ModuleCounts:
    """The counts, and `func_refs`: function indices in the order of the func refs.

    They are those of one series of Wasmtime.
    """

    series: int = 42
    imported: list[int] = field(default_factory=lambda: [0] * 5)
    defined: list[int] = field(default_factory=lambda: [0] * 5)
    owned_memories: int = 0
    func_refs: list[int] = field(default_factory=list)
    memories: list[Limits] = field(default_factory=list)
    tables: list[Limits] = field(default_factory=list)
    data: list[DataSegment] = field(default_factory=list)
    has_work: bool = False
    """Whether instantiation runs code, data segments aside."""

    def by_name(self) -> dict[str, int]:
        """The counts under the names that the schema gives them in that series."""
        since_46 = {
            "num_runtime_data": self.data_kept,
            "has_startup_func": int(self.needs_startup),
        }
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
            **(since_46 if self.series >= 46 else {}),
        }

    @property
    def data_kept(self) -> int:
        """Images of memories, or else all segments for memories; and the passive ones."""
        images = self.images()
        active = [s for s in self.data if s.memory is not None]
        passive = len(self.data) - len(active)
        return passive + (len(active) if images is None else images)

    @property
    def needs_startup(self) -> bool:
        """Whether Wasmtime compiles a function that finishes the instance."""
        return (
            self.has_work
            or any(s.memory is not None for s in self.data if s.length)
            or (self.images() is None)
        )

    def images(self) -> int | None:
        """How many memories get an image, None when segments are copied one by one."""
        placed: dict[int, list[tuple[int, int]]] = {}
        for segment in self.data:
            if segment.memory is None:
                continue
            memory, offset = self.memories[segment.memory], constant(segment.offset)
            if memory.imported or offset is None:
                return None
            if offset + segment.length > memory.minimum:
                return None
            if segment.length:
                placed.setdefault(segment.memory, []).append((offset, segment.length))
        for index, segments in placed.items():
            extent = max(o + n for o, n in segments) - min(o for o, _ in segments)
            dense = extent < 2 * sum(n for _, n in segments)
            if self.memories[index].page < PAGE or not (dense or extent < DENSE_IMAGE):
                return None
        return len(placed)

    def escapes(self, function: int) -> None:
        if function not in self.func_refs:
            self.func_refs.append(function)


def constant(expression: Expression) -> int | None:
    """The unsigned value of an expression that is one integer."""
    match expression:
        case [(op, value)] if op in (I32_CONST, I64_CONST):
            return value % (1 << (32 if op == I32_CONST else 64))
    return None


class Reader:
    """The binary format's primitives, over one module or section."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def skip(self, length: int) -> None:
        self.at += length

    def leb(self, *, signed: bool = False) -> int:
        """A LEB128 number."""
        value = shift = 0
        while True:
            byte = self.byte()
            value |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                return value - (1 << shift if signed and byte & 0x40 else 0)

    def name(self) -> None:
        self.skip(self.leb())

    def value_type(self) -> None:
        if self.byte() in (0x63, 0x64):  # (ref null? heap type)
            self.leb()

    def limits(self, unit: int = 1) -> Limits:
        """The maximum is skipped; a memory's `unit` is its page unless it says another."""
        flags, minimum = self.byte(), self.leb()
        if flags & 0x01:  # has a maximum
            self.leb()
        page = 1 << self.leb() if flags & 0x08 else unit
        return Limits(flags, minimum * page, page)

    def memory(self) -> Limits:
        return self.limits(unit=1 << 16)

    def expression(self) -> Expression:
        """A constant expression."""
        found: Expression = []
        while (op := self.byte()) != END:
            value = 0
            if op in (I32_CONST, I64_CONST):
                value = self.leb(signed=True)
            elif op in (REF_FUNC, 0x23, 0xD0):  # ref.func, global.get, ref.null
                value = self.leb()
            elif op == F32_CONST:
                self.skip(4)
            elif op == F64_CONST:
                self.skip(8)
            elif op == V128_CONST:
                self.leb()
                self.skip(16)
            elif op == 0xFB:  # struct.new and the like: one index, array.new_fixed two
                sub = self.leb()
                for _ in range({0: 1, 1: 1, 6: 1, 7: 1, 8: 2}.get(sub, 0)):
                    self.leb()
            elif op not in (0x6A, 0x6B, 0x6C, 0x7C, 0x7D, 0x7E):  # add, sub, mul
                raise ValueError(f"unknown constant instruction {op:#x}")
            found.append((op, value))
        return found


def functions(expression: Expression) -> list[int]:
    """The functions that its ``ref.func`` name."""
    return [value for op, value in expression if op == REF_FUNC]


def count_module(wasm: bytes, series: int = 42) -> ModuleCounts:
    """The counts that a series of Wasmtime has of a module in the binary format.

    Raises ValueError for what is no module, or one with newer features than these.
    """
    if wasm[:8] != b"\0asm\1\0\0\0":
        raise ValueError("not a WebAssembly module in the binary format, version 1")
    counts, module = ModuleCounts(series), Reader(wasm)
    module.skip(8)
    readers = {
        2: imports, 4: tables, 5: memories, 6: globals_, 7: exports, 9: elements, 11: data,
    }  # fmt: skip
    while module.at < len(wasm):
        section, length = module.byte(), module.leb()
        body = Reader(wasm[module.at : module.at + length])
        module.skip(length)
        if section == 8:
            counts.has_work = True
            if series < 46:
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
    kind = body.byte()
    if kind == FUNCTION:
        body.leb()
        counts.escapes(counts.imported[FUNCTION])
    elif kind == TABLE:
        body.value_type()
        counts.tables.append(body.limits())
        counts.tables[-1].imported = True
    elif kind == MEMORY:
        counts.memories.append(body.memory())
        counts.memories[-1].imported = True
    elif kind == GLOBAL:
        body.value_type()
        body.byte()
    elif kind == TAG:
        body.byte()
        body.leb()
    else:
        raise ValueError(f"an import of unknown kind {kind}")
    counts.imported[kind] += 1


def tables(body: Reader, counts: ModuleCounts) -> None:
    has_value = body.data[body.at] == 0x40
    if has_value:
        body.skip(2)
    body.value_type()
    table = body.limits()
    if has_value:
        value = body.expression()
        for function in functions(value):
            counts.escapes(function)
        table.has_image = [op for op, _ in value] == [REF_FUNC] and (
            table.minimum <= LARGEST_TABLE
        )
        counts.has_work |= not table.has_image
    counts.tables.append(table)
    counts.defined[TABLE] += 1


def memories(body: Reader, counts: ModuleCounts) -> None:
    memory = body.memory()
    counts.memories.append(memory)
    # A shared memory belongs to all that use it, so the instance owns no definition.
    counts.owned_memories += not memory.flags & SHARED
    counts.defined[MEMORY] += 1


def globals_(body: Reader, counts: ModuleCounts) -> None:
    body.value_type()
    body.byte()
    value = body.expression()
    for function in functions(value):
        counts.escapes(function)
    simple = (I32_CONST, I64_CONST, F32_CONST, F64_CONST, V128_CONST)
    counts.has_work |= len(value) != 1 or value[0][0] not in simple
    counts.defined[GLOBAL] += 1


def exports(body: Reader, counts: ModuleCounts) -> None:
    body.name()
    kind, index = body.byte(), body.leb()
    if kind == FUNCTION:
        counts.escapes(index)


def elements(body: Reader, counts: ModuleCounts) -> None:
    flags = body.leb()
    active, has_table, has_expressions = not flags & 1, flags & 2, flags & 4
    place: int | None = None
    table = None
    if active:
        table = counts.tables[body.leb() if has_table else 0]
        place = constant(body.expression())
    if flags & 3:  # says what its elements are
        if has_expressions:
            body.value_type()
        else:
            body.byte()
    number = body.leb()
    for _ in range(number):
        found = functions(body.expression()) if has_expressions else [body.leb()]
        for function in found:
            counts.escapes(function)
    if table is None:
        # A declarative segment, whose flags are 3 or 7, is there for `ref.func` alone.
        counts.has_work |= not flags & 2
    else:
        top = None if place is None else place + number
        counts.has_work |= (
            table.imported
            or not table.has_image
            or bool(has_expressions)
            or top is None
            or top > min(table.minimum, LARGEST_TABLE)
        )


def data(body: Reader, counts: ModuleCounts) -> None:
    flags = body.leb()
    passive = flags & 1
    memory = None if passive else body.leb() if flags & 2 else 0
    offset = [] if passive else body.expression()
    length = body.leb()
    body.skip(length)
    counts.data.append(DataSegment(memory, offset, length))
