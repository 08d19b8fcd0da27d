"""Schemas made of Rust source."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.imports.test_dwarf import held
from tests.support import need, vmgen
from vmgen.imports.rust_items import Include, Item, items

HERE = Path(__file__).parent


def imported(folder: Path, *words: str) -> str:
    need("rustc")
    ran = vmgen("import", "rust", *words, cwd=folder)
    return f"{ran.code}: {ran.out}{ran.err}"


def written(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / f"{name.replace('__', '/')}.rs"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def test_a_source_with_its_comments(tmp_path: Path) -> None:
    sample = (HERE / "rust_sample.rs").read_text(encoding="utf-8")
    written(tmp_path, sample=sample.partition("#[unsafe(no_mangle)]")[0])
    need("rustc")
    ran = vmgen("import", "rust", "sample.rs", cwd=tmp_path)
    assert ran.code == 0, ran.err
    held("source.vm.yaml", ran.out)


def test_modules_in_files_of_their_own(tmp_path: Path) -> None:
    written(
        tmp_path,
        lib='mod vm;\n#[path = "elsewhere/odd.rs"] mod other;\n'
        "mod inline { pub mod deep; }\n",
        vm__mod="pub mod task;\n#[repr(C)] struct Private { task: task::Task }",
        vm__task="/// A task.\n#[repr(C)] pub struct Task { /// Its number.\n id: u64 }",
        elsewhere__odd="#[repr(u8)] enum Odd { One = 1, Three = 3 }",
        inline__deep="#[repr(transparent)]\npub struct Deep(pub(crate) u16);",
    )
    said = imported(tmp_path, "lib.rs")
    assert said.splitlines()[5:] == [
        "types:",
        "  Task:",
        "    kind: struct",
        "    doc: A task.",
        "    fields:",
        "      id: {type: u64, doc: Its number.}",
        "    expect_size: 8",
        "",
        "  Private:",
        "    kind: struct",
        "    fields:",
        "      task: Task",
        "    expect_size: 8",
        "",
        "  Odd:",
        "    kind: enum",
        "    tag: u8",
        "    variants:",
        "      One: 1",
        "      Three: 3",
        "    expect_size: 1",
        "",
        "  Deep:",
        "    kind: newtype",
        "    of: u16",
        "    expect_size: 2",
        "4 types imported",
    ]


def test_what_isn_t_compiled_isn_t_imported(tmp_path: Path) -> None:
    written(
        tmp_path,
        lib="#[cfg(unix)] #[repr(C)] pub struct Here { a: u8 }\n"
        "#[cfg(not(unix))] #[repr(C)] pub struct There { a: u8 }\n"
        "#[cfg(windows)] mod there { #[repr(C)] pub struct There { a: u8 } }\n"
        "fn f() { #[repr(C)] struct Inside { a: u8 } }\n"
        'const TEXT: &str = "#[repr(C)] struct Text { a: u8 }";\n'
        "/* #[repr(C)] struct Comment { /* nested */ a: u8 } */\n"
        "#[repr(C)] pub struct Borrowed<'a, 'b: 'a> { a: &'a u8, b: &'b u16 }\n",
    )
    said = imported(tmp_path, "lib.rs")
    kinds = [
        line for line in said.splitlines() if line.startswith("  ") and line[2] != " "
    ]
    assert kinds == ["  Here:", "  Borrowed:"]


def test_an_alignment_that_is_asked_for_stays(tmp_path: Path) -> None:
    written(tmp_path, lib="#[repr(C, align(16))] pub struct Wide(u128);\n")
    said = imported(tmp_path, "lib.rs", "--flag=--edition=2018")
    assert "    kind: newtype\n" in said
    written(tmp_path, lib="#[repr(C, align(16))] pub struct Wide { it: u128 }\n")
    assert "    align: 16\n" in imported(tmp_path, "lib.rs")


class TestBadSources:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            (
                "#[repr(C)]\nstruct A { a: Missing }",
                "lib.rs:2:15: cannot find type `Missing` in this scope",
            ),
            (
                "#[repr(C)] struct A { a: u8",
                "lib.rs:1:21: this file contains an unclosed delimiter",
            ),
            ("struct A { a: u8 }", "no type in it is repr(C), repr(transparent) or repr(u8)"),
            ("", "no type in it is repr(C), repr(transparent) or repr(u8)"),
            ("}}} #[repr(C)] struct A;", "lib.rs:1:1: unexpected closing delimiter: `}`"),
            (
                "mod gone; #[repr(C)] struct A { a: u8 }",
                "lib.rs:1:1: file not found for module `gone`",
            ),
        ],
    )  # fmt: skip
    def test_what_rustc_refuses_is_told_with_its_place(
        self, tmp_path: Path, text: str, said: str
    ) -> None:
        written(tmp_path, lib=text)
        assert imported(tmp_path, "lib.rs") == f"2: vmgen: lib.rs: {said}\n"

    def test_no_file(self, tmp_path: Path) -> None:
        assert imported(tmp_path, "gone.rs") == (
            "2: vmgen: gone.rs: no such file or directory\n"
        )
        (tmp_path / "latin.rs").write_bytes(b"\xe9")
        assert imported(tmp_path, "latin.rs") == (
            "2: vmgen: latin.rs: latin.rs isn't UTF-8: unexpected end of data\n"
        )

    def test_a_name_that_no_type_has(self, tmp_path: Path) -> None:
        written(tmp_path, lib="#[repr(C)] pub struct A { a: u8 }")
        assert imported(tmp_path, "lib.rs", "--type=B") == (
            "2: vmgen: lib.rs: no type in it is called `B`\n"
        )

    def test_a_target_that_rustc_hasn_t(self, tmp_path: Path) -> None:
        written(tmp_path, lib="#[repr(C)] pub struct A { a: u8 }")
        said = imported(tmp_path, "lib.rs", "--target=avr-none")
        assert said.startswith("2: vmgen: lib.rs: ")
        assert len(said.splitlines()) == 1


class TestItems:
    """Where an item ends is where a function that uses it is put."""

    @pytest.mark.parametrize(
        "item",
        [
            "struct A { a: u8 }",
            "struct A(u8, [u16; 2]);",
            "struct A;",
            "struct A<const N: usize> where [u8; N]: Sized { a: [u8; N] }",
            "pub(in crate::vm) union A { a: u8, b: fn(u8) -> Vec<u8>, }",
            "enum A { B { c: u8 }, D = { 3 }, E(u8) }",
            "struct A { a: Option<Box<dyn Fn(&str, char) -> bool>>, b: [u8; { 1 + '{' as usize }] }",
        ],
    )  # fmt: skip
    def test_its_end(self, item: str) -> None:
        text = f"/// It.\n#[repr(C)] {item} fn next() {{ struct X; }} struct Last;"
        first, last = items(text)
        assert isinstance(first, Item)
        assert isinstance(last, Item)
        assert (text[: first.end], last.path) == (
            f"/// It.\n#[repr(C)] {item}",
            ("Last",),
        )
        assert (first.doc, first.stable, last.stable) == ("It.", True, False)

    def test_what_is_documented(self) -> None:
        text = """
        /// One.
        #[doc = "Two."]
        #[repr(C, align(8))]
        struct A {
            /// First.
            pub r#type: HashMap<u8, fn() -> u8>,
            #[cfg(all(a, b))]
            /** Second. */ pub(crate) b: (u8, u16),
            c: u8, // not documentation
        }
        mod inside;
        """
        item, include = items(text)
        assert isinstance(item, Item)
        assert item.doc == "One.\nTwo."
        assert item.docs == {"type": "First.", "b": "Second."}
        assert item.align == 8
        assert include == Include(("inside",), "")
