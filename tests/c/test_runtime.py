"""The helpers of vmgen.h, compiled and run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.c.headers import STRICT, compile_only, run, write_headers
from tests.support import module_of

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    schema = "types: {Word: {kind: struct, fields: {word: u32}}}"
    write_headers(tmp_path, module_of(tmp_path, schema))
    return tmp_path


@pytest.mark.parametrize("standard", ["c11", "c++11"])
def test_little_endian_words_are_read_and_written_at_any_address(
    folder: Path, standard: str
) -> None:
    source = """
        #include <inttypes.h>
        #include <stdio.h>
        #include "vmgen.h"
        int main(void)
        {
            unsigned char b[16] = {0, 0xF1, 0xF2, 0xF3, 0xF4, 0xF5, 0xF6, 0xF7, 0xF8};
            int i;
            printf("%" PRIx16 " %" PRIx32 " %" PRIx64 " %" PRIxPTR "\\n", vm_le16_load(b + 1),
                   vm_le32_load(b + 1), vm_le64_load(b + 1), vm_le_usize_load(b + 1));
            vm_le16_store(b + 1, 0xA1A2);
            vm_le32_store(b + 3, UINT32_C(0xB1B2B3B4));
            vm_le64_store(b + 7, UINT64_C(0xC1C2C3C4C5C6C7C8));
            for (i = 0; i < 16; i++) printf("%02x", b[i]);
            vm_le_usize_store(b + 5, (uintptr_t)0x1234);
            printf(" %" PRIx64 "\\n", vm_le64_load(b + 5));
            return 0;
        }
    """
    assert run(folder, source, standard) == (
        "f2f1 f4f3f2f1 f8f7f6f5f4f3f2f1 f8f7f6f5f4f3f2f1\n"
        "00a2a1b4b3b2b1c8c7c6c5c4c3c2c100 1234\n"
    )


def test_advancing_stops_where_a_u32_ends_and_never_wraps(folder: Path) -> None:
    source = """
        #include <inttypes.h>
        #include <stdio.h>
        #include "vmgen.h"
        static void advance(uint64_t from, uint64_t stride, uint64_t count)
        {
            bool fits = vm_advance(&from, stride, count);
            if (fits) printf("%" PRIu64 "\\n", from); else puts("no");
        }
        int main(void)
        {
            advance(0, 1, UINT32_MAX);
            advance(1, 1, UINT32_MAX);
            advance(UINT32_MAX, 8, 0);
            advance(0, 0, UINT32_MAX);
            advance(0, UINT32_MAX, 2);
            advance(0, UINT64_MAX, 1);
            advance(0, UINT64_C(1) << 32, UINT64_C(1) << 32);
            advance(UINT64_C(1) << 33, 1, 0);
            printf("%" PRIu64 " %" PRIu64 "\\n", vm_round_up(17, 16), vm_round_up(32, 16));
            printf("%" PRIu64 "\\n", vm_round_up(UINT32_MAX, 16));
            return 0;
        }
    """
    assert run(folder, source, "c11").split() == [
        "4294967295", "no", "4294967295", "0", "no", "no", "no", "no",
        "32", "32", "4294967296",
    ]  # fmt: skip


def test_a_u128_is_laid_out_as_the_compilers_own(folder: Path) -> None:
    source = """
        #include <stdio.h>
        #include <string.h>
        #include "vmgen.h"
        int main(void)
        {
            vm_u128_value own = (vm_u128_value)0x1122 << 64 | 0x3344;
            vm_u128 made;
            memcpy(&made, &own, sizeof made);
            printf("%x %x %d\\n", (unsigned)made.high, (unsigned)made.low,
                   (int)(_Alignof(vm_u128) == _Alignof(vm_u128_value)));
            return 0;
        }
    """
    assert run(folder, source, "c11") == "1122 3344 1\n"


def test_a_result_that_must_be_looked_at_is_not_ignored(folder: Path) -> None:
    source = """
        #include "vmgen.h"
        void f(uint64_t *end);
        void f(uint64_t *end) { vm_advance(end, 1, 1); }
    """
    said = compile_only(folder, source, "c11", *STRICT)
    assert "[-Werror=unused-result]" in said.err
