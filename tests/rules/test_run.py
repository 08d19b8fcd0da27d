"""How the rules are run: in which order, on what, and what comes back."""

from __future__ import annotations

from pathlib import Path

from tests.support import findings, write_schema
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.rules import registry, run_rules
from vmgen.rules.registry import TOPICS, Rule, checked_rules, rules_of
from vmgen.schema import load_module

SOUND = "types: {Memory: {kind: struct, fields: {base: VmPtr<u8>, length: usize}}}"


def run(path: Path, report: Report) -> Layouts | None:
    module = load_module(path, path.name, report)
    assert module is not None
    return run_rules(module, report)


def test_a_sound_module_comes_back_with_the_layouts_that_were_judged(
    tmp_path: Path,
) -> None:
    report = Report()
    layouts = run(write_schema(tmp_path, SOUND), report)
    assert layouts is not None
    record = layouts.record("Memory", layouts.class_of("x86_64-unknown-linux-gnu"))
    assert (record.size, record.offsets) == (16, (0, 8))
    assert len(report) == 0


def test_a_warning_keeps_nothing_back(tmp_path: Path) -> None:
    report = Report()
    text = "types: {Store: {kind: struct, fields: {base: VmPtr<u8>, fuel: u64}}}"
    assert run(write_schema(tmp_path, text), report) is not None
    assert [found.severity for found in report] == ["warning"]


def test_an_error_keeps_the_layouts_back(tmp_path: Path) -> None:
    report = Report()
    text = "types: {Store: {kind: struct, fields: {shared: bool}}}"
    assert run(write_schema(tmp_path, text), report) is None


def test_errors_in_another_schema_of_the_run_are_not_this_ones(tmp_path: Path) -> None:
    report = Report()
    bad = "types: {Store: {kind: struct, fields: {shared: bool, x: Unknown}}}"
    assert run(write_schema(tmp_path, bad, "bad.vm.yaml"), report) is None
    assert run(write_schema(tmp_path, SOUND), report) is not None


def test_everything_that_can_be_said_is_said_in_one_run(tmp_path: Path) -> None:
    said = findings(
        write_schema(
            tmp_path,
            """
            targets: [x86_64-unknown-linux-gnu]
            types:
              Store:
                kind: struct
                fields: {type: u32, shared: bool, base: "*mut u8"}
                expect_size: 12
              State: {kind: enum, tag: u8, variants: {A: 256, B: 256}}
            """,
        )
    )
    codes = ["VM011", "VM101", "VM102", "VM208", "VM209", "VM209", "VM210"]
    assert sorted(line.split("[")[1][:5] for line in _heads(said)) == codes


def _heads(said: str) -> list[str]:
    return [line for line in said.splitlines() if ": error[" in line]


def test_without_a_layout_nothing_is_said_of_numbers(tmp_path: Path) -> None:
    said = findings(
        write_schema(
            tmp_path,
            """
            types:
              Pair: {kind: struct, fields: {both: "(u8, u16)"}, expect_size: 3}
              Frame: {kind: struct, fields: {caller: Frame}, expect_size: 3}
            """,
        )
    )
    assert [h.split("[")[1][:5] for h in _heads(said)] == ["VM104", "VM201"]


def test_what_the_readers_left_out_is_not_missed_by_the_rules(tmp_path: Path) -> None:
    said = findings(
        write_schema(
            tmp_path,
            """
            types:
              Import: {kind: struct, fields: {memory: VmPtr<Memroy>}, expect_size: 8}
              Wrapper: {kind: struct, fields: {bits: u32, more: Memroy}}
              Builtins: {kind: functions, functions: {f: "(a: Wrapper)"}}
            """,
        )
    )
    assert [h.split("[")[1][:5] for h in _heads(said)] == ["VM008", "VM008"]


def test_without_a_known_target_the_rules_still_have_their_say(tmp_path: Path) -> None:
    said = findings(
        write_schema(
            tmp_path,
            """
            targets: [x86-64-linux]
            types:
              State: {kind: enum, tag: usize, variants: {Idle: 0, Busy: 70000}}
              Small: {kind: enum, tag: u8, variants: {Idle: 0, Busy: 256}}
              Handle: {kind: foreign, size: {64: 12}, align: {64: 8}}
              Store:
                kind: struct
                fields:
                  wide: AtomicU64
                  wider: u128
                  shared: bool
                  state: {type: State, expect_offset: {x86_64-linux: 8}}
                expect_size: 16
              Instance: {kind: context, counts: [n], regions: {a: "[Store; n]"}}
            """,
        )
    )
    codes = [head.split("[")[1][:5] for head in _heads(said)]
    assert codes == ["VM301", "VM209", "VM101", "VM305"]


def test_every_file_with_rules_is_a_topic() -> None:
    folder = Path(registry.__file__).parent
    files = {
        path.stem
        for path in folder.glob("*.py")
        if "\n@rule(" in path.read_text() or "= Rule(\n" in path.read_text()
    }
    assert files == set(TOPICS)


def test_every_rule_with_a_function_has_a_stage_that_is_run() -> None:
    stages = {rule.stage for rule in checked_rules()}
    assert stages == {"model", "cycles", "layout", "last"}
    assert all(isinstance(r, Rule) and r.check is None for r in rules_of("syntax"))


def test_every_example_belongs_to_a_rule() -> None:
    folder = Path(registry.__file__).parent / "examples"
    names = {path.name for path in folder.iterdir()}
    expected = {
        path.name for rule in registry.all_rules() for path in rule.example_paths
    }
    assert names == expected | {"fragment.vm.yaml"}
