"""What is told of records: one finding for one cause, and what follows from it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.changes.pairs import compared, report, told

STORE = "types:\n  Store: {{kind: struct, fields: {{{}}}}}\n"


def fields(*names: str) -> str:
    return STORE.format(", ".join(names))


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            fields("a: u32", "b: u64", "c: u8"),
            fields("a: u32", "n: usize", "b: u64", "c: u8"),
            "VM401 `Store.n` is added at 8 on 64-bit targets and at 4 on "
            "i686-unknown-linux-gnu; `b` and everything behind it move by 8 on 64-bit targets, "
            "`b` and everything behind it move by 4 on i686-unknown-linux-gnu",
            id="one in the middle",
        ),
        pytest.param(
            fields("a: u32", "b: u32"),
            fields("a: u32", "b: u32", "c: u64"),
            "VM401 `Store.c` is added at 8; its size goes from 8 to 16 and its alignment goes "
            "from 4 to 8 on 64-bit targets, its size goes from 8 to 16 on "
            "i686-unknown-linux-gnu",
            id="one at the end",
        ),
        pytest.param(
            fields("a: u32", "b: VmPtr<u8>"),
            fields("a: u32", "c: u32", "b: VmPtr<u8>"),
            "VM401 `Store.c` is added at 4; `b` moves by 4 on i686-unknown-linux-gnu",
            id="one in what was padding on some targets",
        ),
        pytest.param(
            fields("a: u64", "b: u32", "c: u32"),
            fields("a: u64", "c: u32"),
            "VM402 `Store.b` is removed; `c` moves by -4 on every target",
            id="one gone",
        ),
        pytest.param(
            fields("a: u32", "b: u32"),
            fields("b: u32", "a: u32"),
            "VM403 `a` of `Store` is in another place; `b` moves by -4 and `a` moves by 4 on "
            "every target",
            id="another order",
        ),
        pytest.param(
            fields("a: {type: u32, bits: 3}", "b: {type: u32, bits: 5}"),
            fields(
                "a: {type: u32, bits: 3}",
                "n: {type: u32, bits: 2}",
                "b: {type: u32, bits: 5}",
            ),
            "VM401 `Store.n` is added at 0.3; `b` moves by 2 bits on every target",
            id="a bit-field in the middle",
        ),
        pytest.param(
            fields("a: {type: u32, bits: 3}", "b: {type: u32, bits: 5}"),
            fields("a: {type: u32, bits: 4}", "b: {type: u32, bits: 5}"),
            "VM404 `Store.a` has 4 bits instead of 3 bits; `b` moves by 1 bit on every target",
            id="another width",
        ),
        pytest.param(
            fields("a: {type: u32, bits: 3}", "b: {type: u32, bits: 5}", "c: u8"),
            fields(
                "a: {type: u32, bits: 3}",
                "b: {type: u32, bits: 5}",
                "n: {type: u32, bits: 9}",
                "c: u8",
            ),
            "VM401 `Store.n` is added at 1.0; `c` moves by 2 on every target",
            id="bits before whole bytes",
        ),
        pytest.param(
            fields("a: {type: u32, bits: 3}", "b: {type: u32, bits: 5}"),
            fields("b: {type: u32, bits: 5}", "a: {type: u32, bits: 3}"),
            "VM403 `a` of `Store` is in another place; `b` moves by -3 bits and `a` moves by 5 bits on every target",
            id="another order of bits",
        ),
        pytest.param(
            fields("a: u32", "b: u32", "c: u32"),
            fields("a: u64", "b: u32", "c: u32"),
            "VM404 `Store.a` is `u64` instead of `u32`; `b` and everything behind it move by 4 "
            "on every target",
            id="another type",
        ),
        pytest.param(
            "types:\n  Word: {kind: union, fields: {a: u32, b: u64}}\n",
            "types:\n  Word: {kind: union, fields: {b: u64, a: u32}}\n",
            "VM461 `a` of `Word` is in another place among the members, with the same bytes",
            id="another order in a union",
        ),
        pytest.param(
            "types:\n  State: {kind: enum, tag: u32, variants: [A, B]}\n",
            "types:\n  State: {kind: enum, tag: u8, variants: [A, B]}\n",
            "VM405 the tag of `State` is `u8` instead of `u32`; its size goes from 4 to 1 and "
            "its alignment goes from 4 to 1 on every target",
            id="another tag",
        ),
        pytest.param(
            "types:\n  Tagged: {kind: enum, tag: u32, variants: {A: u32, B: u32}}\n",
            "types:\n  Tagged: {kind: enum, tag: u32, variants: {A: u32, B: u64}}\n",
            "VM404 `Tagged::B` holds `u64` instead of `u32`; `payload` moves by 4 on 64-bit "
            "targets, its size goes from 8 to 12 on i686-unknown-linux-gnu",
            id="another payload",
        ),
        pytest.param(
            "types:\n  Index: {kind: newtype, of: u32}\n",
            "types:\n  Index: {kind: newtype, of: u64}\n",
            "VM404 `Index` wraps `u64` instead of `u32`; its size goes from 4 to 8 and its "
            "alignment goes from 4 to 8 on 64-bit targets, its size goes from 4 to 8 on "
            "i686-unknown-linux-gnu",
            id="another type in a newtype",
        ),
        pytest.param(
            "types:\n  Handle: {kind: foreign, size: 8, align: 8}\n",
            "types:\n  Handle: {kind: foreign, size: 16, align: 8}\n",
            "VM405 `Handle` is laid out in another way; its size goes from 8 to 16 on every "
            "target",
            id="another size of a foreign type",
        ),
        pytest.param(
            'types:\n  Calls: {kind: functions, functions: {a: "()", b: "()"}}\n',
            'types:\n  Calls: {kind: functions, functions: {n: "(x: u32)", a: "()", b: "()"}}\n',
            "VM401 `Calls.n` is added at 0; `a` and everything behind it move by 8 on 64-bit "
            "targets, `a` and everything behind it move by 4 on i686-unknown-linux-gnu",
            id="a slot before others",
        ),
        pytest.param(
            "types:\n  E: {kind: enum, tag: u8, variants: [A, B, C]}\n",
            "types:\n  E: {kind: enum, tag: u8, variants: [A, N, B, C]}\n",
            "VM410 `E::N` is added, which is 1",
            id="a variant that others are counted on from",
        ),
    ],
)
def test_one_cause_is_one_finding(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert told(tmp_path, old, new) == [expected]


DEEP = """
types:
  Inner: {{kind: struct, fields: {{a: u32, {}p: VmPtr<u8>}}}}
  Wrapped: {{kind: newtype, of: Inner}}
  Middle: {{kind: struct, fields: {{x: u64, pair: "[Wrapped; 2]", y: usize}}}}
  Choice: {{kind: enum, tag: u32, variants: {{A: u8, B: Inner}}}}
  Pointing: {{kind: struct, fields: {{inner: VmPtr<Inner>, z: u64}}}}
  Instance:
    kind: context
    counts: [num_inner]
    fields: {{magic: u64}}
    regions: {{inner: "[Inner; num_inner]", last: Middle}}
"""


def test_what_holds_it_by_value_follows_from_it(tmp_path: Path) -> None:
    said = report(tmp_path, DEEP.format(""), DEEP.format("n: u64, "))
    assert said == CASCADE


CASCADE = """\
new.vm.yaml:6:42: error[VM401]: `Inner.n` is added at 8 on 64-bit targets and at 4 on i686-unknown-linux-gnu; `p` moves by 8 on every target
  |
6 |   Inner: {kind: struct, fields: {a: u32, n: u64, p: VmPtr<u8>}}
  |                                          ^
  = note: for compiled code: breaks compiled artifacts, Rust source and Python readers
  = note: on 64-bit targets: offset of `p` 8 -> 16 and size 16 -> 24
  = note: `Wrapped`, on 64-bit targets: size 16 -> 24
  = note: `Middle`, on 64-bit targets: offset of `y` 40 -> 56 and size 48 -> 64
  = note: `Choice`, on 64-bit targets: size 24 -> 32
  = note: `Instance`, on 64-bit targets: stride of `inner` 16 -> 24, offset of `last` 24 -> 32 with num_inner = 1, stride of `last` 48 -> 64 and size 56 -> 72
  = note: on i686-unknown-linux-gnu: offset of `p` 4 -> 12 and size 8 -> 16
  = note: `Wrapped`, on i686-unknown-linux-gnu: size 8 -> 16
  = note: `Middle`, on i686-unknown-linux-gnu: offset of `y` 24 -> 40 and size 28 -> 44
  = note: `Choice`, on i686-unknown-linux-gnu: size 12 -> 20
  = note: `Instance`, on i686-unknown-linux-gnu: stride of `inner` 8 -> 16, offset of `last` 16 -> 24 with num_inner = 1, stride of `last` 28 -> 44 and size 36 -> 52

fingerprint on x86_64-unknown-linux-gnu  2236f0d23ddbe95b -> ac395f7a139face0
fingerprint on i686-unknown-linux-gnu    625b6af7fb578d97 -> 5594f73c05069c62
fingerprint on s390x-unknown-linux-gnu   8e15a44d72251617 -> e0828c4eeff30a39
1 change from old.vm.yaml to new.vm.yaml: 1 for compiled code; 1 fails
"""


def test_two_causes_are_two_findings(tmp_path: Path) -> None:
    old = fields("a: u32", "b: u32", "c: u32", "d: u32")
    new = fields("a: u32", "n: u32", "b: u32", "c: u64", "d: u32")
    assert told(tmp_path, old, new) == [
        "VM401 `Store.n` is added at 4; `b` moves by 4 and `c` moves by 8 on 64-bit targets, "
        "`b` and 1 more move by 4 on i686-unknown-linux-gnu",
        "VM404 `Store.c` is `u64` instead of `u32`; `d` moves by 12 on 64-bit targets, `d` "
        "moves by 8 on i686-unknown-linux-gnu",
    ]


def test_a_change_of_an_alignment_beside_another_is_told_by_itself(
    tmp_path: Path,
) -> None:
    old = "types:\n  Store: {kind: struct, fields: {a: u32}}\n"
    new = "types:\n  Store: {kind: struct, align: 16, fields: {a: u32, b: u32}}\n"
    assert told(tmp_path, old, new) == [
        "VM401 `Store.b` is added at 4",
        "VM405 `Store` is aligned to 16 instead of 4; its size goes from 4 to 16 and its "
        "alignment goes from 4 to 16 on every target",
    ]


def test_nothing_changed(tmp_path: Path) -> None:
    assert compared(tmp_path, DEEP.format(""), DEEP.format("")).found == ()


OLD_CONTEXT = """
types:
  Tag: {kind: struct, fields: {index: u32}}
  Ref: {kind: struct, fields: {call: VmPtr<u8>}}
  Instance:
    kind: context
    counts: [num_tags, num_refs]
    flags: [has_last]
    fields: {magic: u64}
    regions:
      tags: "[Tag; num_tags]"
      refs: {type: "[Ref; num_refs]", align: none, allow: {misaligned-region: as it was}}
      last: {type: Ref, when: has_last, align: none, allow: {misaligned-region: as it was}}
"""


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            'refs: {type: "[Ref; num_refs]", align: none, ',
            'refs: {type: "[Ref; num_refs]", ',
            "VM408 the begin of `Instance.refs` is rounded up to the alignment of its elements; "
            "`refs` and everything behind it move by 4 when num_tags is odd on 64-bit targets",
            id="a region is aligned",
        ),
        pytest.param(
            "fields: {magic: u64}",
            "fields: {magic: u64, more: u32}",
            "VM401 `Instance.more` is added at 8; `tags` and everything behind it move by 4 on "
            "every target",
            id="a fixed field",
        ),
        pytest.param(
            "fields: {index: u32}",
            "fields: {index: u64}",
            "VM404 `Tag.index` is `u64` instead of `u32`; its size goes from 4 to 8 and its "
            "alignment goes from 4 to 8 on 64-bit targets, its size goes from 4 to 8 on "
            "i686-unknown-linux-gnu",
            id="a stride",
        ),
        pytest.param(
            "when: has_last, ",
            "",
            "VM408 `Instance.last` is always there instead of when `has_last` is set; its size "
            "moves by 8 when has_last is not set on 64-bit targets, its size moves by 4 when "
            "has_last is not set on i686-unknown-linux-gnu",
            id="a condition",
        ),
        pytest.param(
            'tags: "[Tag; num_tags]"',
            'tags: "[Tag; num_refs]"',
            "VM408 `Instance.tags` has `num_refs` elements instead of `num_tags`; `refs` and "
            "everything behind it move with num_refs and num_tags on every target",
            id="a count",
        ),
        pytest.param(
            "    regions:\n",
            '    regions:\n      more: "[Tag; num_tags]"\n',
            "VM401 `Instance.more` is added; `tags` and everything behind it move with num_tags "
            "on every target",
            id="a region more",
        ),
        pytest.param(
            '      tags: "[Tag; num_tags]"\n',
            "",
            "VM402 `Instance.tags` is removed; `refs` and everything behind it move with num_tags "
            "on every target",
            id="a region less",
        ),
    ],
)
def test_what_a_context_depends_on(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert old in OLD_CONTEXT
    found = compared(tmp_path, OLD_CONTEXT, OLD_CONTEXT.replace(old, new)).found
    told_first = [f"{f.kind.code} {f.message}" for f in found if f.kind.level != "none"]
    assert told_first == [expected]


def test_a_formula_that_is_the_same_but_for_a_count_says_so(tmp_path: Path) -> None:
    new = OLD_CONTEXT.replace("align: none, ", "", 1)
    found = compared(tmp_path, OLD_CONTEXT, new).found[0]
    assert found.details == (
        "on 64-bit targets: offset of `refs` 12 -> 16 with num_tags = 1 (the same unless "
        "num_tags is odd), offset of `last` 12 -> 16 with num_tags = 1 (the same unless num_tags "
        "is odd) and size 12 -> 16 with num_tags = 1 (the same unless num_tags is odd)",
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        pytest.param(
            fields("a: u32", "b: u64"),
            fields("a: u32", "c: u64"),
            "VM441 `Store.b` is called `c`",
            id="a field",
        ),
        pytest.param(
            "types:\n  E: {kind: enum, tag: u8, variants: [A, B]}\n",
            "types:\n  E: {kind: enum, tag: u8, variants: [A, C]}\n",
            "VM441 `E::B` is called `C`",
            id="a variant",
        ),
        pytest.param(
            OLD_CONTEXT,
            OLD_CONTEXT.replace("num_tags", "num_t"),
            "VM441 the count `num_tags` of `Instance` is called `num_t`",
            id="a count",
        ),
        pytest.param(
            OLD_CONTEXT,
            OLD_CONTEXT.replace("tags:", "all_tags:"),
            "VM441 `Instance.tags` is called `all_tags`",
            id="a region",
        ),
        pytest.param(
            OLD_CONTEXT,
            OLD_CONTEXT.replace("Ref", "FuncRef"),
            "VM441 `Ref` is called `FuncRef`",
            id="a type",
        ),
        pytest.param(
            "constants: {A: {type: u32, value: 7}}\n",
            "constants: {B: {type: u32, value: 7}}\n",
            "VM441 the constant `A` is called `B`",
            id="a constant",
        ),
        pytest.param(
            "types: {A: {kind: newtype, of: u32}, X: {kind: struct, fields: {a: A}}}\n",
            "types: {B: {kind: newtype, of: u32}, X: {kind: struct, fields: {a: B}}}\n",
            "VM441 `A` is called `B`",
            id="a type that its use tells",
        ),
    ],
)
def test_another_name_is_told_as_such(
    tmp_path: Path, old: str, new: str, expected: str
) -> None:
    assert told(tmp_path, old, new) == [expected]


def test_what_is_another_thing_has_no_other_name(tmp_path: Path) -> None:
    assert told(tmp_path, fields("a: u32", "b: u64"), fields("a: u32", "c: i64")) == [
        "VM402 `Store.b` is removed",
        "VM401 `Store.c` is added at 8 on 64-bit targets and at 4 on i686-unknown-linux-gnu",
    ]


def test_regions_that_are_rounded_alike_are_one_finding(tmp_path: Path) -> None:
    new = OLD_CONTEXT.replace("align: none, ", "")
    assert told(tmp_path, OLD_CONTEXT, new) == [
        "VM408 the begin of `Instance.refs`, of `last` too, is rounded up to the alignment of "
        "its elements; `refs` and everything behind it move by 4 when num_tags is odd on 64-bit "
        "targets"
    ]


def test_another_index_of_a_count_is_of_source(tmp_path: Path) -> None:
    index = "types:\n  TagIndex: {kind: newtype, of: u32}\n"
    old = OLD_CONTEXT.replace("types:\n", index)
    new = old.replace(
        "counts: [num_tags, num_refs]",
        "counts: {num_tags: {index: TagIndex}, num_refs: }",
    )
    assert told(tmp_path, old, new) == [
        "VM462 what `num_tags` of `Instance` counts is numbered by `TagIndex` instead of `u32`"
    ]
