"""What C calls what it makes of a schema's names. No other file derives one.

Names of the schema are kept as they are, for types, constants and members; those made of
two are joined by one underscore each, since C++ keeps names with two in a row for itself.
"""

from __future__ import annotations

import re
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.languages.c.words import WORDS
from vmgen.text import screaming_case, snake_case

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from vmgen.schema import model as m


@cache
def member_name(name: str) -> str:
    """A member's name as C spells it. Most records have names that others have too."""
    return WORDS.spelled(name)


class Names:
    """The names that one module's header declares, each of which begins with `prefix`.

    A prefix is for programs that have other things of these names. Members have none:
    they are in their record's scope. `keywords` are `struct` or `union` of the types that
    have no other name in C.
    """

    def __init__(
        self,
        module: str,
        prefix: str = "",
        keywords: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        self._prefix = prefix
        self._keywords = keywords
        self._module = f"{prefix}{module.upper()}"

    def type(self, name: str) -> str:
        """A declared type."""
        keyword = self._keywords.get(name)
        return (
            f"{keyword} {self.identifier(name)}" if keyword else self.identifier(name)
        )

    def identifier(self, name: str) -> str:
        """A declared type's name alone."""
        return f"{self._prefix}{name}"

    def is_typedef(self, name: str) -> bool:
        """Whether a struct or a union has a name besides its tag."""
        return name not in self._keywords

    def tag(self, name: str) -> str:
        """The type of a tagged enum's tag."""
        return f"{self._prefix}{name}_Tag"

    def payload(self, name: str) -> str:
        """The union of a tagged enum's payloads."""
        return f"{self._prefix}{name}_Payload"

    def counts(self, context: str) -> str:
        """The struct of what a context's size depends on."""
        return f"{self._prefix}{context}Counts"

    def offsets(self, context: str) -> str:
        """The struct of all places in a context."""
        return f"{self._prefix}{context}Offsets"

    def begin(self, context: str) -> str:
        """The struct of where a context's regions begin."""
        return f"{self._prefix}{context}_Begin"

    def value(self, enum: str, variant: m.Variant) -> str:
        """A value of an enum, or of a tagged enum's tag: C's own name for it is whole."""
        if variant.called.c:
            return f"{self._prefix}{variant.called.c.text}"
        return f"{self._prefix}{enum}_{variant.name}"

    def constant(self, name: str) -> str:
        return f"{self._prefix}{name}"

    def model(self, name: str) -> str:
        """The number of one of the module's data models."""
        return f"{self._module}_MODEL_{name}"

    def met(self, index: int) -> str:
        """Whether a condition of fields holds on the compiler's target, by its number."""
        return f"{self._module}_CONDITION_{index}"

    @property
    def models(self) -> str:
        """How many data models there are."""
        return f"{self._module}_MODELS"

    @property
    def host(self) -> str:
        """The data model of the compiler's target."""
        return self.model("HOST")

    @property
    def by_model(self) -> str:
        """The macro that picks one of a list of numbers."""
        return f"{self._module}_BY_MODEL"

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the module on the compiler's target."""
        return f"{self._module}_LAYOUT_FINGERPRINT"

    @property
    def file_fingerprint(self) -> str:
        """The fingerprint of the module on all data models."""
        return f"{self._module}_FILE_FINGERPRINT"

    @property
    def llvm(self) -> str:
        """What the constants for compilers on LLVM begin with, an underscore aside."""
        return f"{self._module}_LLVM"

    def llvm_region(self, module: str) -> str:
        """The function that gives the name of an alias region."""
        return self.function(module, "llvm_region")

    def of_llvm(self, module: str) -> tuple[str, ...]:
        """What the header of constants for LLVM has besides those of parts."""
        return f"{self.llvm}_ROOT", f"{self.llvm}_REGIONS", self.llvm_region(module)

    def of_module(self) -> tuple[str, ...]:
        """What every header declares."""
        return (
            self.models,
            self.host,
            self.by_model,
            self.fingerprint,
            self.file_fingerprint,
        )

    def fixed_size(self, context: str) -> str:
        """The macro that gives where a context's fixed fields end."""
        return self._macro(context, "FIXED_SIZE")

    def offset(self, context: str, field: str) -> str:
        """The macro that gives a fixed field's offset."""
        return self._macro(context, field.upper(), "OFFSET")

    def stride(self, context: str, region: str) -> str:
        """The macro that gives the bytes from one element of a region to the next."""
        return self._macro(context, region.upper(), "STRIDE")

    def rounding(self, context: str, region: str) -> str:
        """The macro that gives what the begin of a region is rounded up to."""
        return self._macro(context, region.upper(), "ROUNDING")

    def function(self, context: str, *words: str) -> str:
        """A function about a context, or about one of its regions."""
        name = _joined(snake_case(context), *words)
        return f"{self._prefix}{name}"

    def of_context(
        self, context: m.Context
    ) -> Iterator[tuple[str, m.Field | m.Region | None]]:
        """The macros and functions that a header has for a context, each with the part that
        it is about, if that isn't the whole."""
        yield self.fixed_size(context.name), None
        yield self.function(context.name, "offsets_init"), None
        yield self.function(context.name, "region"), None
        for field in context.fields:
            yield self.offset(context.name, field.name), field
        for region in context.regions:
            yield self.stride(context.name, region.name), region
            yield self.rounding(context.name, region.name), region
            for what in ("at", "len", "ptr"):
                yield self.function(context.name, region.name, what), region

    def _macro(self, context: str, *words: str) -> str:
        return self._prefix + _joined(screaming_case(context), *words)


UNPREFIXED = Names("")
"""For who spells types of no header."""


def _joined(*words: str) -> str:
    return re.sub("__+", "_", "_".join(words))
