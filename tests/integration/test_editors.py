"""What people see while they type, asked of the language server that editors run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest

from tests.integration.language_server import Editor, editor
from tests.integration.pages import blocks
from tests.support import ROOT, vmgen

pytestmark = pytest.mark.xdist_group("editor")
MODELINE = "# yaml-language-server: $schema=vmgen.schema.json\n"
CURSOR = "‸"
STRUCT = "vmgen: 1\nmodule: a\ntypes:\n  VMFuncRef:\n    kind: struct\n"


class Session:
    """An editor in a folder with a JSON Schema, and files made up as they are needed."""

    def __init__(self, server: Editor, folder: Path) -> None:
        self.server, self.folder = server, folder
        self.files = 0

    def _open(self, text: str) -> tuple[Path, list[dict[str, Any]], tuple[int, int]]:
        self.files += 1
        path = self.folder / f"made_up_{self.files}.vm.yaml"
        text = MODELINE + dedent(text)
        before = text.partition(CURSOR)[0]
        place = (before.count("\n"), len(before) - before.rfind("\n") - 1)
        return path, self.server.open(path, text.replace(CURSOR, "")), place

    def complaints(self, text: str) -> list[tuple[int, str]]:
        """What is underlined: lines counted from 1 after the first, and why."""
        _, found, _ = self._open(text)
        return [(d["range"]["start"]["line"], d["message"]) for d in found]

    def offers(self, text: str) -> dict[str, dict[str, Any]]:
        path, _, place = self._open(text)
        return self.server.complete(path, place)

    def hover(self, text: str) -> str:
        path, _, place = self._open(text)
        return self.server.hover(path, place)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    """With the schema that `vmgen schema` prints."""
    folder = tmp_path_factory.mktemp("editor")
    printed = vmgen("schema", cwd=folder)
    assert (printed.code, printed.err) == (0, "")
    (folder / "vmgen.schema.json").write_text(printed.out, encoding="utf-8")
    for path in (ROOT / "schemas").rglob("*.vm.yaml"):
        copy = folder / path.relative_to(ROOT / "schemas")
        copy.parent.mkdir(exist_ok=True)
        shutil.copy(path, copy)
    with editor(folder) as server:
        yield Session(server, folder)


def test_a_new_file_is_offered_every_key_of_a_schema(session: Session) -> None:
    assert list(session.offers(f"vmgen: 1\n{CURSOR}\n")) == [
        "module",
        "versions",
        "targets",
        "rust_path",
        "c",
        "padding",
        "profile",
        "allow",
        "doc",
        "include",
        "uses",
        "features",
        "data_models",
        "constants",
        "types",
        "reserved",
    ]


def test_the_keys_of_a_type_follow_its_kind(session: Session) -> None:
    offered = session.offers(STRUCT + f"    {CURSOR}\n")
    assert {"fields", "align", "copy", "max_offset", "expect_size"} <= set(offered)
    assert not {"tag", "regions", "kind"} & set(offered)
    text = offered["max_offset"]["documentation"]["value"]
    assert text == (
        "The largest offset that the instructions reading it can encode, in bytes."
        "\n\n`max_offset: 255`"
    )


def test_kinds_are_offered_with_their_keys(session: Session) -> None:
    offered = session.offers(f"vmgen: 1\ntypes:\n  VMFuncRef:\n    kind: {CURSOR}\n")
    assert list(offered) == [
        "struct",
        "union",
        "enum",
        "newtype",
        "opaque",
        "functions",
        "foreign",
        "context",
    ]
    assert offered["opaque"]["documentation"]["value"] == (
        "an opaque type, with `doc`, `c_name`, `rust_name`, `python_name`, `visibility`, "
        "`attrs`, `cfg`, `was`, `since`, `until`, `versions`"
    )


def test_types_are_offered_by_example(session: Session) -> None:
    offered = session.offers(STRUCT + f"    fields:\n      base: {CURSOR}\n")
    assert {"u32", "VmPtr<u8>", '"[u8; 16]"'} <= set(offered)


def test_fields_in_a_list_are_completed_as_well(session: Session) -> None:
    fields = f"    fields:\n      - base: {CURSOR}\n"
    assert {"u32", "VmPtr<u8>", '"[u8; 16]"'} <= set(session.offers(STRUCT + fields))
    fields = f"    fields:\n      - base:\n          type: u32\n          {CURSOR}\n"
    assert {"doc", "access", "endian", "when"} <= set(session.offers(STRUCT + fields))


def test_hover_says_what_a_key_is_for(session: Session) -> None:
    text = session.hover(
        STRUCT + f"    fields:\n      a: {{type: u8, endi{CURSOR}an: little}}\n"
    )
    # Fields are those of structs and of foreign types, as the editor says.
    assert text.startswith(
        "#### a field || a field\n\n"
        "`little` for words that are little-endian at rest on every host.\n\n"
        "`endian: little`\n"
    )


@pytest.mark.parametrize(
    ("text", "complaints"),
    [
        (STRUCT + "    fields: {a: {type: u8, acess: [readonly]}}\n    aling: 8\n",
         [(6, "Property acess is not allowed."), (7, "Property aling is not allowed.")]),
        (STRUCT + "    fields: {}\n    align: 12\n",
         [(7, "expected a power of two up to 268435456")]),
        (STRUCT + "    fields: {}\n    max_offset: far\n",
         [(7, "expected a whole number from 0 to 4294967295")]),
        (STRUCT + "    fields:\n      - a: {type: u8, acess: [readonly]}\n      - b: u8\n",
         [(7, "Property acess is not allowed.")]),
        (STRUCT, [(4, 'Missing property "fields".')]),
        ("vmgen: 1\ntypes:\n  VMFuncRef:\n",
         [(3, 'Incorrect type. Expected "a type".')]),
        ("vmgen: 1\nmodule: VM\n",
         [(2, "expected the name of a module, as `wasmtime42`")]),
        ("vmgen: 1\npadding: explicit\n",
         [(1, "Object is missing property module required by property padding.")]),
    ],
)  # fmt: skip
def test_a_fault_is_underlined_where_it_is(
    session: Session, text: str, complaints: list[tuple[int, str]]
) -> None:
    assert session.complaints(text) == complaints


@pytest.mark.parametrize(
    "name", [p.relative_to(ROOT / "schemas").as_posix() for p in
             sorted((ROOT / "schemas").rglob("*.vm.yaml"))]
)  # fmt: skip
def test_nothing_is_underlined_in_the_schemas_here(session: Session, name: str) -> None:
    path = session.folder / name
    text = path.read_text(encoding="utf-8")
    assert text.splitlines()[0].startswith("# yaml-language-server: $schema=")
    assert session.server.open(path, text) == []


def test_what_init_writes_is_understood_at_once(
    session: Session, tmp_path: Path
) -> None:
    assert vmgen("init", cwd=tmp_path).code == 0
    path = tmp_path / "schemas/vm.vm.yaml"
    text = path.read_text(encoding="utf-8")
    assert session.server.open(path, text) == []
    spoilt = text.replace("kind: context", "kind: kontext")
    found = session.server.open(path.with_name("spoilt.vm.yaml"), spoilt)
    assert [d["message"] for d in found] == [
        'Value is not accepted. Valid values: "struct", "union", "enum", "newtype", '
        '"opaque", "functions", "foreign", "context".'
    ]


def test_the_settings_in_the_docs_find_schemas_by_their_name(tmp_path: Path) -> None:
    (block,) = [b for b in blocks(ROOT / "docs/editors.md") if b.language == "json"]
    settings = json.loads(block.text)["yaml.schemas"]
    assert vmgen("init", cwd=tmp_path).code == 0
    with editor(tmp_path, settings) as server:
        path = tmp_path / "schemas/other.vm.yaml"
        found = server.open(path, "vmgen: 1\nmodul: other\n")
        assert [d["message"] for d in found] == ["Property modul is not allowed."]
