"""Schemas made of C headers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fetched import fetch_by, fetched
from tests.imports.test_dwarf import held
from tests.support import vmgen

HERE = Path(__file__).parent


def imported(folder: Path, *words: str) -> str:
    ran = vmgen("import", "c", *words, cwd=folder)
    return f"{ran.code}: {ran.out}{ran.err}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in ("sample.c", "sample.h"):
        text = (HERE / name).read_text(encoding="utf-8")
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_a_header_with_its_comments(folder: Path) -> None:
    ran = vmgen("import", "c", "sample.h", cwd=folder)
    assert ran.code == 0, ran.err
    held("header.vm.yaml", ran.out)


def test_it_says_what_debug_information_says(folder: Path) -> None:
    ran = vmgen("import", "c", "sample.c", "--type=node", "--type=table", cwd=folder)
    binary = (HERE / "golden" / "c.vm.yaml").read_text(encoding="utf-8")
    told = [line for line in ran.out.splitlines() if not line.startswith("c: ")]
    assert told[2:] == binary.splitlines()[2:]


def test_what_is_packed_in_a_header_is_packed(folder: Path) -> None:
    (folder / "packed.h").write_text(
        "struct __attribute__((packed)) least { char sort; long long start; };\n"
        "#pragma pack(push, 4)\n"
        "struct few { long long start; int count; struct least inside; };\n"
        "union either { long long wide; char narrow; };\n"
        "#pragma pack(pop)\n"
        "struct all { char sort; union either either; struct few few; };\n",
        encoding="utf-8",
    )
    targets = ("x86_64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf")
    words = [f"--target={target}" for target in targets]
    said = imported(folder, "packed.h", *words, "--type=all", "-o", "packed.vm.yaml")
    assert said == "0: 4 types imported\n"
    text = (folder / "packed.vm.yaml").read_text(encoding="utf-8")
    kept = ("kind: ", "packed: ", "either: ", "few: ", "expect_size: ")
    lines = [line.strip() for line in text.splitlines()[6:] if line.startswith("   ")]
    assert [line for line in lines if line.startswith(kept)] == [
        *("kind: union", "packed: 4", "expect_size: 8"),
        *("kind: struct", "packed: true", "expect_size: 9"),
        *("kind: struct", "packed: 4", "expect_size: 24"),
        *("kind: struct", "either: {type: either, expect_offset: 4}", "few: few"),
        "expect_size: 36",
    ]
    checked = vmgen("check", "packed.vm.yaml", cwd=folder)
    assert (checked.code, checked.out) == (0, "no findings in 1 schema\n")


def test_a_header_on_two_targets(folder: Path) -> None:
    (folder / "two.h").write_text(
        "struct two { long count; void *data; unsigned char rest; };\n"
        "struct all { struct two twos[2]; int end; };\n",
        encoding="utf-8",
    )
    targets = ("x86_64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf")
    words = [f"--target={target}" for target in targets]
    said = imported(folder, "two.h", *words, "--type=all", "-o", "two.vm.yaml")
    assert said == "0: 2 types imported\n"
    text = (folder / "two.vm.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[4:] == [
        "c: {header: two.h}",
        "targets: [x86_64-unknown-linux-gnu, armv7-unknown-linux-gnueabihf]",
        "",
        "types:",
        "  two:",
        "    kind: struct",
        "    c_name: struct two",
        "    fields:",
        "      count: c_long",
        "      data: Option<VmPtr<()>>",
        "      rest: u8",
        "    expect_size: {64: 24, 32: 12}",
        "",
        "  all:",
        "    kind: struct",
        "    c_name: struct all",
        "    fields:",
        '      twos: "[two; 2]"',
        "      end: c_int",
        "    expect_size: {64: 56, 32: 28}",
    ]


TWO = ("x86_64-unknown-linux-gnu", "armv7-unknown-linux-gnueabihf")


def test_members_that_only_some_targets_have(tmp_path: Path) -> None:
    (tmp_path / "own.h").write_text(
        "struct own {\n"
        "#ifdef __x86_64__\n"
        "  int state; struct { unsigned char x; } place; unsigned ready : 3;\n"
        "#else\n"
        "  char state[4]; long spare;\n"
        "#endif\n"
        "  unsigned level : 5;\n"
        "};\n",
        encoding="utf-8",
    )
    words = [f"--target={target}" for target in TWO]
    said = imported(tmp_path, "own.h", *words, "-o", "some.vm.yaml")
    assert said == "0: 2 types imported\n"
    text = (tmp_path / "some.vm.yaml").read_text(encoding="utf-8")
    assert text.splitlines()[8:] == [
        "  own:",
        "    kind: struct",
        "    c_name: struct own",
        "    fields:",
        "      state: {type: c_int, on: {width: 64}}",
        '      state2: {type: "[c_char; 4]", c_name: state, on: {width: 32}}',
        "      spare: {type: c_long, on: {width: 32}}",
        "      place:",
        "        on: {width: 64}",
        "        struct:",
        "          x: u8",
        "      ready: {type: c_uint, bits: 3, on: {width: 64}}",
        "      level: {type: c_uint, bits: 5}",
        "    expect_size: {64: 8, 32: 12}",
    ]
    checked = vmgen("check", "some.vm.yaml", cwd=tmp_path)
    assert (checked.code, checked.out) == (0, "no findings in 1 schema\n")
    for target, numbers in zip(TWO, (12, 8), strict=True):
        words = [f"--target={target}"]
        ran = vmgen("verify", "some.vm.yaml", "--header", *words, cwd=tmp_path)
        assert ran.out == (
            f"{numbers} numbers of `some` compared with own.h on {target}\n"
        )


def test_targets_that_no_condition_tells_apart(tmp_path: Path) -> None:
    (tmp_path / "own.h").write_text(
        "struct own { int it;\n#ifdef __ANDROID__\nint more;\n#endif\n};\n",
        encoding="utf-8",
    )
    android = ("--target=x86_64-linux-android", f"--target={TWO[0]}")
    said = imported(tmp_path, "own.h", *android, "--type=own")
    assert "      more: {type: c_int, on: {os: android}}\n" in said
    from vmgen.imports.apart_parts import with_conditions
    from vmgen.imports.draft import Declared, Part
    from vmgen.imports.found import ImportFailed

    both = (TWO[0], "x86_64-unknown-linux-musl")
    part = Part("it", offsets={TWO[0]: 0}, there=(TWO[0],))
    with pytest.raises(ImportFailed) as raised:
        with_conditions(Declared(name="either", kind="struct", parts=(part,)), both)
    assert str(raised.value) == (
        "`either.it` is on x86_64-unknown-linux-gnu alone, which no condition of a "
        "schema's says"
    )


def test_what_two_targets_have_differently_is_told(tmp_path: Path) -> None:
    (tmp_path / "kind.h").write_text(
        "#ifdef __x86_64__\nstruct w { int it; };\n#else\nunion w { int it; };\n"
        "#endif\n",
        encoding="utf-8",
    )
    words = [f"--target={target}" for target in TWO]
    assert imported(tmp_path, "kind.h", *words) == (
        "2: vmgen: kind.h: `w` is of the kind struct on x86_64-unknown-linux-gnu and "
        "union on armv7-unknown-linux-gnueabihf\n"
    )


def test_what_is_never_null_wherever_it_stands(tmp_path: Path) -> None:
    (tmp_path / "never.h").write_text(
        "#include <float.h>\n"
        "typedef struct job *_Nonnull job_ref;\n"
        "struct jobs { const char *_Nonnull names[2]; job_ref first; job_ref *all;\n"
        "  int (*_Nonnull run)(job_ref job, unsigned char *_Nullable data); };\n",
        encoding="utf-8",
    )
    said = imported(tmp_path, "never.h")
    assert said.splitlines()[7:16] == [
        "types:",
        "  jobs:",
        "    kind: struct",
        "    c_name: struct jobs",
        "    fields:",
        '      names: "[VmPtr<c_char>; 2]"',
        "      first: VmPtr<job>",
        '      all: "*mut VmPtr<job>"',
        '      run: "fn(job: VmPtr<job>, data: *mut u8) -> c_int"',
    ]


def test_headers_that_the_compiler_looks_for_in_their_order(tmp_path: Path) -> None:
    (tmp_path / "include").mkdir()
    (tmp_path / "include" / "count.h").write_text("struct count { long it; };\n")
    (tmp_path / "uses.h").write_text(
        "#if LEVEL > 1\nstruct uses { struct count count; };\n#endif\n"
    )
    words = (
        "<count.h>",
        "uses.h",
        "--type=uses",
        "--flag=-Iinclude",
        "--flag=-DLEVEL=2",
    )
    said = imported(tmp_path, *words, "-o", "both.vm.yaml")
    assert said == "0: 2 types imported\n"
    text = (tmp_path / "both.vm.yaml").read_text(encoding="utf-8")
    assert "\nc: {header: [<count.h>, uses.h], defines: [LEVEL=2]}\n" in text
    verified = vmgen(
        "verify", "both.vm.yaml", "--header", "--flag=-Iinclude", cwd=tmp_path
    )
    assert (verified.code, verified.out) == (
        0,
        "8 numbers of `both` compared with <count.h>, uses.h on "
        "x86_64-unknown-linux-gnu\n",
    )


@pytest.mark.parametrize(
    ("file", "flags", "header"),
    [
        ("include/own.h", ("--flag=-Iinclude",), "own.h"),
        ("include/own.h", ("--flag=-isystem", "--flag=include"), "<own.h>"),
        ("./include/own.h", (), "include/own.h"),
        ("with blank.h", (), None),
    ],
)
def test_what_a_schema_calls_the_header(
    tmp_path: Path, file: str, flags: tuple[str, ...], header: str | None
) -> None:
    path = tmp_path / file
    path.parent.mkdir(exist_ok=True)
    path.write_text("struct own { int it; };\n")
    said = imported(tmp_path, file, *flags)
    assert said.startswith("0: "), said
    named = [line for line in said.splitlines() if line.startswith("c: ")]
    assert named == ([] if header is None else [f"c: {{header: {header}}}"])


def test_what_no_schema_has_and_what_the_compiler_alone_declares(
    tmp_path: Path,
) -> None:
    (tmp_path / "odd.h").write_text(
        "#include <stdarg.h>\n"
        "typedef int four __attribute__((vector_size(16)));\n"
        "struct odd { four four; long double wide; _Complex float both; va_list rest; };\n"
    )
    words = ("odd.h", "--target=x86_64-unknown-linux-gnu", "-o", "none.vm.yaml")
    assert imported(tmp_path, *words) == (
        '0: 5 types imported; 1 reason to write, where "?" stands; of which the layout '
        "can't be stated: `vector`, `long_double`, `_Complex_float`\n"
    )
    text = (tmp_path / "none.vm.yaml").read_text(encoding="utf-8")
    said = [line.strip() for line in text.splitlines() if line.startswith("    doc: ")]
    assert said == [
        "doc: Rust's vectors are no integers, and Python has none.",
        "doc: Neither Rust nor Python has such a number.",
        "doc: Neither Rust nor Python has such a number.",
    ]
    verified = vmgen("verify", "none.vm.yaml", "--header", cwd=tmp_path)
    assert (verified.code, verified.out) == (
        0,
        "10 numbers of `none` compared with odd.h on x86_64-unknown-linux-gnu\n",
    )


def test_two_unions_without_a_name_are_two(tmp_path: Path) -> None:
    (tmp_path / "two.h").write_text(
        "struct two { union { int a; }; union { long b; }; struct { int c; } d, e; };\n"
    )
    said = imported(tmp_path, "two.h")
    lines = [line.strip() for line in said.splitlines()]
    assert [line for line in lines if line.endswith(("c_int", "c_long", "two_d"))] == [
        *("c: c_int", "a: c_int", "b: c_long", "d: two_d", "e: two_d"),
    ]
    assert "c: {header: two.h, without: [two_d]}" in lines


class TestBadHeaders:
    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("struct x { foo a; };", "bad.h:1:12: unknown type name 'foo'"),
            ("struct x { int a", "bad.h:1:17: expected ';' at end of declaration list"),
            ('#include "none.h"', "bad.h:1:10: 'none.h' file not found"),
            ("int a;", "it declares no type with a name and a size"),
            ("struct x;", "it declares no type with a name and a size"),
            ("", "it declares no type with a name and a size"),
            ("\0\1\2", "bad.h:1:2: expected identifier or '('"),
        ],
    )
    def test_what_clang_refuses_is_told_with_its_place(
        self, tmp_path: Path, text: str, said: str
    ) -> None:
        (tmp_path / "bad.h").write_text(text, encoding="utf-8")
        assert imported(tmp_path, "bad.h") == f"2: vmgen: bad.h: {said}\n"

    def test_a_header_without_end(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Macros that make each other longer are as many tokens as no memory holds."""
        lines = ["#define A0 int a;"]
        lines += [f"#define A{n + 1} " + f"A{n} " * 16 for n in range(12)]
        (tmp_path / "bomb.h").write_text(
            "\n".join([*lines, "struct x { A12 };"]), encoding="utf-8"
        )
        monkeypatch.setattr("vmgen.imports.apart.SECONDS", 3)
        said = imported(tmp_path, "bomb.h")
        assert said == "2: vmgen: bomb.h: clang isn't done with it in 3 s\n"

    def test_a_deep_header(self, tmp_path: Path) -> None:
        (tmp_path / "deep.h").write_text(
            "struct x { int " + "(" * 100_000 + "a;", encoding="utf-8"
        )
        said = imported(tmp_path, "deep.h")
        assert said.startswith("2: vmgen: deep.h: ")

    def test_no_header(self, tmp_path: Path) -> None:
        assert imported(tmp_path, "none.h") == (
            "2: vmgen: none.h: no such file or directory\n"
        )
        assert imported(tmp_path, ".") == "2: vmgen: .: is a directory\n"


DLPACK = "apache-tvm-ffi==0.1.1"


def test_a_header_that_others_wrote(tmp_path: Path) -> None:
    def fetch(folder: Path) -> None:
        import sys

        pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
        fetch_by([*pip, "--only-binary", ":all:", DLPACK, "-d", "."], folder)

    import zipfile

    (wheel,) = fetched("dlpack", DLPACK, fetch).glob("*.whl")
    with zipfile.ZipFile(wheel) as held_there:
        text = held_there.read("tvm_ffi/include/dlpack/dlpack.h")
    (tmp_path / "dlpack.h").write_bytes(text)
    words = ("dlpack.h", "--target=x86_64-unknown-linux-gnu", "-o", "dlpack.vm.yaml")
    assert imported(tmp_path, *words) == (
        '0: 10 types imported; 1 reason to write, where "?" stands\n'
    )
    schema = (tmp_path / "dlpack.vm.yaml").read_text(encoding="utf-8")
    assert schema.count('"?"') == schema.count('profile: {c-abi: "?"}\n') == 1
    for line in (
        "      device_id:",
        "      strides:",
        "      byte_offset:",
        '        type: "*mut i64"',
        "    expect_size: 48",
    ):
        assert line in schema.splitlines(), line
    built = vmgen("build", "dlpack.vm.yaml", "--lang", "c", "-o", "out", cwd=tmp_path)
    assert built.code == 0, built.out
