"""Which of a schema's targets a binary was made for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmgen.binaries.image import BinaryError
from vmgen.targets.find import TARGETS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from vmgen.binaries.image import Machine
    from vmgen.layout.layouts import Layouts
    from vmgen.targets.find import Target

_NOT_ELF = frozenset(
    {"windows", "cygwin", "uefi", "macos", "ios", "tvos", "watchos", "visionos", "aix"}
)
"""Systems whose files are of another kind; the others' are ELF's where not WebAssembly's."""


def together(machine: Machine | None, other: Machine) -> Machine:
    """What several images of one program were made for, of which `machine` is what those
    before tell; not each of them tells the system. Raises `BinaryError`."""
    if machine is None:
        return other
    system = machine.system or other.system
    both = [replace(each, system=system) for each in (machine, other)]
    if both[0] != both[1]:
        raise BinaryError("its parts were made for different targets")
    return both[0]


def target_for(machine: Machine, layouts: Layouts, wanted: str | None) -> str:
    """The target that a binary was made for, which `wanted` names if it isn't None.

    Where a container doesn't tell systems apart on which the schema's types are laid out
    in different ways, Linux is meant, as with ELF's other tools. Raises `BinaryError`
    where the schema has no such target, or several that differ.
    """
    names = [t.name for t in layouts.module.targets]
    if wanted is not None:
        model = layouts.class_of(wanted).model
        alike = (model.pointer, model.endian) == (machine.pointer, machine.endian)
        if not alike or (wanted in TARGETS and not _fits(TARGETS[wanted], machine)):
            raise BinaryError(
                f"it wasn't made for {wanted}, but for {_spoken(machine)}"
            )
        return wanted
    fitting = [n for n in names if n in TARGETS and _fits(TARGETS[n], machine)]
    if not fitting:
        raise BinaryError(f"the schema has no target like its own, {_spoken(machine)}")
    linux = [name for name in fitting if TARGETS[name].os == "linux"]
    for some in fitting, linux:
        classes = {layouts.class_of(name).index: name for name in reversed(some)}
        if len(classes) == 1:
            return best_known(some)
    raise BinaryError(
        f"it may have been made for one of {', '.join(sorted(classes.values()))}, which "
        "differ: name it by --target"
    )


def target_of(machine: Machine, wanted: str | None) -> str:
    """The target that a binary was made for, where no schema says which there are.

    That is `wanted` if it isn't None, else the best known of those that it may be for.
    Raises `BinaryError` where there is none.
    """
    if wanted is not None:
        if not _fits(TARGETS[wanted], machine):
            raise BinaryError(
                f"it wasn't made for {wanted}, but for {_spoken(machine)}"
            )
        return wanted
    fitting = [name for name, target in TARGETS.items() if _fits(target, machine)]
    if not fitting:
        raise BinaryError(f"rustc has no target like its own, {_spoken(machine)}")
    linux = [name for name in fitting if TARGETS[name].os == "linux"]
    return min(sorted(linux or fitting, reverse=True), key=_oddness)


def best_known(names: Iterable[str]) -> str:
    """Of targets that are alike, the one that most people know."""
    return min(sorted(names, reverse=True), key=_oddness)


def _oddness(name: str) -> tuple[bool, bool, bool, int]:
    """What puts the best known of several targets first."""
    target = TARGETS.get(name)
    named = target is not None and name.startswith(f"{target.arch}-")
    return (
        not name.endswith("-unknown-linux-gnu"),
        "-unknown-" not in name,
        not named,
        len(name),
    )


def _fits(target: Target, machine: Machine) -> bool:
    if (target.model.pointer, target.endian) != (machine.pointer, machine.endian):
        return False
    if machine.arch and not _same_arch(target.arch, machine.arch):
        return False
    if machine.system:
        return target.os == machine.system
    return machine.arch.startswith("wasm") or target.os not in _NOT_ELF


def _same_arch(arch: str, machine: str) -> bool:
    """rustc tells revisions of some processors apart that containers don't."""
    return arch == machine or (
        arch.startswith(machine)
        and arch[len(machine) :] in ("r6", "32r6", "64r6", "ec")
    )


def _spoken(machine: Machine) -> str:
    arch = machine.arch or "an unknown processor"
    system = f" on {machine.system}" if machine.system else ""
    return f"{arch}{system} ({machine.pointer * 8} bits, {machine.endian} endian)"
