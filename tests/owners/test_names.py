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
