"""The example's counts of a module are those of Wasmtime's own translator."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from examples.module_counts import count_module
from tests.oracle.release_numbers import pairs
from tests.oracle.releases import BUILT, oracle, series

if TYPE_CHECKING:
    from collections.abc import Callable

MODULES = {
    "nothing at all": "(module)",
    "every way to escape": """(module
        (import "a" "first" (func)) (import "a" "second" (func))
        (table 3 (ref null func) (ref.func $in_table))
        (global funcref (ref.func $in_global))
        (func $unused) (func $in_table) (func $in_global) (func $start)
        (func $in_segment) (func $declared) (func $passive)
        (func (export "x") ref.func $declared drop)
        (export "again" (func $in_global)) (start $start)
        (elem (table 0) (i32.const 0) func $in_segment)
        (elem declare func $declared)
        (elem funcref (ref.func $passive) (ref.null func) (ref.func $in_segment))
        (elem (table 0) (i32.const 1) funcref (ref.func $passive)) (elem func 0))""",
    "every kind of import and definition": """(module
        (import "a" "t" (table 1 10 (ref null func)))
        (import "a" "m" (memory i64 1 2)) (import "a" "s" (memory 1 2 shared))
        (import "a" "e" (tag (param i32)))
        (import "a" "g" (global (mut (ref null func))))
        (memory 1 1 shared) (memory i64 0) (memory 1)
        (table 1 externref) (table i64 0 5 funcref)
        (global v128 (v128.const i64x2 1 2)) (global f64 (f64.const 1.5))
        (global f32 (f32.const 1)) (global i32 (i32.add (i32.const 700) (i32.const -5)))
        (tag (param i64)) (tag))""",
    "objects of the GC proposal": """(module
        (type $s (struct (field funcref))) (type $a (array funcref))
        (func $f) (func $g) (func $h) (elem declare func $h)
        (global (ref $s) (struct.new $s (ref.func $g)))
        (global (ref $a) (array.new_fixed $a 2 (ref.func $f) (ref.null func)))
        (global (ref null i31) (ref.i31 (i32.const 3)))
        (global (ref $s) (struct.new_default $s)))""",
    "segments that make an image": """(module
        (memory 1) (memory 2) (memory 1)
        (data (memory 0) (i32.const 8) "a") (data (memory 0) (i32.const 500) "b")
        (data (memory 2) (i32.const -65536) "") (data "passive") (data "another")
        (table 4 funcref) (func $f) (elem (i32.const 1) func $f $f))""",
    "an empty segment": """(module (memory 1) (data (i32.const 1) ""))""",
    "an image of zeros": """(module (memory 1) (data (i32.const 0) "\\00\\00"))""",
    "a segment for an imported memory": """(module (import "a" "m" (memory 1))
        (memory 1) (data (memory 1) (i32.const 0) "a") (data (i32.const 0) "b"))""",
    "a segment past the end": """(module (memory 1) (data (i32.const 65536) "a"))""",
    "a segment at a place that is not known": """(module
        (import "a" "g" (global i32)) (memory 1) (data (global.get 0) "abc"))""",
    "a sparse image": """(module (memory 1000)
        (data (i32.const 0) "a") (data (i32.const 0x3000000) "b"))""",
    "a start function": "(module (func $f) (start $f))",
    "a passive element segment": "(module (func $f) (elem func $f))",
    "a declarative element segment": "(module (func $f) (elem declare func $f))",
    "an element segment of expressions": """(module (table 1 funcref) (func $f)
        (elem (i32.const 0) funcref (ref.func $f)))""",
    "an element segment past the end": """(module (table 1 funcref) (func $f)
        (elem (i32.const 1) func $f))""",
    "an element segment for an imported table": """(module
        (import "a" "t" (table 1 funcref)) (func $f) (elem (i32.const 0) func $f))""",
    "a table of a function": "(module (func $f) (table 3 (ref func) (ref.func $f)))",
    "a table that begins with null": "(module (table 3 funcref (ref.null func)))",
    "a huge table of a function": """(module
        (func $f) (table 2000000 (ref func) (ref.func $f)))""",
    "a global that is a reference": "(module (global funcref (ref.null func)))",
    "a global that is a sum": "(module (global i32 (i32.add (i32.const 1) (i32.const 2))))",
}


@pytest.mark.parametrize("release", BUILT)
@pytest.mark.parametrize("text", MODULES.values(), ids=MODULES.keys())
def test_the_example_counts_a_module_as_wasmtime_does(
    wat2wasm: Callable[[str], bytes], text: str, release: str
) -> None:
    wasm = wat2wasm(text)
    (said,) = oracle(release).ask([f"module {wasm.hex()}"])
    answer = dict(pairs(said))
    func_refs = answer.pop("func_refs")

    counted = count_module(wasm, series(release))
    assert {k: str(v) for k, v in counted.by_name().items()} == answer
    assert (",".join(map(str, counted.func_refs)) or "-") == func_refs
