"""What the installed rustc says about its targets.

Two answers for each: what its target specification means (`specified`), and what
it does with types and ``cfg`` when it compiles for that target (`probed`).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from vmgen.targets.data_model import NATURAL_ALIGN, DataModel, canonical_name

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Stable core has no atomic of 128 bits, so no schema can ask for one.
ATOMIC_WIDTHS = (8, 16, 32, 64)

#: Types that `DataModel` has no column for, and the ones that they are aligned like.
ALIGNED_LIKE = {
    **{f"i{bits}": f"u{bits}" for bits in (8, 16, 32, 64, 128)},
    "bool": "u8",
    "char": "u32",
    "isize": "usize",
    "*const u8": "usize",
    'extern "C" fn()': "usize",
}


class CompilerError(Exception):
    """The compiler is missing, or answered with something else than an answer."""


@dataclass(frozen=True, slots=True)
class Facts:
    """One target as the compiler has it; the model is named canonically."""

    model: DataModel
    arch: str
    os: str
    env: str
    abi: str
    llvm: str


def rustc(*arguments: str, may_fail: bool = False) -> tuple[str, str]:
    """What a rustc run prints, on stdout and on stderr.

    Unstable questions are answered, by a stable compiler too. Raises
    CompilerError when rustc is missing, or fails and not `may_fail`.
    """
    command = [os.environ.get("RUSTC", "rustc"), *arguments]
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
    try:
        done = subprocess.run(
            command, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as error:
        raise CompilerError(f"{command[0]} cannot be run: {error}") from error
    if done.returncode != 0 and not may_fail:
        raise CompilerError(f"{' '.join(command)}:\n{done.stderr}")
    return done.stdout, done.stderr


def version() -> str:
    """Such as ``1.95.0``."""
    match = re.search(r"^release: (\S+)$", rustc("-vV")[0], re.MULTILINE)
    if match is None:
        raise CompilerError("rustc -vV names no release")
    return match[1]


def specified() -> dict[str, Facts]:
    """Every target, by triple, as the compiler's target specifications have it."""
    answer, _ = rustc("-Z", "unstable-options", "--print", "all-target-specs-json")
    specs: dict[str, dict[str, Any]] = json.loads(answer)
    return {triple: _specified(specs[triple]) for triple in sorted(specs)}


def _specified(spec: dict[str, Any]) -> Facts:
    pointer = int(spec["target-pointer-width"])
    narrowest = spec.get("min-atomic-width", 8)
    widest = spec.get("max-atomic-width", pointer)
    atomics = frozenset(w for w in ATOMIC_WIDTHS if narrowest <= w <= widest)
    return Facts(
        model=_named(
            pointer=pointer // 8,
            endian=spec.get("target-endian", "little"),
            align=alignments(spec["data-layout"]),
            atomics=atomics,
            cas=atomics if spec.get("atomic-cas", True) else frozenset(),
        ),
        arch=spec["arch"],
        os=spec.get("os", "none"),
        env=spec.get("env", ""),
        abi=spec.get("abi", ""),
        llvm=spec["llvm-target"],
    )


def _named(
    *,
    pointer: int,
    endian: Literal["little", "big"],
    align: dict[str, int],
    atomics: frozenset[int],
    cas: frozenset[int],
) -> DataModel:
    columns = {f"align_{column}": bytes_ for column, bytes_ in align.items()}

    def model(name: str) -> DataModel:
        return DataModel(
            name=name,
            pointer=pointer,
            endian=endian,
            atomics=atomics,
            cas=cas,
            **columns,
        )

    return model(canonical_name(model("")))


def alignments(data_layout: str) -> dict[str, int]:
    """The columns of a data model, in bytes, from LLVM's data layout string.

    What the string leaves out is the default of rustc and LLVM: 2, 4 and 4 bytes
    for the 16-, 32- and 64-bit integers, 4 and 8 for the floats, 8 for a pointer,
    and for u128 what the string gives to the widest integer from 64 bits up.
    """
    found = {"pointer": 8, "u16": 2, "u32": 4, "u64": 4, "f32": 4, "f64": 8}
    widest, align_u128 = 64, 4
    for word in data_layout.split("-"):
        # p[address space]:size:abi and [if]size:abi, in bits; what follows is only a
        # preference. Address space 0 is the one of Rust's pointers.
        match = re.fullmatch(r"(?:p0?:\d+|([if])(\d+)):(\d+)(?::.*)?", word)
        if match is None:
            continue
        letter, bits, align = match[1], int(match[2] or 0), int(match[3]) // 8
        if letter is None:
            found["pointer"] = align
        elif letter == "f" and bits in (32, 64):
            found[f"f{bits}"] = align
        elif letter == "i" and bits in (16, 32, 64):
            found[f"u{bits}"] = align
        if letter == "i" and widest <= bits <= 128:
            widest, align_u128 = bits, align
    return found | {"u128": align_u128}


def layout_attribute() -> str:
    """The name of the attribute that makes this rustc print a type's layout.

    ``rustc_layout`` up to 1.95, ``rustc_dump_layout`` in later compilers. Raises
    CompilerError when it is neither.
    """
    for name in ("rustc_layout", "rustc_dump_layout"):
        with tempfile.TemporaryDirectory(prefix="vmgen-rustc-") as folder:
            crate = Path(folder, "probe.rs")
            crate.write_text(f"{NO_CORE}#[{name}(size)] pub type T = u8;\n")
            if "size: Size(1 bytes)" in compile_crate(crate):
                return name
    raise CompilerError("this rustc has no attribute that prints a type's layout")


#: The head of a crate that needs no ``core``.
NO_CORE = """\
#![feature(no_core, lang_items, rustc_attrs, cfg_target_has_atomic)]
#![allow(internal_features)]
#![no_core]
#![crate_type = "lib"]
#[lang = "pointee_sized"] pub trait PointeeSized {}
#[lang = "meta_sized"] pub trait MetaSized: PointeeSized {}
#[lang = "sized"] pub trait Sized: MetaSized {}
"""


def compile_crate(crate: Path, *arguments: str) -> str:
    """The errors and layout dumps of a compilation that stops before code."""
    return rustc(
        f"{crate}",
        "--edition=2021",
        "--emit=metadata",
        "--error-format=short",
        f"--out-dir={crate.parent}",
        *arguments,
        may_fail=True,
    )[1]


class Probe:
    """A crate whose layout dumps answer what `Facts` holds, for any target.

    Each question is a line of the crate: a type whose layout is wanted, or a
    ``cfg`` value that is true when the line's type is dumped at all.
    """

    def __init__(self, known: Iterable[Facts]) -> None:
        types = ["u8", "usize", *NATURAL_ALIGN, *ALIGNED_LIKE]
        self._questions = [(name, "", name) for name in types]
        for bits in ATOMIC_WIDTHS:
            self._cfg("target_has_atomic_load_store", f"{bits}")
            self._cfg("target_has_atomic", f"{bits}")
        self._cfg("target_endian", "little")
        facts = list(known)
        for key in ("arch", "os", "env", "abi"):
            for value in sorted({getattr(fact, key) for fact in facts}):
                self._cfg(f"target_{key}", value)

    def _cfg(self, key: str, value: str) -> None:
        condition = f'{key} = "{value}"'
        self._questions.append((condition, f"#[cfg({condition})] ", "u8"))

    def source(self, attribute: str) -> str:
        return NO_CORE + "".join(
            f"{condition}#[{attribute}(size, align)] pub type T{i} = {name};\n"
            for i, (_, condition, name) in enumerate(self._questions)
        )

    def read(self, triple: str, output: str) -> Facts:
        """The facts, without `llvm`, from the compiler's output.

        Raises CompilerError for other errors than dumps, and where
        `ALIGNED_LIKE` is not true.
        """
        size: dict[str, int] = {}
        align: dict[str, int] = {}
        first = NO_CORE.count("\n") + 1
        for line in output.splitlines():
            match = re.search(r":(\d+):\d+: error: (\w+): .*\((\d+) bytes\)", line)
            if match is not None:
                question = self._questions[int(match[1]) - first][0]
                (size if match[2] == "size" else align)[question] = int(match[3])
            elif "error" in line and "aborting due to" not in line:
                raise CompilerError(f"{triple}: {line}")
        for name, like in ALIGNED_LIKE.items():
            if (size[name], align[name]) != (size[like], align[like]):
                raise CompilerError(f"{triple}: {name} is not laid out like {like}")
        if align["u8"] != 1:
            raise CompilerError(f"{triple}: u8 is aligned to {align['u8']}")

        def widths(key: str) -> frozenset[int]:
            return frozenset(b for b in ATOMIC_WIDTHS if f'{key} = "{b}"' in size)

        def value(key: str) -> str:
            return " ".join(
                question.split('"')[1]
                for question in size
                if question.startswith(f"target_{key} = ")
            )

        return Facts(
            model=_named(
                pointer=size["usize"],
                endian="little" if 'target_endian = "little"' in size else "big",
                align={c: align[c] for c in NATURAL_ALIGN}
                | {"pointer": align["usize"]},
                atomics=widths("target_has_atomic_load_store"),
                cas=widths("target_has_atomic"),
            ),
            arch=value("arch"),
            os=value("os"),
            env=value("env"),
            abi=value("abi"),
            llvm="",
        )


def probed(known: dict[str, Facts], jobs: int = 2) -> dict[str, Facts]:
    """The facts of the same targets, without `llvm`, by compiling for each of them.

    Needs no standard library and no linker.
    """
    probe = Probe(known.values())
    with (
        tempfile.TemporaryDirectory(prefix="vmgen-rustc-") as folder,
        ThreadPoolExecutor(jobs) as pool,
    ):
        crate = Path(folder, "probe.rs")
        crate.write_text(probe.source(layout_attribute()), encoding="utf-8")

        def ask(triple: str) -> tuple[str, Facts]:
            output = compile_crate(crate, f"--target={triple}")
            return triple, probe.read(triple, output)

        return dict(pool.map(ask, known))
