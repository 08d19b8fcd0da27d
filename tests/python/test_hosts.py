"""What a module takes the running interpreter for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.python.generated import loaded, run, write

if TYPE_CHECKING:
    from pathlib import Path


def test_a_host_that_is_no_target_says_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, _for_targets(tmp_path, "[msp430-none-elf]"))
    done = run(tmp_path, "import tiny")
    assert done.code == 1
    assert done.err.splitlines()[-1].startswith(
        "ImportError: tiny.vm.yaml has no target like this host (64-bit little-endian, "
    )
    assert done.err.splitlines()[-1].endswith(
        "only le16-max2-noatomic; to read and write bytes of those targets without "
        "native access, call vmgen_runtime.set_host(None) before this import and use "
        "Type.read(data, target=...)"
    )


def test_a_module_can_be_imported_for_reading_alone(tmp_path: Path) -> None:
    write(tmp_path, _for_targets(tmp_path, "[msp430-none-elf]"))
    code = (
        "import vmgen_runtime; vmgen_runtime.set_host(None)\n"
        "import tiny\n"
        "print(tiny.Tiny.read(b'\\1\\2\\3\\4', 'msp430-none-elf'))\n"
        "tiny.Tiny()"
    )
    done = run(tmp_path, code)
    assert done.out == "Tiny(a=513, b=VmPtr<u8>(0x403, le16-max2-noatomic))\n"
    assert "TypeError: Tiny has no native layout here" in done.err


def test_a_host_that_was_given_has_to_fit(tmp_path: Path) -> None:
    write(tmp_path, _for_targets(tmp_path, "[i686-unknown-linux-gnu, aarch64-*]"))
    code = "import vmgen_runtime; vmgen_runtime.set_host({!r}); import tiny"
    assert run(tmp_path, code.format("aarch64-apple-darwin")).code == 0
    done = run(tmp_path, code.format("i686-unknown-linux-gnu"))
    assert "ImportError: i686-unknown-linux-gnu, given to set_host, is not" in done.err


def test_only_what_differs_is_unsure_where_u128_can_not_be_measured(
    tmp_path: Path,
) -> None:
    text = TINY.format(targets="[one, two]") + (
        "data_models: {one: {pointer: 64}, two: {pointer: 64, align: {u128: 8}}}\n"
    )
    text = text.replace(
        "types:\n", "types:\n  Wide: {kind: struct, fields: {a: u8, b: u128}}\n"
    )
    (tmp_path / "tiny.vm.yaml").write_text(text)
    write(tmp_path, loaded(tmp_path / "tiny.vm.yaml", "tiny.vm.yaml"))
    code = "import vmgen_runtime;{} import tiny; print(tiny.Tiny(a=1)); print(tiny.Wide(b=1))"
    done = run(tmp_path, code.format(""))
    assert done.out == "Tiny(a=1, b=null)\n"
    assert "Wide has no native layout here" in done.err
    done = run(tmp_path, code.format("vmgen_runtime.set_host('two');"))
    assert done.out == "Tiny(a=1, b=null)\nWide(a=0, b=1)\n"


TINY = """\
vmgen: 1
module: tiny
targets: {targets}
types:
  Tiny: {{kind: struct, fields: {{a: u16, b: VmPtr<u8>}}}}
"""


def _for_targets(folder: Path, targets: str) -> Any:
    path = folder / "tiny.vm.yaml"
    path.write_text(TINY.format(targets=targets))
    return loaded(path, path.name)
