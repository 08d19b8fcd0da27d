"""Modules that use one another, in each language together: every record is one type."""

from __future__ import annotations

import subprocess
import sys
from itertools import permutations
from pathlib import Path

import pytest

from tests.c import headers
from tests.rust import crates
from tests.support import ROOT, Ran, vmgen

SCHEMAS = ROOT / "tests" / "schemas" / "uses"
MODULES = ("common", "left", "right", "top")


def build(language: str, temporary: pytest.TempPathFactory) -> Path:
    """All four modules in a language, made from the one that uses the others."""
    folder = temporary.mktemp(language)
    for schema in SCHEMAS.glob("*.vm.yaml"):
        (folder / schema.name).write_text(schema.read_text())
    done = vmgen("build", "top.vm.yaml", "--lang", language, cwd=folder)
    assert (done.code, done.err) == (0, ""), done.out
    return folder / "generated" / language


@pytest.fixture(scope="module")
def c(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("c", tmp_path_factory)


@pytest.fixture(scope="module")
def rust(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("rust", tmp_path_factory)


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("python", tmp_path_factory)


C_PROGRAM = """\
#include <stdio.h>

%s

static unsigned index_of(const Header *header) { return header->index; }

static Kind take(Header *header, Frame *frame, Index index)
{
    (void)frame;
    header->index += index;
    return header->kind;
}

int main(void)
{
    static Left left;
    static Right right;
    static Top top;
    static RightCalls calls = {take};
    left.header.tag = SHARED_TAG;
    left.header.kind = Kind_High;
    left.header.index = 7;
    right.header = left.header;
    top.left.header = right.header;
    top.right = 3;
    top.calls = &calls;
    left.value.payload.whole = top.left.header;
    left.header.next = &right.header;
    unsigned kind = top.calls->take(left.header.next, NULL, top.right);
    printf("%%u %%u %%u %%u %%u\\n", index_of(&left.header), index_of(&right.header),
           index_of(&top.left.header), index_of(&left.value.payload.whole), kind);
    return sizeof left.words == 4 * MOST_WORDS ? 0 : 1;
}
"""


def includes(modules: tuple[str, ...]) -> str:
    return "\n".join(f'#include "{name}.h"' for name in modules)


@pytest.mark.parametrize("standard", ["c11", "c++17"])
def test_one_c_file_takes_a_record_from_all_headers(c: Path, standard: str) -> None:
    for modules in (MODULES, MODULES[::-1], ("top",)):
        source = C_PROGRAM % includes(modules)
        assert headers.run(c, source, standard) == "7 10 7 7 2\n"


@pytest.mark.parametrize("standard", headers.STANDARDS)
def test_headers_come_in_any_order_and_alone(c: Path, standard: str) -> None:
    orders = [*permutations(MODULES), *((name,) for name in MODULES)]
    if standard != "c11":
        orders = [MODULES, MODULES[::-1]]
    for modules in orders:
        said = headers.check(c, includes(modules), standard, *headers.STRICT)
        assert said == Ran(0, "", ""), (modules, said.err)


RUST_PROGRAM = """\
use bindings::common::{self, Header, Index, Kind};
use bindings::{left, right, top, VmPtr};
use core::mem::{offset_of, size_of, zeroed};

fn index_of(header: &Header) -> u32 {
    header.index.0
}

unsafe extern "C" fn take(
    header: VmPtr<Header>,
    _frame: VmPtr<common::Frame>,
    index: Index,
) -> Kind {
    let header = header.as_ptr();
    (*header).index.0 += index.0;
    (*header).kind
}

fn main() {
    let mut header = Header {
        tag: common::SHARED_TAG,
        kind: Kind::High,
        index: Index(7),
        next: None,
    };
    let right = right::Right { header };
    let calls = right::RightCalls { take };
    let mut top: top::Top = unsafe { zeroed_top(&calls) };
    top.left.header = unsafe { right.header };
    top.right = right::RightIndex(Index(3));
    let frame = 0u32;
    let pointer = VmPtr::from(core::ptr::NonNull::from(&mut header));
    let _ = (frame, pointer);
    let kind = unsafe {
        (calls.take)(
            VmPtr::from(core::ptr::NonNull::from(&mut top.left.header)),
            VmPtr::from(core::ptr::NonNull::from(&frame).cast()),
            top.right.0,
        )
    };
    assert_eq!(offset_of!(left::Left, words), size_of::<Header>());
    println!("{} {} {}", index_of(&header), index_of(&top.left.header), kind.0);
}

unsafe fn zeroed_top(calls: &right::RightCalls) -> top::Top {
    let mut top: core::mem::MaybeUninit<top::Top> = zeroed();
    let place = top.as_mut_ptr();
    core::ptr::addr_of_mut!((*place).left.owner)
        .write(VmPtr::from(core::ptr::NonNull::from(calls).cast()));
    core::ptr::addr_of_mut!((*place).calls).write(VmPtr::from(core::ptr::NonNull::from(calls)));
    top.assume_init()
}
"""


def test_one_crate_takes_a_record_from_all_modules(rust: Path) -> None:
    assert crates.execute(rust, RUST_PROGRAM) == "7 10 2\n"


PYTHON_PROGRAM = """\
import common, left, right, top

header = common.Header(tag=common.SHARED_TAG, kind=common.Kind.High, index=7)
held = left.Left(header=header)
whole = top.Top(left=held, right=3)
other = right.Right(header=held.header)


def index_of(header):
    assert isinstance(header, common.Header)
    return header.index


for one in header, held.header, whole.left.header, other.header:
    print(index_of(one), end=" ")
print(len(held.words) == common.MOST_WORDS, held.header.kind is common.Kind.High)
image = bytearray(24)
for target in "x86_64-unknown-linux-gnu", "i686-unknown-linux-gnu":
    image[8] = 9
    print(index_of(right.Right.read(bytes(image), target).header), end=" ")
"""


def said_by_python(folder: Path, program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def test_one_process_takes_a_record_from_all_modules(python: Path) -> None:
    said = said_by_python(python, PYTHON_PROGRAM)
    assert said == "7 7 7 7 True True\n9 9 "


@pytest.mark.parametrize("name", MODULES)
def test_a_python_module_may_be_imported_first(python: Path, name: str) -> None:
    others = ", ".join(other for other in MODULES if other != name)
    assert said_by_python(python, f"import {name}; import {others}") == ""


def test_modules_in_a_package_import_each_other_from_it(tmp_path: Path) -> None:
    for schema in SCHEMAS.glob("*.vm.yaml"):
        (tmp_path / schema.name).write_text(schema.read_text())
    (tmp_path / "pyproject.toml").write_text(
        '[tool.vmgen]\nschemas = ["*.vm.yaml"]\nlanguages = ["python"]\n'
        'python = {package = "app.bindings"}\n'
    )
    assert vmgen("build", cwd=tmp_path).code == 0
    (tmp_path / "app").mkdir()
    (tmp_path / "generated/python").rename(tmp_path / "app/bindings")
    program = (
        "from app.bindings import common, top\n"
        "whole = top.Top(right=3)\n"
        "assert type(whole.left.header) is common.Header\n"
    )
    assert said_by_python(tmp_path, program) == ""


DECLARATIONS = {
    "c": ("{}.h", "struct {} {{\n"),
    "rust": ("src/{}.rs", "pub struct {} {{\n"),
    "python": ("{}.py", "class {}("),
    "layout": ("{}.txt", "struct {}\n"),
}
"""Of each language the file of a module, and how the declaration of a struct begins."""


@pytest.mark.parametrize("language", DECLARATIONS)
def test_each_record_is_declared_by_its_own_module_alone(
    language: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = build(language, tmp_path_factory)
    file, begin = DECLARATIONS[language]
    for name, declared in (("Header", "common"), ("Left", "left"), ("Top", "top")):
        for module in MODULES:
            text = (folder / file.format(module)).read_text()
            assert text.count(begin.format(name)) == (module == declared), module
