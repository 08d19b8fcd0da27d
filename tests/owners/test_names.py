"""Names of a schema whose records a header has already."""

from __future__ import annotations

from pathlib import Path

from tests.support import findings, write_schema

CONSTANT = "constants: {KVM_API_VERSION: {type: u32, value: 12}}\n"


def test_a_constant_may_be_a_macro_of_the_header_that_owns_it(tmp_path: Path) -> None:
    said = findings(write_schema(tmp_path, CONSTANT))
    assert "error[VM030]: `KVM_API_VERSION` is also a macro of a header of C" in said
    owned = "c: {header: <linux/kvm.h>}\n" + CONSTANT
    assert findings(write_schema(tmp_path, owned)) == ""


MEMBER = "types: {Attr: {kind: struct, fields: {size: u32, mmap: u32}}}\n"


def test_a_member_may_be_called_as_a_function_if_the_header_that_owns_it_has_it_so(
    tmp_path: Path,
) -> None:
    said = findings(write_schema(tmp_path, MEMBER))
    assert "warning[VM018]: `mmap` is a macro or a type in C on some platforms" in said
    owned = "c: {header: attr.h}\n" + MEMBER
    assert findings(write_schema(tmp_path, owned)) == ""
    ours = "c: {header: attr.h, without: [Attr.mmap]}\n" + MEMBER
    assert "warning[VM018]" in findings(write_schema(tmp_path, ours))
