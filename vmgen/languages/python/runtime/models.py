"""The targets of a schema, and the host: which of them is running."""

from __future__ import annotations

import ctypes
import sys

from .errors import UnknownTarget, did_you_mean
from .hints import Any, Final, Sequence


class Model:
    """A data model of the schema: sizes, alignments and byte order of its targets.

    `aligns` has only the word types that the schema lays out, since no other can
    tell targets apart; of `c_int` and `c_long` the width in bytes, and of `c_char`
    whether it is signed; of `bits` the rule of bit-fields. Several may have one `name`,
    which is that of Rust's data model; `key` is what `Targets.model` knows this one by: the
    name, or where others have it a target. Models with the same `column` lay everything
    out alike. One is `bare` when none of its targets has an operating system, hence a
    Python. It has a `doubt` when hosts that measure the same align `u128`, which ctypes
    doesn't have and can't measure, in different ways.
    """

    __slots__ = (
        "aligns", "bare", "column", "doubt", "key", "name", "order", "pointer",
        "prefix", "targets",
    )  # fmt: skip

    def __init__(
        self,
        name: str,
        order: Any,
        facts: Sequence[tuple[Any, ...]],
        targets: str,
        *words: str,
    ) -> None:
        self.name = self.key = name
        self.order: Any = order
        self.prefix = "<" if order == "little" else ">"
        self.targets = tuple(targets.split())
        self.bare = "bare" in words
        self.doubt = "doubt" in words
        self.aligns: dict[str, int] = {fact[0]: fact[-1] for fact in facts}
        self.pointer: int = next((f[1] for f in facts if f[0] == "pointer"), 0)
        self.column = 0

    @property
    def facts(self) -> tuple[int, ...]:
        """What is said of words, in bytes."""
        return self.pointer, *self.aligns.values()

    def fits(self, host: Host) -> bool:
        """Whether the running host could be of this model."""
        return (
            self.order == host.order
            and self.pointer in (0, host.pointer)
            and all(host.fact(w) in (None, a) for w, a in self.aligns.items())
        )

    def __repr__(self) -> str:
        return f"<data model {self.key}>"


class Host:
    """What was measured about the running interpreter."""

    __slots__ = ("aligns", "order", "pointer")

    def __init__(self) -> None:
        self.order: Any = sys.byteorder
        self.pointer = ctypes.sizeof(ctypes.c_void_p)
        self.aligns = {
            "pointer": ctypes.alignment(ctypes.c_void_p),
            "u16": ctypes.alignment(ctypes.c_uint16),
            "u32": ctypes.alignment(ctypes.c_uint32),
            "u64": ctypes.alignment(ctypes.c_uint64),
            "f32": ctypes.alignment(ctypes.c_float),
            "f64": ctypes.alignment(ctypes.c_double),
        }

    def fact(self, name: str) -> int | None:
        """What a model would say of this host by that name, None for what is unknown."""
        if name in ("c_int", "c_long"):
            return ctypes.sizeof(getattr(ctypes, name))
        if name == "bits":
            from .machine import bit_rule

            return bit_rule()
        if name == "c_char":
            from .machine import has_signed_char

            return int(has_signed_char())
        if " " in name:
            from .machine import is_so

            return is_so(*name.split(" ", 1))
        return self.aligns.get(name)

    def __str__(self) -> str:
        aligns = ", ".join(f"{word} at {align}" for word, align in self.aligns.items())
        return f"{self.pointer * 8}-bit {self.order}-endian, alignments {aligns}"


HOST: Final[Host] = Host()
"""The running host, measured rather than concluded from its name."""

_MEASURED: Final[str] = "(measured)"
_host_choice: str | None = _MEASURED


def set_host(target: str | None) -> None:
    """Say what modules imported from now on are to take the host for.

    None gives up native access: the modules read and write bytes of the schema's
    targets but can't be pointed at live memory. A target settles what ctypes cannot
    measure; it must still fit all that was measured.
    """
    global _host_choice
    _host_choice = target


class Targets:
    """The targets of one generated module, made from the rows of its table.

    `width` is how many columns a number has that isn't the same on all. `knows_u128`
    says whether the alignment of 128-bit integers on the host is known.
    """

    def __init__(
        self, schema: str, remake: str, rows: Sequence[tuple[Any, ...]]
    ) -> None:
        self.schema = schema
        self.remake = remake
        self.models = [Model(*row) for row in rows]
        alike: dict[tuple[int, ...], int] = {}
        for model in self.models:
            model.column = alike.setdefault(model.facts, len(alike))
        self.width = len(alike)
        names = [model.name for model in self.models]
        self._shared = {name for name in names if names.count(name) > 1}
        self.by_target: dict[str, Model] = {}
        for model in self.models:
            if model.name in self._shared:
                model.key = model.targets[0]
            self.by_target.update(dict.fromkeys((model.key, *model.targets), model))
        self._own = {model: model for model in self.models}
        self.knows_u128 = False
        self.host: Model | None = self._chosen()

    def model(self, target: str | None) -> Model:
        """The model of a target, of the host when None. Raises UnknownTarget."""
        if target is None:
            if self.host is None:
                raise UnknownTarget("the host is none of the targets: name one")
            return self.host
        model = self.by_target.get(target)
        if model is None:
            if target in self._shared:
                raise UnknownTarget(
                    f"{target} is more than one data model: name a target"
                )
            hint = did_you_mean(target, self.by_target)
            raise UnknownTarget(f"{target} is no target of {self.schema}{hint}")
        return model

    def own(self, model: Model) -> Model:
        """What this module has for a model of one that uses its types."""
        own = self._own.get(model)
        if own is None:
            own = self._own[model] = self.model(model.targets[0])
        return own

    def _chosen(self) -> Model | None:
        """The model of the running host, None for readers alone. Raises ImportError
        when none fits."""
        if _host_choice is None:
            return None
        fitting = [m for m in self.models if m.fits(HOST)]
        if _host_choice != _MEASURED:
            for model in fitting:
                if _host_choice in (model.name, *model.targets):
                    self.knows_u128 = True
                    return model
            raise ImportError(
                f"{_host_choice}, given to set_host, is not this host: {HOST}"
            )
        if not fitting:
            names = ", ".join(m.name for m in self.models)
            raise ImportError(
                f"{self.schema} has no target like this host ({HOST}), only {names}; to "
                "read and write bytes of those targets without native access, call "
                "vmgen_runtime.set_host(None) before this import and use "
                "Type.read(data, target=...)"
            )
        likely = [m for m in fitting if not m.bare] or fitting
        columns = {m.column for m in likely}
        self.knows_u128 = len(columns) == 1 and not likely[0].doubt
        return likely[0]


def raise_alignment(cls: Any, align: int) -> bool:
    """Make ctypes align a type to `align` wherever it stands, where it has no `_align_`
    yet: that came with Python 3.13. Says whether it could.

    CPython 3.10 to 3.12 keep size and alignment as two words behind the dict of the
    class, and have no other way.
    """
    known = ctypes.sizeof(cls), ctypes.alignment(cls)
    if known[1] >= align:
        return True
    import gc

    for kept in gc.get_referents(cls):
        if type(kept).__name__ == "StgDict":
            words = (ctypes.c_ssize_t * 2).from_address(id(kept) + dict.__basicsize__)
            if (words[0], words[1]) == known:
                words[1] = align
    return ctypes.alignment(cls) >= align
