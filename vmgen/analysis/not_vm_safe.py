"""The declared types that aren't VmSafe, of modules that don't promise it of all of theirs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.order import held_types
from vmgen.analysis.vmsafe import misuses
from vmgen.schema.mentions import mentioned_types

if TYPE_CHECKING:
    from vmgen.schema import model as m


def not_vm_safe(module: m.Module) -> frozenset[str]:
    """The types of `c-abi` modules, own and used, that hold or lead to what VmSafe doesn't
    admit. A type of a module that lives by VmSafe is VmSafe: what it is allowed is a promise.
    """
    admitting = {one.name for one in (*module.modules_used, module) if one.profile}
    if not admitting:
        return frozenset()
    of_c = {
        name: declared
        for name, declared in module.types.items()
        if module.used.get(name, module.name) in admitting
    }
    users: dict[str, list[str]] = {}
    found: set[str] = set()
    for name, declared in of_c.items():
        for mentioned in mentioned_types([declared]):
            users.setdefault(mentioned, []).append(name)
        if any(misuses(type, module.types) for type in held_types(declared)):
            found.add(name)
    pending = [*found]
    while pending:
        for user in users.get(pending.pop(), ()):
            if user not in found and _holds(of_c[user], module, frozenset(found)):
                found.add(user)
                pending.append(user)
    return frozenset(found)


def _holds(declared: m.Declaration, module: m.Module, found: frozenset[str]) -> bool:
    return any(misuses(type, module.types, found) for type in held_types(declared))
