"""The header of constants for compilers on LLVM: each compiler takes it, and each number is
what that compiler does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STANDARDS, STRICT, check, job_of, run, write_headers
from tests.c.schemas import module
from tests.support import Ran, module_of
from vmgen.languages.c.names import member_name
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from vmgen.schema.model import Module

SCHEMAS = ("torture", "wasmtime42")
CLEAN = Ran(0, "", "")


@pytest.fixture(scope="module")
def headers(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("llvm_constants")
    write_headers(folder, *map(module, SCHEMAS), llvm="true")
    return folder


def assertions(made: Module) -> Iterator[str]:
    """What a compiler says of the members of records, against the constants."""
    prefix, host = f"{made.name.upper()}_LLVM", f"{made.name.upper()}_MODEL_HOST"
    for record in job_of(made).records:
        if not isinstance(record.declared, (m.Struct, m.Union, m.Functions)):
            continue
        name = record.name
        for part in record.parts:
            base, member = f"{prefix}_{name}_{part.name}", member_name(part.name)
            where = f"offsetof({name}, {member})"
            yield f"HOLDS({base}_OFFSET({host}) == {where});"
            yield f"HOLDS({where} % {base}_ALIGN({host}) == 0);"


def program(names: tuple[str, ...]) -> str:
    """A source that holds all constants of some modules against the compiler."""
    made = [module(name) for name in names]
    lines = [f'#include "{name}_llvm.h"' for name in names]
    lines.append("#define HOLDS(what) VM_STATIC_ASSERT(what, #what)")
    for one in made:
        lines += assertions(one)
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("standard", STANDARDS)
def test_a_compiler_takes_the_constants_and_agrees(
    headers: Path, standard: str
) -> None:
    assert check(headers, program(SCHEMAS), standard, *STRICT) == CLEAN


def test_widths_are_the_sizes_of_members(headers: Path) -> None:
    """By a program that prints both, for whatever has a width."""
    made = module("wasmtime42")
    text = (headers / "wasmtime42_llvm.h").read_text(encoding="utf-8")
    prefix, host = "WASMTIME42_LLVM", "WASMTIME42_MODEL_HOST"
    rows = []
    for record in job_of(made).records:
        if isinstance(record.declared, (m.Struct, m.Union)):
            for part in record.parts:
                base = f"{prefix}_{record.name}_{part.name}"
                if f"{base}_WIDTH(model)" in text:
                    member = f"(({record.name} *)0)->{member_name(part.name)}"
                    rows.append(
                        f'    printf("{base} %u %zu\\n", {base}_WIDTH({host}) + 0u, '
                        f"sizeof({member}));"
                    )
    source = '#include <stdio.h>\n#include "wasmtime42_llvm.h"\nint main(void) {\n'
    source += "\n".join(rows) + "\n    return 0;\n}\n"
    printed = [line.split() for line in run(headers, source, "c11").splitlines()]
    assert len(printed) >= 70
    assert [name for name, width, size in printed if width != size] == []


SAID = """
types:
  Inner: {kind: struct, fields: {a: u32, b: {type: u64, alias: shared}}}
  Said:
    kind: struct
    fields:
      fuel: {type: i64, access: [readonly, can_move]}
      small: {type: u16, endian: little}
      inner: {type: Inner, access: [readonly]}
      list: {type: "[u32; 3]", alias: {indexed: true}}
      count: {type: usize, atomic: acquire_release}
      next: Option<VmPtr<Said>>
      same: {type: u64, alias: shared}
  Ring: {kind: struct, fields: {head: {type: u32, volatile: true}, size: u32}}
  Device:
    kind: struct
    fields: {ring: {type: Ring, volatile: true}, told: {type: Ring, access: [readonly]}}
  Held:
    kind: context
    counts: [n]
    fields: {first: u32}
    regions: {said: "[Said; n]", words: "[u64; n]"}
"""
PROGRAM = """\
#include <stdio.h>
#include "sample_llvm.h"

static void show(const char *name, vmgen_access it)
{
    const char *region = sample_llvm_region(it.region);
    printf("%s %u %u %u %s %x\\n", name, it.offset, it.width, it.align,
           region ? region : "none", it.flags);
}

int main(void)
{
    HeldOffsets offsets;
    HeldCounts counts;
    uint32_t at;
    int model;
    counts.n = 2;
    for (model = 0; model < SAMPLE_MODELS; model++) {
        if (!held_offsets_init(&offsets, model, &counts) || !held_words_at(&offsets, 1, &at)) {
            return 1;
        }
        show("fuel", VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Said_fuel, model));
        show("small", VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Said_small, model));
        show("count", VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Said_count, model));
        show("next", VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Said_next, model));
        show("same", VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Said_same, model));
        show("word", VMGEN_ACCESS_OF_ELEMENT(SAMPLE_LLVM_Held_words, at, model));
        show("inner.b", vmgen_within(VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Inner_b, model),
                                  SAMPLE_LLVM_Said_inner_OFFSET(model),
                                  SAMPLE_LLVM_Said_inner_ALIGN(model),
                                  SAMPLE_LLVM_Said_inner_FLAGS));
    }
    show("ring.size", vmgen_within(VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Ring_size, 0), 0, 4,
                                   SAMPLE_LLVM_Device_ring_FLAGS));
    show("told.head", vmgen_within(VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Ring_head, 0), 8, 4,
                                   SAMPLE_LLVM_Device_told_FLAGS));
    show("told.size", vmgen_within(VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Ring_size, 0), 8, 4,
                                   SAMPLE_LLVM_Device_told_FLAGS));
    printf("%u of %u, %s\\n", SAMPLE_LLVM_Said_list_COUNT,
           SAMPLE_LLVM_Said_list_EACH_WIDTH(0), SAMPLE_LLVM_ROOT);
    printf("%d\\n", sample_llvm_region(SAMPLE_LLVM_REGIONS) == VMGEN_NULL);
    return 0;
}
"""
PRINTED = """\
fuel 0 8 8 Said.fuel 43
small 8 2 2 Said.small 4
count 48 8 8 Said.count 200
next 56 8 8 Said.next 8
same 64 8 8 shared 0
word 160 8 8 Held.words 0
inner.b 24 8 8 shared 1
fuel 0 8 4 Said.fuel 43
small 8 2 2 Said.small 4
count 36 4 4 Said.count 200
next 40 4 4 Said.next 8
same 44 8 4 shared 0
word 116 8 4 Held.words 0
inner.b 16 8 4 shared 1
ring.size 4 4 4 Ring.size 1000
told.head 8 4 4 Ring.head 1000
told.size 12 4 4 Ring.size 1
3 of 4, vmgen sample
1
"""


@pytest.mark.parametrize("standard", ["c11", "c++11", "c++20"])
def test_accesses_are_put_together_on_every_data_model(
    tmp_path: Path, standard: str
) -> None:
    targets = "targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]\n"
    write_headers(tmp_path, module_of(tmp_path, targets + SAID), llvm="true")
    assert run(tmp_path, PROGRAM, standard) == PRINTED


OF_C = """
targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-gnu, i686-unknown-linux-gnu]
types:
  A: {kind: struct, fields: {letter: c_char, number: c_int, wide: c_long, row: "[c_ulong; 2]"}}
"""


def test_numbers_of_c_are_as_wide_as_on_each_data_model(tmp_path: Path) -> None:
    write_headers(tmp_path, module_of(tmp_path, OF_C), llvm="true")
    source = """\
        #include <stdio.h>
        #include "sample_llvm.h"
        int main(void)
        {
            A it;
            int model;
            for (model = 0; model < SAMPLE_MODELS; model++) {
                vmgen_access at = VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_A_letter, model);
                printf("%u %x", at.width, at.flags);
                at = VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_A_number, model);
                printf(", %u %x", at.width, at.flags);
                at = VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_A_wide, model);
                printf(", %u %u %x", at.offset, at.width, at.flags);
                printf(", %u\\n", SAMPLE_LLVM_A_row_EACH_WIDTH(model));
            }
            printf("%d", SAMPLE_LLVM_A_number_WIDTH(SAMPLE_MODEL_HOST) == sizeof(it.number));
            printf("%d", SAMPLE_LLVM_A_wide_WIDTH(SAMPLE_MODEL_HOST) == sizeof(it.wide));
            printf("%d\\n", VMGEN_HOST_CHAR_SIGNED == ('\\xff' < 0));
            return 0;
        }
        """
    assert run(tmp_path, source, "c11") == (
        "1 2000, 4 40, 8 8 40, 8\n" "1 2000, 4 40, 8 4 40, 4\n" "111\n"
    )


def test_a_width_that_no_data_model_tells_is_left_out(tmp_path: Path) -> None:
    """With a long of 8 bytes or of 4 in it, the record has the same layout."""
    text = """
    targets: [x86_64-unknown-linux-gnu, x86_64-pc-windows-gnu]
    types:
      A: {kind: struct, fields: {first: u64, wide: c_long}}
    """
    made = write_headers(tmp_path, module_of(tmp_path, text), llvm="true")
    found = [line for line in made["sample_llvm.h"].splitlines() if "_WIDTH" in line]
    assert found == ["#define SAMPLE_LLVM_A_first_WIDTH(model) 8u"]


def test_an_access_of_a_record_doesnt_compile(tmp_path: Path) -> None:
    write_headers(tmp_path, module_of(tmp_path, SAID), llvm="true")
    source = (
        '#include "sample_llvm.h"\n'
        "vmgen_access f(void);\n"
        "vmgen_access f(void) { return VMGEN_ACCESS_OF_PART(SAMPLE_LLVM_Said_inner, 0); }\n"
    )
    said = check(tmp_path, source, "c11", *STRICT).err
    assert "SAMPLE_LLVM_Said_inner_WIDTH" in said


def test_records_and_parts_that_come_to_one_name_are_told_apart(tmp_path: Path) -> None:
    text = """
    types:
      A: {kind: struct, fields: {b_c: u8}}
      A_b: {kind: struct, fields: {c: u16}}
    """
    made = write_headers(tmp_path, module_of(tmp_path, text), llvm="true")
    found = [line for line in made["sample_llvm.h"].splitlines() if "_WIDTH" in line]
    assert found == [
        "#define SAMPLE_LLVM_A_b_c_WIDTH(model) 1u",
        "#define SAMPLE_LLVM_A_b_c_2_WIDTH(model) 2u",
    ]


def test_the_header_is_found_in_the_folder_and_with_the_prefix_of_the_others(
    tmp_path: Path,
) -> None:
    made = module_of(tmp_path, SAID)
    written = write_headers(tmp_path, made, llvm="true", include="rt", prefix="rt_")
    assert "rt/sample_llvm.h" in written
    source = (
        '#include "rt/sample_llvm.h"\nint at[rt_SAMPLE_LLVM_Said_small_WIDTH(0)];\n'
    )
    assert check(tmp_path, source, "c11", *STRICT) == CLEAN


def test_a_region_of_another_module_has_a_number_that_no_own_one_has(
    tmp_path: Path,
) -> None:
    (tmp_path / "common.vm.yaml").write_text(
        "vmgen: 1\nmodule: common\ntypes:\n"
        "  A: {kind: struct, fields: {first: u32, second: u64}}\n",
        encoding="utf-8",
    )
    text = """
    uses: [common.vm.yaml]
    types:
      Over: {kind: struct, fields: {a: A, bits: u64}}
      Own: {kind: struct, fields: {one: u32, two: {type: u64, alias: A.second}}}
    """
    made = write_headers(tmp_path, module_of(tmp_path, text), llvm="true")
    lines = made["sample_llvm.h"].splitlines()
    numbers = dict(
        line.removeprefix("#define SAMPLE_LLVM_").split()
        for line in lines
        if "_REGION " in line
    )
    names = [line.split('"')[1] for line in lines if 'return "' in line]
    found = {part: names[int(number[:-1])] for part, number in numbers.items()}
    assert found["Own_one_REGION"] == "Own.one"
    assert found["Own_two_REGION"] == "common:A.second"
    assert len(names) == len(set(names))
    assert f"#define SAMPLE_LLVM_REGIONS {len(names)}u" in lines


KNOWN = """
targets: [x86_64-unknown-linux-gnu, i686-unknown-linux-gnu]
constants: {SAMPLE_MAGIC: {type: u32, value: 7}}
types:
  Kind:
    kind: enum
    tag: i16
    variants: {Low: -3, Next: -2, High: 9}
    trusted: only the host writes it
  Open: {kind: enum, tag: u8, variants: {One: 1}}
  Record: {kind: struct, fields: {a: u64}}
  Said:
    kind: struct
    fields:
      kind: Kind
      open: Open
      magic: {type: u32, value: SAMPLE_MAGIC}
      record: VmPtr<Record>
      number:
        type: Option<VmPtr<u32>>
        points_to: {alias: cells, access: [readonly, can_move], bytes: all}
      size: {type: VmPtr<AtomicUsize>, points_to: {alias: sizes}}
      link: VmPtr<VmPtr<Record>>
      some: {type: VmPtr<u8>, points_to: {alias: sizes, bytes: 12}}
      any: VmPtr<()>
  Held:
    kind: context
    counts: [n]
    fields: {first: u8}
    regions: {bytes: "[u8; n]", records: {type: "[Record; n]", align: none, allow: {misaligned-region: so}}}
"""
KNOWN_PROGRAM = """\
#include <inttypes.h>
#include <stdio.h>
#include "sample_llvm.h"

static void show(const char *name, vmgen_access it)
{
    const char *region = sample_llvm_region(it.region);
    printf("%s %u %u %s %x\\n", name, it.width, it.align, region ? region : "none", it.flags);
}

int main(void)
{
    static const vmgen_range kinds[] = {SAMPLE_LLVM_Said_kind_RANGES};
    static const vmgen_range magics[] = {SAMPLE_LLVM_Said_magic_RANGES};
    unsigned i;
    int model;
    for (i = 0; i < SAMPLE_LLVM_Said_kind_RANGE_COUNT; i++) {
        printf("%" PRIx64 " %" PRIx64 "\\n", kinds[i].first, kinds[i].last);
    }
    printf("%u: %u %u\\n", SAMPLE_LLVM_Said_magic_RANGE_COUNT, (unsigned)magics[0].first,
           (unsigned)magics[0].last);
    for (model = 0; model < SAMPLE_MODELS; model++) {
        show("number", VMGEN_ACCESS_OF_POINTEE(SAMPLE_LLVM_Said_number, model));
        show("size", VMGEN_ACCESS_OF_POINTEE(SAMPLE_LLVM_Said_size, model));
        show("link", VMGEN_ACCESS_OF_POINTEE(SAMPLE_LLVM_Said_link, model));
        printf("%u %u, ", SAMPLE_LLVM_Said_record_POINTEE_ALIGN(model),
               SAMPLE_LLVM_Said_record_POINTEE_FLAGS);
        printf("%u %u\\n", SAMPLE_LLVM_Said_number_POINTEE_BYTES(model),
               SAMPLE_LLVM_Said_some_POINTEE_BYTES(model));
    }
    return 0;
}
"""
KNOWN_PRINTED = """\
fffd fffe
9 9
1: 7 7
number 4 4 cells 3
size 8 8 sizes 400
link 8 8 none 18
1 0, 4 12
number 4 4 cells 3
size 4 4 sizes 400
link 4 4 none 18
1 0, 4 12
"""


@pytest.mark.parametrize("standard", ["c11", "c++11"])
def test_values_and_what_pointers_lead_to_are_told(
    tmp_path: Path, standard: str
) -> None:
    write_headers(tmp_path, module_of(tmp_path, KNOWN), llvm="true")
    assert run(tmp_path, KNOWN_PROGRAM, standard) == KNOWN_PRINTED
    text = (tmp_path / "sample_llvm.h").read_text(encoding="utf-8")
    # Nothing is known of a number that any value may be in, or of what `()` is.
    none = ("open_RANGES", "any_POINTEE_ALIGN", "some_RANGES", "record_POINTEE_WIDTH")
    assert [what for what in none if f"Said_{what}" in text] == []
