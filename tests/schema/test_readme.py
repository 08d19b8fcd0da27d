"""`schemas/README.md`: its examples are sound, and it leaves no key out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support import ROOT, findings
from vmgen.schema import keys, kind_keys, member_keys

README = (ROOT / "schemas" / "README.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)


def test_there_are_examples() -> None:
    assert len(EXAMPLES) >= 7


@pytest.mark.parametrize(
    "text", EXAMPLES, ids=lambda t: t.split("module: ")[1].split()[0]
)
def test_an_example_has_no_fault(tmp_path: Path, text: str) -> None:
    path = tmp_path / "example.vm.yaml"
    path.write_text(text, encoding="utf-8")
    assert findings(path) == ""


@pytest.mark.parametrize(
    "known",
    [
        keys.MODULE, keys.FRAGMENT, member_keys.FIELD_KEYS, member_keys.VARIANT_KEYS, member_keys.SLOT_KEYS,
        member_keys.REGION_KEYS, member_keys.COUNT_KEYS, keys.CONSTANT_KEYS, keys.C_KEYS, keys.DATA_MODEL_KEYS,
        *kind_keys.KINDS.values(),
    ],
    ids=lambda k: k.what,
)  # fmt: skip
def test_every_key_is_explained(known: keys.Keys) -> None:
    missing = [k for k in known.keys if f"`{k}`" not in README]
    assert missing == []


def test_every_kind_has_a_section() -> None:
    assert [k for k in kind_keys.KINDS if f"### `{k}`" not in README] == []


def test_modules_that_use_one_another_have_no_fault(tmp_path: Path) -> None:
    files = re.findall(r"```yaml (\S+)\n(.*?)```", README, re.DOTALL)
    assert [name for name, _ in files] == ["common.vm.yaml", "stack.vm.yaml"]
    for name, text in files:
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [findings(tmp_path / name) for name, _ in files] == ["", ""]
