"""Every word of every record, on every kind of target: LLVM folds loads and stores.

A constant with the bytes of a record, or a variable, stands where the record would be; for
a load through a handle LLVM then has the value, by the data layout of the target. So code
for targets of either byte order and pointer width is judged, and none of them is needed.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Any

import pytest
from llvmlite import binding, ir

from tests.llvm.follow import Follower
from tests.llvm.generated import MODULES, handles, known
from tests.llvm.jit import I8, I32, POINTER, function, machine, module_for
from tests.python.generated import job_of
from tests.python.leaves import RECORDS, Leaf, Leaves
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vmgen.languages.job import Job

KNOWN = (
    "x86_64-unknown-linux-gnu", "i686-unknown-linux-gnu", "s390x-unknown-linux-gnu",
    "armv7-unknown-linux-gnueabihf", "aarch64-unknown-linux-gnu",
    "powerpc-unknown-linux-gnu", "powerpc64-unknown-linux-gnu", "i686-pc-windows-msvc",
    "mips-unknown-linux-gnu", "riscv32imac-unknown-none-elf", "aarch64-apple-darwin",
)  # fmt: skip
"""Targets whose data layouts LLVM tells by their names."""


class Words:
    """The words of a module's records on a target, with bytes to be in them."""

    def __init__(self, job: Job, bindings: Path, target: str) -> None:
        self.job = job
        self.target = target
        self.order = next(
            t.model.endian for t in job.module.targets if t.name == target
        )
        made = handles(bindings, job.module.name)
        self.handles = made.Handles(target)
        self.random = random.Random(target)

    def all(self) -> Iterator[tuple[str, bytes, list[tuple[Leaf, Any]]]]:
        """Each record's name, bytes, and words with their handles."""
        layout_class = self.job.layouts.class_of(self.target)
        leaves = Leaves(self.job.layouts, layout_class)
        for name, declared in self.job.module.types.items():
            if isinstance(declared, RECORDS):
                words = leaves.of(name)
                yield self._with_bytes(name, getattr(self.handles, name), words)
            if isinstance(declared, m.Context):
                yield self._context(declared, leaves)

    def _context(
        self, declared: m.Context, leaves: Leaves
    ) -> tuple[str, bytes, list[tuple[Leaf, Any]]]:
        layout_class = self.job.layouts.class_of(self.target)
        layout = self.job.contexts[declared.name][layout_class.index]
        counts = {
            c.name: self.random.randrange(2 if c.flag else 4) for c in declared.counts
        }
        words: list[Leaf] = []
        for field, at in zip(declared.fields, layout.fixed.offsets, strict=True):
            little = field.endian == "little"
            words += leaves.of_type(field.type, (field.name,), at, little)
        for region, placed in zip(declared.regions, layout.regions, strict=True):
            for index in range(placed.length(counts)):
                path = (region.name,) if region.count is None else (region.name, index)
                at = placed.begin(counts) + index * placed.stride
                words += leaves.of_type(region.element, path, at)
        record = getattr(self.handles, declared.name).with_counts(**counts)
        return self._with_bytes(declared.name, record, words)

    def _with_bytes(
        self, name: str, record: Any, words: list[Leaf]
    ) -> tuple[str, bytes, list[tuple[Leaf, Any]]]:
        follower = Follower(record)
        known = [(leaf, follower.handle(leaf.path)) for leaf in words]
        size = max((leaf.offset + leaf.size for leaf in words), default=0)
        data = bytearray(self.random.randbytes(size))
        for leaf, handle in known:
            self._make_valid(data, leaf, handle)
        return name, bytes(data), known

    def _make_valid(self, data: bytearray, leaf: Leaf, handle: Any) -> None:
        """Put a value there that the schema allows, where it doesn't allow all."""
        promises = handle._promises
        if not promises.ranges and not promises.nonzero:
            return
        value = promises.ranges[-1][-1] if promises.ranges else 1
        order = "little" if leaf.little else self.order
        place = slice(leaf.offset, leaf.offset + leaf.size)
        value %= 1 << 8 * leaf.size
        data[place] = value.to_bytes(leaf.size, order)  # type: ignore[arg-type]


def cases() -> list[tuple[str, str]]:
    """A target of each byte order and layout class of each module."""
    found = []
    for name in MODULES:
        job = job_of(known(name))
        kinds = {}
        for target in job.module.targets:
            if target.name in KNOWN:
                index = job.layouts.class_of(target.name).index
                kinds.setdefault((index, target.model.endian), target.name)
        found += [(name, target) for target in kinds.values()]
    return found


def folded(module: Any, target: str) -> dict[str, int]:
    """What each function of a module returns, after it was simplified."""
    parsed = binding.parse_assembly(str(module))
    parsed.verify()
    options = binding.create_pipeline_tuning_options(speed_level=2)
    builder = binding.create_pass_builder(machine(target), options)
    passes = binding.create_new_module_pass_manager()
    passes.add_sroa_pass()
    passes.add_instruction_combine_pass()
    passes.run(parsed, builder)
    found = re.findall(
        r'define i(\d+) @"?(\w+)"?\([^)]*\).*?\{[^}]*?ret i\d+ (-?\w+)\n\}', str(parsed)
    )
    said = {"true": 1, "false": 0}
    return {
        name: (said.get(value) if value in said else int(value)) % (1 << int(bits))
        for bits, name, value in found
    }


def as_integer(builder: Any, value: Any, size: int) -> Any:
    kind = ir.IntType(8 * size)
    return builder.ptrtoint(value, kind) if value.type == POINTER else value


@pytest.mark.parametrize(("name", "target"), cases())
def test_a_load_gives_what_is_there(bindings: Path, name: str, target: str) -> None:
    words = Words(job_of(known(name)), bindings, target)
    module, expected = module_for(target), {}
    for record, data, leaves in words.all():
        there = ir.GlobalVariable(module, ir.ArrayType(I8, len(data)), record)
        there.initializer = ir.Constant(there.value_type, bytearray(data))
        there.global_constant, there.align = True, 16
        for number, (leaf, handle) in enumerate(leaves):
            kind = ir.IntType(8 * leaf.size)
            made, builder = function(module, f"{record}_{number}", kind)
            base = builder.bitcast(there, POINTER)
            # Neither an atomic load nor a volatile one is folded.
            handle._promises = handle._promises.but(ordering=None, volatile=False)
            loaded = handle.load(builder, base)
            builder.ret(as_integer(builder, loaded, leaf.size))
            right = int(leaf.expected(data, words.order))  # type: ignore[call-overload]
            expected[made.name] = right % (1 << 8 * leaf.size)
    assert folded(module, target) == expected


@pytest.mark.parametrize(("name", "target"), cases())
def test_a_store_puts_a_value_there_and_nowhere_else(
    bindings: Path, name: str, target: str
) -> None:
    words = Words(job_of(known(name)), bindings, target)
    module, expected = module_for(target), {}
    for record, data, leaves in words.all():
        for number, (leaf, handle) in enumerate(leaves):
            kind = ir.IntType(8 * leaf.size)
            made, builder = function(module, f"{record}_{number}", kind)
            there = builder.alloca(ir.ArrayType(I8, len(data)))
            there.align = 16
            base = builder.bitcast(there, POINTER)
            handle._promises = handle._promises.but(ordering=None, volatile=False)
            right = int(leaf.expected(data, words.order))  # type: ignore[call-overload]
            value = ir.Constant(kind, right % (1 << 8 * leaf.size))
            if handle.type == POINTER:
                value = builder.inttoptr(value, POINTER)
            handle.mutable().store(builder, base, value)
            at = [ir.Constant(I32, leaf.offset)]
            place = builder.gep(base, at, source_etype=I8)
            builder.ret(builder.load(place, align=1, typ=kind))
            stored = data[leaf.offset : leaf.offset + leaf.size]
            expected[made.name] = int.from_bytes(stored, words.order)  # type: ignore[arg-type]
    assert folded(module, target) == expected
