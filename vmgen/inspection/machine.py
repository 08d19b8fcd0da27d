"""Which of a schema's targets a memory is of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.binaries.arches import arch_of
from vmgen.binaries.image import BinaryError, Machine
from vmgen.binaries.targets import target_for

if TYPE_CHECKING:
    from vmgen.languages.python.runtime.memory import Memory
    from vmgen.layout.layouts import Layouts


def target_of(memory: Memory, layouts: Layouts, wanted: str | None) -> str:
    """The target that a memory is of, which `wanted` names if it isn't None.

    Raises `BinaryError` where the schema has no such target, or several that differ.
    """
    if memory.machine is not None and memory.pointer and memory.order:
        arch = arch_of(memory.machine, memory.pointer)
        machine = (
            Machine(arch, memory.pointer, "little")
            if memory.order == "little"
            else Machine(arch, memory.pointer, "big")
        )
        return target_for(machine, layouts, wanted)
    if wanted is not None:
        return wanted
    targets = layouts.module.targets
    alike = {(layouts.class_of(t.name).index, t.model.endian) for t in targets}
    if len(alike) == 1:
        return targets[0].name
    raise BinaryError("plain bytes say nothing of their machine: name it by --target")
