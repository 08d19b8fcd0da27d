"""What each part is to a compiler: value, width, alignment, promises, alias region."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support import write_schema
from vmgen.analysis.alias_regions import AliasRegion
from vmgen.analysis.values import Scalar, Value
from vmgen.layout.accesses import Accesses
from vmgen.layout.layouts import Layouts
from vmgen.reading.diagnostics import Report
from vmgen.report import full
from vmgen.schema.loader import load_module
from vmgen.schema.types import CNumber, Int, Named, Unit, VmPtr

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.analysis.values import Ranges
    from vmgen.layout.accesses import Access

HEAD = """\
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu, s390x-unknown-linux-gnu, i686-unknown-linux-gnu]
constants:
  T_MAGIC: {type: u32, value: 0x1234}
types:
"""

OTHERS = """\
  Leaf: {kind: struct, fields: {x: u32}}
  Far: {kind: opaque}
  Plain: {kind: enum, tag: u8, variants: [A, B]}
  Sure: {kind: enum, tag: i16, trusted: the host alone writes it,
    variants: [{Low: -2}, {Next: -1}, {Far: 7}]}
  Handle: {kind: newtype, of: u32}
  Boxed: {kind: newtype, of: "Option<VmPtr<Leaf>>"}
  Elsewhere: {kind: foreign, rust: core::num::Wrapping<u32>, size: 4, align: 4}
"""


def accesses(folder: Path, types: str, more: str = "") -> Accesses:
    """The layout classes are those of x86_64, of s390x, where a u128 is aligned to 8, and
    of i686, where a u64 is aligned to 4."""
    report = Report()
    path = write_schema(folder, HEAD.replace("constants:", f"{more}constants:") + types)
    # Much of it is allowed with a reason only, which is no matter here.
    module = load_module(path, path.name, report)
    assert module is not None, full.render(report)
    found = Accesses(Layouts(module))
    assert len(found.layouts.classes) == 3
    return found


def field(folder: Path, type: str, more: str = "") -> Access:
    text = f"  T: {{kind: struct, fields: {{it: {{type: '{type}'{more}}}}}}}\n"
    (access,) = accesses(folder, text + OTHERS).of_record("T")
    assert (access.name, access.role, access.offsets) == ("it", "field", (0, 0, 0))
    assert access.alias_region is None or access.alias_region.name == "T.it"
    return access


LEAF = Named("Leaf")
CHARS: Ranges = ((0, 0xD7FF), (0xE000, 0x10FFFF))
U64 = (1 << 64) - 1


def integer(bytes: int | None, **more: object) -> Scalar:
    return Scalar("int", bytes, **more)  # type: ignore[arg-type]


def pointer(pointee: object, **more: object) -> Scalar:
    return Scalar("pointer", None, pointee=pointee, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type", "scalar", "sizes", "aligns"),
    [
        ("u8", integer(1), (1, 1, 1), (1, 1, 1)),
        ("i8", integer(1, signed=True), (1, 1, 1), (1, 1, 1)),
        ("u16", integer(2), (2, 2, 2), (2, 2, 2)),
        ("i16", integer(2, signed=True), (2, 2, 2), (2, 2, 2)),
        ("u32", integer(4), (4, 4, 4), (4, 4, 4)),
        ("i32", integer(4, signed=True), (4, 4, 4), (4, 4, 4)),
        ("u64", integer(8), (8, 8, 8), (8, 8, 4)),
        ("i64", integer(8, signed=True), (8, 8, 8), (8, 8, 4)),
        ("u128", integer(16), (16, 16, 16), (16, 8, 16)),
        ("i128", integer(16, signed=True), (16, 16, 16), (16, 8, 16)),
        ("usize", integer(None), (8, 8, 4), (8, 8, 4)),
        ("isize", integer(None, signed=True), (8, 8, 4), (8, 8, 4)),
        ("f32", Scalar("float", 4), (4, 4, 4), (4, 4, 4)),
        ("f64", Scalar("float", 8), (8, 8, 8), (8, 8, 4)),
        ("UnsafeCell<u64>", integer(8), (8, 8, 8), (8, 8, 4)),
        ("Handle", integer(4), (4, 4, 4), (4, 4, 4)),
        ("Plain", integer(1), (1, 1, 1), (1, 1, 1)),
        ("VmPtr<Leaf>", pointer(LEAF), (8, 8, 4), (8, 8, 4)),
        ("Option<VmPtr<Leaf>>", pointer(LEAF, nullable=True), (8, 8, 4), (8, 8, 4)),
        ("Boxed", pointer(LEAF, nullable=True), (8, 8, 4), (8, 8, 4)),
        ("NonNull<Leaf>", pointer(LEAF), (8, 8, 4), (8, 8, 4)),
        ("*mut Leaf", pointer(LEAF, nullable=True), (8, 8, 4), (8, 8, 4)),
        ("*const Leaf", pointer(LEAF, nullable=True), (8, 8, 4), (8, 8, 4)),
        ("VmPtr<u8>", pointer(Int("u8")), (8, 8, 4), (8, 8, 4)),
    ],
)
def test_a_value_is_as_wide_and_as_aligned_as_its_type(
    tmp_path: Path,
    type: str,
    scalar: Scalar,
    sizes: tuple[int, ...],
    aligns: tuple[int, ...],
) -> None:
    access = field(tmp_path, type)
    assert access.scalar == scalar
    assert access.sizes == access.strides == sizes
    assert access.aligns == aligns
    assert access.ranges == (None, None, None)
    assert access.ordering is None
    assert not access.readonly
    assert not access.can_move
    assert not access.little_endian


@pytest.mark.parametrize(
    ("type", "ranges"),
    [
        ("bool", [((0, 1),)] * 3),
        ("AtomicBool", [((0, 1),)] * 3),
        ("char", [CHARS] * 3),
        ("NonZeroU8", [((1, 255),)] * 3),
        ("NonZeroI8", [((-128, -1), (1, 127))] * 3),
        ("NonZeroU64", [((1, U64),)] * 3),
        ("NonZeroUsize", [((1, U64),), ((1, U64),), ((1, 0xFFFF_FFFF),)]),
        ("Option<NonZeroUsize>", [None] * 3),
        ("Option<NonZeroI8>", [None] * 3),
        ("Sure", [((-2, -1), (7, 7))] * 3),
        ("Plain", [None] * 3),
        ("[Sure; 2]", [((-2, -1), (7, 7))] * 3),
    ],
)
def test_what_a_type_rules_out_is_no_valid_value(
    tmp_path: Path, type: str, ranges: list[Ranges | None]
) -> None:
    assert list(field(tmp_path, type).ranges) == ranges


@pytest.mark.parametrize(
    ("type", "scalar"),
    [
        ("AtomicU8", integer(1, atomic=True)),
        ("AtomicI32", integer(4, signed=True, atomic=True)),
        ("AtomicU64", integer(8, atomic=True)),
        ("AtomicUsize", integer(None, atomic=True)),
        ("AtomicBool", integer(1, atomic=True, ranges=((0, 1),))),
    ],
)
def test_an_atomic_is_in_the_order_that_is_right_for_all(
    tmp_path: Path, type: str, scalar: Scalar
) -> None:
    access = field(tmp_path, type)
    assert (access.scalar, access.ordering) == (scalar, "seq_cst")
    # Rust's atomics are aligned to their size on i686 too.
    assert access.aligns == access.sizes


def test_a_constant_is_the_only_value(tmp_path: Path) -> None:
    access = field(tmp_path, "u32", ", value: T_MAGIC")
    assert access.ranges == (((0x1234, 0x1234),),) * 3


def test_promises_of_a_field_are_those_of_the_schema(tmp_path: Path) -> None:
    access = field(tmp_path, "u32", ", access: [readonly, can_move], endian: little")
    assert (access.readonly, access.can_move, access.little_endian) == (True,) * 3
    assert field(tmp_path, "u32", ", access: [readonly]").can_move is False


@pytest.mark.parametrize(
    ("type", "value", "sizes", "strides"),
    [
        (
            "[u16; 3]",
            Value(Int("u16"), integer(2), count=3, array=True),
            (6, 6, 6),
            (2, 2, 2),
        ),
        (
            "[[usize; 3]; 2]",
            Value(Int("usize"), integer(None), count=6, array=True),
            (48, 48, 24),
            (8, 8, 4),
        ),
        (
            "[u8; 1]",
            Value(Int("u8"), integer(1), count=1, array=True),
            (1, 1, 1),
            (1, 1, 1),
        ),
        (
            "[Leaf; 4]",
            Value(LEAF, None, "Leaf", count=4, array=True),
            (16, 16, 16),
            (4, 4, 4),
        ),
        ("Leaf", Value(LEAF, None, "Leaf"), (4, 4, 4), (4, 4, 4)),
        ("Elsewhere", Value(Named("Elsewhere"), None, "Elsewhere"), (4,) * 3, (4,) * 3),
    ],
)
def test_an_aggregate_is_nothing_to_load(
    tmp_path: Path,
    type: str,
    value: Value,
    sizes: tuple[int, ...],
    strides: tuple[int, ...],
) -> None:
    access = field(tmp_path, type)
    assert access.value == value
    assert value.is_aggregate
    assert access.scalar is None
    assert (access.sizes, access.strides) == (sizes, strides)


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("VmPtr<Leaf>", Value(LEAF, None, "Leaf")),
        ("VmPtr<[Leaf; 2]>", Value(LEAF, None, "Leaf", 2, array=True)),
        ("VmPtr<u8>", Value(Int("u8"), integer(1))),
        ("VmPtr<AtomicU64>", Value(Named("AtomicU64"), integer(8, atomic=True))),
        (
            "VmPtr<Option<VmPtr<u8>>>",
            Value(VmPtr(Int("u8")), pointer(Int("u8"), nullable=True)),
        ),
        ("VmPtr<Far>", None),
        ("VmPtr<()>", None),
        ("u32", None),
    ],
)
def test_a_pointer_leads_to_what_its_type_says(
    tmp_path: Path, type: str, value: Value | None
) -> None:
    text = f"  T: {{kind: struct, fields: {{it: '{type}'}}}}\n"
    found = accesses(tmp_path, text + OTHERS)
    (access,) = found.of_record("T")
    pointee = access.points_to.value if access.points_to else None
    assert (access.points_to is None) == (type == "u32")
    assert (pointee is None) == (value is None)
    if pointee is not None and value is not None:
        assert (pointee.scalar, pointee.record) == (value.scalar, value.record)
        assert (pointee.count, pointee.array) == (value.count, value.array)


def test_a_pointer_to_itself_is_followed_one_step_at_a_time(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        "  Link: {kind: newtype, of: VmPtr<Link>}\n"
        "  T: {kind: struct, fields: {it: Link}}\n",
    )
    (access,) = found.of_record("T")
    assert access.scalar == pointer(Named("Link"))
    assert access.points_to is not None
    assert access.points_to.value is not None
    assert access.points_to.value.scalar == access.scalar
    assert found.pointee(access.scalar) == access.points_to.value


def regions(found: Accesses, name: str) -> list[tuple[str, str, str | None]]:
    return [
        (a.name, a.role, a.alias_region.name if a.alias_region else None)
        for a in found.of_record(name)
    ]


EVERYTHING = """\
  Inner: {kind: struct, fields: {a: u32, b: "[u16; 2]"}}
  Ctx:
    kind: context
    counts: [n]
    fields: {own: u64, inner: Inner, inners: "[Inner; 2]", to: VmPtr<Inner>}
    regions: {words: "[u32; n]", more: "[Inner; n]"}
  Both: {kind: union, fields: {x: u64, y: "[u32; 2]"}}
  Choice: {kind: enum, tag: u32, variants: {Zero: , One: u64, Two: "[u8; 4]"}}
  Table: {kind: functions, functions: {f: "()", g: "(a: u32) -> u32"}}
"""


def test_each_part_has_a_region_of_the_record_that_declares_it(tmp_path: Path) -> None:
    found = accesses(tmp_path, EVERYTHING)
    assert regions(found, "Inner") == [
        ("a", "field", "Inner.a"),
        ("b", "field", "Inner.b"),
    ]
    assert regions(found, "Ctx") == [
        ("own", "field", "Ctx.own"),
        ("inner", "field", None),
        ("inners", "field", None),
        ("to", "field", "Ctx.to"),
        ("words", "element", "Ctx.words"),
        ("more", "element", None),
    ]
    assert regions(found, "Both") == [("x", "field", "Both"), ("y", "field", "Both")]
    assert regions(found, "Choice") == [
        ("tag", "tag", "Choice.tag"),
        ("One", "variant", "Choice.payload"),
        ("Two", "variant", "Choice.payload"),
    ]
    assert regions(found, "Table") == [("f", "slot", "Table"), ("g", "slot", "Table")]


def test_regions_are_numbered_by_name(tmp_path: Path) -> None:
    own = accesses(tmp_path, EVERYTHING).alias_regions.own
    assert [region.name for region in own] == [
        "Both",
        "Choice.payload",
        "Choice.tag",
        "Ctx.own",
        "Ctx.to",
        "Ctx.words",
        "Inner.a",
        "Inner.b",
        "Table",
    ]
    assert [region.number for region in own] == [*range(9)]
    # The upper half of the CRC-32 of the module's name.
    assert [region.id for region in own] == [0x856A_0000 + n for n in range(9)]
    assert {region.module for region in own} == {"t"}


def test_payloads_have_the_width_of_their_own(tmp_path: Path) -> None:
    tag, one, two = accesses(tmp_path, EVERYTHING).of_record("Choice")
    assert tag.scalar == integer(4)
    assert (tag.offsets, tag.ranges) == ((0, 0, 0), (None,) * 3)
    assert (one.offsets, one.sizes, one.aligns) == ((8, 8, 4), (8, 8, 8), (8, 8, 4))
    assert (two.offsets, two.sizes, two.strides) == ((8, 8, 4), (4, 4, 4), (1, 1, 1))


def test_the_tag_of_a_trusted_enum_is_that_of_a_variant(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        "  E: {kind: enum, tag: u8, trusted: tests, variants: {A: 3, B: u32, C: u64}}\n",
    )
    tag, *_ = found.of_record("E")
    assert tag.scalar == integer(1, ranges=((3, 5),))
    assert tag.ranges == (((3, 5),),) * 3


def test_all_that_a_union_holds_is_in_its_region(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        """\
  Deep: {kind: struct, fields: {z: u8}}
  Shape: {kind: newtype, of: Deep}
  Inner: {kind: struct, fields: {payload: u32, deep: "[Shape; 2]"}}
  Narrow: {kind: union, fields: {bits: u32, bytes: "[u8; 4]"}}
  Wide: {kind: union, fields: {inner: Inner, narrow: Narrow, to: VmPtr<Free>}}
  Free: {kind: struct, fields: {z: u8}}
  Choice: {kind: enum, tag: u8, variants: {A: Held, B: u32}}
  Held: {kind: struct, fields: {x: u32, y: Free}}
""",
    )
    names = {
        name: {
            access.alias_region.name
            for access in found.of_record(name)
            if access.alias_region
        }
        for name in found.layouts.module.types
    }
    assert names == {
        "Deep": {"Wide"},
        "Shape": set(),
        "Inner": {"Wide"},
        "Narrow": {"Wide"},
        "Wide": {"Wide"},
        "Free": {"Choice.payload"},
        "Choice": {"Choice.tag", "Choice.payload"},
        "Held": {"Choice.payload"},
    }  # fmt: skip


def test_an_element_is_aligned_to_what_the_proof_finds(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        """\
  Triple: {kind: struct, fields: {a: "[u8; 3]"}}
  Ctx:
    kind: context
    counts: [n, m]
    fields: {own: u32}
    regions:
      words: "[u64; n]"
      odd: {type: "[u64; n]", align: none}
      bytes: "[Triple; m]"
      last: {type: "[u64; n]", align: none}
      again: "[u64; n]"
""",
    )
    aligns = {a.name: a.aligns for a in found.of_record("Ctx") if a.role == "element"}
    assert aligns == {
        "words": (8, 8, 4),
        "odd": (8, 8, 4),
        "bytes": (1, 1, 1),
        "last": (1, 1, 1),
        "again": (8, 8, 4),
    }
    sizes = {a.name: a.sizes for a in found.of_record("Ctx") if a.role == "element"}
    assert sizes["bytes"] == (3, 3, 3)
    assert all(a.offsets == () for a in found.of_record("Ctx") if a.role == "element")


def test_half_of_an_alignment_can_be_certain(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        """\
  Ctx:
    kind: context
    counts: [n]
    fields: {own: u64}
    regions:
      halves: "[u32; n]"
      words: {type: "[u64; n]", align: none}
""",
    )
    words = found.of_record("Ctx")[-1]
    assert (words.sizes, words.aligns) == ((8, 8, 8), (4, 4, 4))


def test_a_type_without_parts_has_no_accesses(tmp_path: Path) -> None:
    found = accesses(tmp_path, OTHERS)
    for name in ("Far", "Plain", "Handle", "Boxed", "Elsewhere"):
        assert found.of_record(name) == ()


def test_what_a_vector_or_nothing_is(tmp_path: Path) -> None:
    assert field(tmp_path, "[(); 2]").value is None
    assert Scalar("vector", 16).width(8) == 16
    assert pointer(Unit()).valid(8) is None


def test_parts_of_another_module_have_its_regions(tmp_path: Path) -> None:
    head = "vmgen: 1\nmodule: base\ntargets: [x86_64-unknown-linux-gnu]\n"
    base = "types:\n  Store: {kind: struct, fields: {fuel: i64, epoch: u64}}\n"
    write_schema(tmp_path, head + base, "base.vm.yaml")
    found = accesses(
        tmp_path,
        "  T: {kind: struct, fields: {store: VmPtr<Store>, own: Store}}\n",
        "uses: [base.vm.yaml]\n",
    )
    fuel, epoch = found.of_record("Store")
    assert epoch.alias_region == AliasRegion("Store.epoch", "base", 0, 0xC0B4_0000)
    assert fuel.alias_region == AliasRegion("Store.fuel", "base", 1, 0xC0B4_0001)
    assert found.alias_regions.own == (AliasRegion("T.store", "t", 0, 0x856A_0000),)


JOINED = """\
  Header: {kind: struct, fields: {kind: u32, size: u32}}
  Array:
    kind: struct
    fields:
      kind: {type: u32, alias: Header.kind}
      length: {type: u32, alias: lengths}
      words: {type: "[u32; 4]", alias: {indexed: true}}
  Table:
    kind: struct
    fields:
      length: {type: u32, alias: lengths}
      base: {type: VmPtr<u8>, points_to: {alias: elements, bytes: 16}}
      cell: {type: "Option<VmPtr<u32>>", points_to: {alias: Header.size, bytes: all}}
  Ctx:
    kind: context
    counts: [n]
    fields:
      ids: {type: VmPtr<u32>, points_to: {alias: {region: ids, indexed: true},
        access: [readonly, can_move]}}
      epoch: {type: VmPtr<AtomicU64>, points_to: {alias: epoch, atomic: relaxed}}
      table: {type: VmPtr<Table>, points_to: {bytes: all}}
    regions:
      pages: {type: "[VmPtr<u8>; n]", alias: {indexed: true}, points_to: {alias: elements}}
      words: {type: "[u32; n]", atomic: acquire_release}
"""


def test_what_the_schema_joins_is_in_one_region(tmp_path: Path) -> None:
    found = accesses(tmp_path, JOINED)
    assert regions(found, "Header") == [
        ("kind", "field", "Header.kind"),
        ("size", "field", "Header.size"),
    ]
    assert regions(found, "Array") == [
        ("kind", "field", "Header.kind"),
        ("length", "field", "lengths"),
        ("words", "field", "Array.words"),
    ]
    assert regions(found, "Table")[0] == ("length", "field", "lengths")
    own = found.alias_regions.own
    assert [region.name for region in own] == [
        "Array.words",
        "Ctx.epoch",
        "Ctx.ids",
        "Ctx.pages",
        "Ctx.table",
        "Ctx.words",
        "Header.kind",
        "Header.size",
        "Table.base",
        "Table.cell",
        "elements",
        "epoch",
        "ids",
        "lengths",
    ]
    assert [region.name for region in own if region.indexed] == [
        "Array.words",
        "Ctx.pages",
        "ids",
    ]


def test_what_pointers_lead_to_is_as_the_schema_says(tmp_path: Path) -> None:
    found = accesses(tmp_path, JOINED)
    _, base, cell = found.of_record("Table")
    assert base.points_to is not None
    assert base.points_to.alias_region == found.alias_regions.by_name("elements")
    assert base.points_to.dereferenceable == (16, 16, 16)
    assert cell.points_to is not None
    assert cell.points_to.alias_region == found.alias_regions.by_name("Header.size")
    assert cell.points_to.dereferenceable == (4, 4, 4)
    ids, epoch, table, pages, words = found.of_record("Ctx")
    assert ids.points_to is not None
    assert (ids.points_to.readonly, ids.points_to.can_move) == (True, True)
    assert ids.points_to.ordering is None
    assert epoch.points_to is not None
    assert epoch.points_to.ordering == "relaxed"
    assert table.points_to is not None
    assert table.points_to.alias_region is None
    assert table.points_to.dereferenceable == (24, 24, 12)
    assert pages.points_to is not None
    assert pages.points_to.alias_region == base.points_to.alias_region
    assert words.ordering == "acquire_release"


def test_elements_have_ids_that_are_all_different(tmp_path: Path) -> None:
    own = accesses(tmp_path, JOINED).alias_regions.own
    ids = [region.id for region in own]
    elements = [r.element_id(i) for r in own if r.indexed for i in range(1000)]
    assert len({*ids, *elements}) == len(ids) + len(elements)
    assert all(0 <= one < 1 << 32 for one in elements)
    assert own[0].element_id(0) == (0x856A_0000 + 0x9E37_79B1) & 0xFFFF_FFFF


def test_what_is_promised_of_a_place_holds_for_all_in_it(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        """\
  Pair: {kind: struct, fields: {low: {type: u64, access: [readonly]}, high: u64}}
  Ctx:
    kind: context
    counts: [n]
    fields:
      pair: {type: Pair, access: [readonly, can_move]}
      to: {type: VmPtr<Pair>, points_to: {access: [readonly]}}
    regions:
      halves: "[u32; n]"
      pairs: {type: "[Pair; n]", align: none}
""",
    )
    low, high = found.of_record("Pair")
    pair, to, _, pairs = found.of_record("Ctx")
    inside = high.within(pair)
    assert (inside.readonly, inside.can_move) == (True, True)
    assert inside.aligns == (8, 8, 4)
    assert inside.alias_region == high.alias_region
    assert to.points_to is not None
    assert high.within(to.points_to).readonly
    assert not high.within(to.points_to).can_move
    far = low.within(pairs)
    assert (far.readonly, far.can_move, far.aligns) == (True, False, (4, 4, 4))


C_HEAD = """\
vmgen: 1
module: t
targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-gnu, avr-none, aarch64-unknown-linux-gnu]
types:
  T: {kind: struct, fields: {it: 'TYPE'}}
"""


@pytest.mark.parametrize(
    ("type", "scalar", "widths"),
    [
        ("c_char", Scalar("int", 1, of_c=CNumber("c_char")), (1, 1, 1)),
        ("c_int", Scalar("int", None, signed=True, of_c=CNumber("c_int")), (4, 4, 2)),
        ("c_uint", Scalar("int", None, of_c=CNumber("c_uint")), (4, 4, 2)),
        ("c_long", Scalar("int", None, signed=True, of_c=CNumber("c_long")), (8, 4, 4)),
        ("c_ulong", Scalar("int", None, of_c=CNumber("c_ulong")), (8, 4, 4)),
        ("c_short", Scalar("int", 2, signed=True), (2, 2, 2)),
        ("size_t", Scalar("int", None), (8, 8, 2)),
        ("c_float", Scalar("float", 4), (4, 4, 4)),
    ],
)
def test_numbers_of_c_are_as_wide_as_the_targets_c_has_them(
    tmp_path: Path, type: str, scalar: Scalar, widths: tuple[int, ...]
) -> None:
    report = Report()
    path = write_schema(tmp_path, C_HEAD.replace("TYPE", type))
    module = load_module(path, path.name, report)
    assert module is not None, full.render(report)
    found = Accesses(Layouts(module))
    (it,) = found.of_record("T")
    assert it.scalar == scalar
    classes = found.layouts.classes
    by_target = {
        target: width
        for c, width in zip(classes, found.widths(scalar), strict=True)
        for target in c.targets
    }
    assert tuple(by_target[t.name] for t in module.targets[:3]) == widths
    assert by_target["aarch64-unknown-linux-gnu"] == widths[0]


def test_what_is_volatile_is_so_whatever_it_is_in(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        """\
  Ring: {kind: struct, fields: {head: {type: u32, volatile: true}, size: u32}}
  Ctx:
    kind: context
    counts: {n: How many.}
    fields:
      whole: {type: Ring, access: [readonly, can_move]}
      device: {type: Ring, volatile: true}
    regions: {rings: {type: "[Ring; n]", access: [readonly]}}
""",
    )
    head, size = found.of_record("Ring")
    whole, device, rings = found.of_record("Ctx")
    said = [(it.readonly, it.can_move, it.volatile) for it in (head, size)]
    assert said == [(False, False, True), (False, False, False)]
    table = {
        (part.name, place.name): (within.readonly, within.can_move, within.volatile)
        for part in (head, size)
        for place in (whole, device, rings)
        if (within := part.within(place))
    }
    assert table == {
        ("head", "whole"): (False, False, True),
        ("head", "device"): (False, False, True),
        ("head", "rings"): (False, False, True),
        ("size", "whole"): (True, True, False),
        ("size", "device"): (False, False, True),
        ("size", "rings"): (True, False, False),
    }


def test_slots_are_as_their_table_says(tmp_path: Path) -> None:
    found = accesses(
        tmp_path,
        "  T: {kind: functions, access: [readonly, can_move], functions: {f: '()'}}\n",
    )
    (slot,) = found.of_record("T")
    assert (slot.readonly, slot.can_move) == (True, True)
    assert slot.scalar == Scalar("pointer", None)


def test_names_of_another_module_join_its_regions(tmp_path: Path) -> None:
    base = """\
vmgen: 1
module: base
targets: [x86_64-unknown-linux-gnu]
types:
  Memory: {kind: struct, fields: {at: {type: VmPtr<u8>, points_to: {alias: bytes}}}}
  Store: {kind: struct, fields: {fuel: i64}}
"""
    write_schema(tmp_path, base, "base.vm.yaml")
    found = accesses(
        tmp_path,
        """\
  T:
    kind: struct
    fields:
      store: VmPtr<Store>
      memory: VmPtr<Memory>
      fuel: {type: i64, alias: Store.fuel}
      at: {type: VmPtr<u8>, points_to: {alias: bytes}}
""",
        "uses: [base.vm.yaml]\n",
    )
    _, _, fuel, at = found.of_record("T")
    assert fuel.alias_region == found.of_record("Store")[0].alias_region
    assert fuel.alias_region is not None
    assert (fuel.alias_region.module, fuel.alias_region.name) == ("base", "Store.fuel")
    (there,) = found.of_record("Memory")
    assert at.points_to is not None
    assert there.points_to is not None
    assert at.points_to.alias_region == there.points_to.alias_region
    assert at.points_to.alias_region is not None
    assert at.points_to.alias_region.module == "base"
    own = [region.name for region in found.alias_regions.own]
    assert own == ["T.at", "T.memory", "T.store"]
