"""`typing.get_type_hints` on everything public that is generated."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from tests.python.generated import SCHEMAS, pythons, run

WALK = '''
import importlib, inspect, sys, typing

done = set()

def walked(thing, name, seen):
    """Everything public in a module or class that may have annotations."""
    for key, value in vars(thing).items():
        if key.startswith("_") and not (key.startswith("__") and callable(value)):
            continue
        where = f"{name}.{key}"
        if isinstance(value, (classmethod, staticmethod)):
            value = value.__func__
        if isinstance(value, property):
            yield from ((f, where) for f in (value.fget, value.fset) if f)
        elif inspect.isfunction(value):
            yield value, where
        elif type(value) is not type(list[int]) and inspect.isclass(value):
            if value in done or value.__module__ not in seen:
                continue
            done.add(value)
            yield value, where
            yield from walked(value, where, seen)

count = 0
names = sys.argv[1:]
for name in names:
    module = importlib.import_module(name)
    typing.get_type_hints(module)
    for thing, where in walked(module, name, names):
        try:
            typing.get_type_hints(thing)
        except Exception as error:
            print(f"{where}: {error!r}")
        count += 1
print(count > 300)
'''


@pytest.mark.parametrize("version", pythons())
def test_hints_of_everything_public(folder: Any, version: str) -> None:
    names = [*SCHEMAS, "vmgen_runtime"]
    code = f"import sys; sys.argv[1:] = {names}\n{WALK}"
    ran = run(folder, code, pythons()[version])
    assert (ran.code, ran.err) == (0, ""), ran.err
    assert ran.out == "True\n"


def test_hints_say_what_reading_gives(small: Any, vm: Any) -> None:
    hints = typing.get_type_hints(small.VMMemory)
    assert hints["base"] == vm.VmPtr[vm.u8]
    assert hints["length"] == vm.ReadOnly[int]
    assert typing.get_type_hints(small)["MAGIC"] is int
