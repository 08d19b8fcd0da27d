"""The targets, by rustc's triples; `target_table` holds them as text.

Nothing is parsed before the first look-up, since most runs ask for few targets or
for none.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, ValuesView
from fnmatch import fnmatchcase

import msgspec

from vmgen.targets import target_table
from vmgen.targets.data_model import DataModel, Endian

PATTERN_CHARACTERS = frozenset("*?[")


class Target(msgspec.Struct, frozen=True):
    """One target: its data model, and what ``cfg`` says about it.

    `arch`, `os`, `env` and `abi` are the values of rustc's ``target_arch`` and so
    on, empty where rustc has none. `llvm` is the triple that clang takes.
    """

    triple: str
    model: DataModel
    arch: str
    os: str
    env: str
    abi: str
    llvm: str

    @property
    def pointer_width(self) -> int:
        """In bits: 16, 32 or 64."""
        return self.model.pointer_width

    @property
    def endian(self) -> Endian:
        return self.model.endian


class UnknownTarget(LookupError):
    """No target has this name, or none fits this pattern; `suggestions` may help."""

    def __init__(self, name: str, suggestions: tuple[str, ...]) -> None:
        self.name = name
        self.is_pattern = is_pattern(name)
        self.suggestions = suggestions
        what = "no target fits the pattern" if self.is_pattern else "unknown target"
        hint = f", did you mean {' or '.join(suggestions)}?" if suggestions else ""
        super().__init__(f"{what} `{name}`{hint}")


class TargetTable(Mapping[str, Target]):
    """Every target of the table, by triple, in the order of the triples."""

    def __init__(self, models: str, targets: str) -> None:
        self._sources = (models, targets)
        self._models: dict[str, DataModel] = {}
        self._targets: dict[str, Target] = {}

    def __getitem__(self, triple: str) -> Target:
        return self._loaded()[triple]

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaded())

    def __len__(self) -> int:
        return len(self._loaded())

    def values(self) -> ValuesView[Target]:
        """As of every mapping, but without a look-up for each."""
        return self._loaded().values()

    @property
    def models(self) -> Mapping[str, DataModel]:
        """The data models of the targets, by name, in the order of the names."""
        self._loaded()
        return self._models

    def _loaded(self) -> dict[str, Target]:
        if not self._targets:
            models, targets = self._sources
            self._models = {m.name: m for m in map(_model, models.splitlines())}
            absent = {"-": ""}.get
            for line in targets.splitlines():
                triple, model, arch, os, env, abi, llvm = line.split()
                self._targets[triple] = Target(
                    triple,
                    self._models[model],
                    absent(arch, arch),
                    absent(os, os),
                    absent(env, env),
                    absent(abi, abi),
                    triple if llvm == "=" else llvm,
                )
        return self._targets


TARGETS = TargetTable(target_table.DATA_MODELS, target_table.TARGETS)

RUSTC_VERSION = target_table.RUSTC_VERSION


def is_pattern(name: str) -> bool:
    """Whether a name is a glob pattern, such as ``aarch64-*``."""
    return not PATTERN_CHARACTERS.isdisjoint(name)


def find(name: str) -> tuple[Target, ...]:
    """The target of that triple, or those that fit the glob pattern, by triple.

    Raises UnknownTarget when there is none.
    """
    if not is_pattern(name):
        found = [TARGETS[name]] if name in TARGETS else []
    else:
        found = [t for triple, t in TARGETS.items() if fnmatchcase(triple, name)]
    if not found:
        raise UnknownTarget(name, suggest(name))
    return tuple(found)


def suggest(name: str, also: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Up to three names like that one, best first, of the triples and of `also`.

    For a pattern it is the same pattern of other processors, if that fits a target.
    """
    from difflib import get_close_matches

    processor, dash, rest = name.lower().partition("-")
    if is_pattern(rest) and not is_pattern(processor):
        known = dict.fromkeys(triple.partition("-")[0] for triple in TARGETS)
        others = (f"{p}{dash}{rest}" for p in get_close_matches(processor, known))
        near = tuple(p for p in others if any(fnmatchcase(t, p) for t in TARGETS))
        if near:
            return near
    wanted = "".join(c for c in name.lower() if c not in PATTERN_CHARACTERS)
    return tuple(get_close_matches(wanted, [*also, *TARGETS], n=3, cutoff=0.6))


def _model(line: str) -> DataModel:
    name, pointer, endian, *aligns, atomics, cas = line.split()
    ptr, u16, u32, u64, u128, f32, f64 = map(int, aligns)
    return DataModel(
        name=name,
        pointer=int(pointer),
        endian="little" if endian == "little" else "big",
        align_pointer=ptr,
        align_u16=u16,
        align_u32=u32,
        align_u64=u64,
        align_u128=u128,
        align_f32=f32,
        align_f64=f64,
        atomics=_widths(atomics),
        cas=_widths(cas),
    )


def _widths(words: str) -> frozenset[int]:
    return frozenset(map(int, words.split(","))) if words != "-" else frozenset()
