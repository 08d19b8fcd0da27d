"""The Rust of a small schema, to the byte."""

from __future__ import annotations

import os
from pathlib import Path

from tests.rust.crates import module_at, texts_of

GOLDEN = Path(__file__).with_name("golden")


def test_the_rust_of_a_small_schema_is_the_expected_one() -> None:
    texts = texts_of([module_at(GOLDEN / "small.vm.yaml", "schemas/small.vm.yaml")])
    assert sorted(texts) == [
        "Cargo.toml",
        "src/lib.rs",
        "src/small.rs",
        "src/small_offsets.rs",
        "src/vmptr.rs",
    ]
    for path, text in texts.items():
        expected = GOLDEN / path
        if os.environ.get("UPDATE_GOLDEN"):
            expected.parent.mkdir(parents=True, exist_ok=True)
            expected.write_text(text, encoding="utf-8")
        assert text == expected.read_text(encoding="utf-8")
