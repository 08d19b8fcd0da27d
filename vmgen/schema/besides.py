"""What models are made of besides declarations: versions, constants, features, targets,
allows, expectations, texts of types, names in languages, and what is said for Rust alone.

`vmgen.schema.model` is where others import them from.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

import msgspec

from vmgen.schema.rust_attributes import Condition, parse_condition
from vmgen.targets import bit_fields
from vmgen.targets.c_types import CTypes, of_name

if TYPE_CHECKING:
    from vmgen.reading.source import Scalar, Span
    from vmgen.schema.types import Int, Type
    from vmgen.schema.typetext import Spelled
    from vmgen.targets.conditions import Condition as TargetCondition
    from vmgen.targets.data_model import DataModel


NO_ALLOWS: Mapping[str, Allow] = MappingProxyType({})

ACCESS_NOTES = {
    "readonly": "Doesn't change while compiled code runs.",
    "can_move": "Compiled code may load it earlier than it needs it.",
}
"""What the words of `access` promise."""


class Version(msgspec.Struct, frozen=True):
    """One of the versions that a schema describes: its first and its last release, which
    have the same layout as all between them, the module of its outputs, and where that,
    or else the releases, are written."""

    first: str
    last: str
    module: str
    span: Span

    @property
    def text(self) -> str:
        """As a schema lists it: `48.0.0..48.0.5`."""
        return self.first if self.first == self.last else f"{self.first}..{self.last}"


class Allow(msgspec.Struct, frozen=True):
    """A rule that is allowed to find something at one place, and why. A change is allowed
    for one `version`, and nothing else is."""

    rule: str
    reason: str
    span: Span
    version: str | None = None


class Profile(msgspec.Struct, frozen=True):
    """The rules that a module lives by, other than Wasmtime's VmSafe, and why."""

    name: str
    reason: str


class ProjectRules(msgspec.Struct, frozen=True):
    """What a project says of rules for all of its schemas: the profile of those that name
    none, and what each may break."""

    profile: Profile | None = None
    allow: Mapping[str, Allow] = NO_ALLOWS


NO_PROJECT_RULES = ProjectRules()


class Reserved(msgspec.Struct, frozen=True):
    """A name that isn't to come back, and where that is said."""

    name: str
    span: Span


class Word(msgspec.Struct, frozen=True):
    """A word of the schema at its place."""

    text: str
    span: Span


class OwnersHeader(msgspec.Struct, frozen=True):
    """The headers of C that own what a module describes, in the order in which they are
    included, with their angle brackets if they have them. `defines` are what is defined
    before, as ``NAME`` or ``NAME=VALUE``; `without` what they don't have of the module: a
    type, a constant, or a part, as ``Type.part``."""

    headers: tuple[Word, ...]
    defines: tuple[Word, ...] = ()
    without: tuple[Word, ...] = ()


Named = Literal["c", "rust", "python"]
"""The languages in which something of a schema can have another name."""


class Called(msgspec.Struct, frozen=True):
    """What languages call something that has another name in the schema, each where it is
    written; None of a language in which it is called as in the schema.

    C's name of a type may have `struct`, `union` or `enum` before it.
    """

    c: Word | None = None
    rust: Word | None = None
    python: Word | None = None

    def by(self, language: str) -> Word | None:
        """The name in one of them."""
        match language:
            case "c":
                return self.c
            case "rust":
                return self.rust
            case "python":
                return self.python
            case _:
                return None


AS_IN_SCHEMA = Called()
"""It has no other name."""


class Given(msgspec.Struct, frozen=True):
    """A number of the schema at its place."""

    number: int
    span: Span


class Constant(msgspec.Struct, frozen=True):
    """A named integer. `value` fits its type; `ascii` is set for magics. `bit_of` is the
    field, as ``Type.field``, that it is a bit of, or several."""

    name: str
    span: Span
    type: Int
    value: int
    doc: str = ""
    ascii: str | None = None
    was: tuple[str, ...] = ()
    bit_of: Word | None = None
    called: Called = AS_IN_SCHEMA


class Feature(msgspec.Struct, frozen=True):
    """A condition that fields, variants and regions may depend on."""

    name: str
    span: Span
    enabled: bool
    doc: str = ""


class ModelTarget(msgspec.Struct, frozen=True):
    """A target the schema covers: a rustc triple, or an own data model's name. `c` is what
    an own one has for C's numbers."""

    name: str
    model: DataModel
    c: CTypes | None = None

    @property
    def c_types(self) -> CTypes:
        """What C's integers are on it."""
        return self.c or of_name(self.name, self.model.pointer)

    @property
    def bit_rule(self) -> bit_fields.BitRule:
        """By which rule its C lays out bit-fields; of an own data model as Unix does."""
        return bit_fields.of_name(self.name)

    def is_met(self, condition: TargetCondition) -> bool:
        """Whether a condition on targets holds on it."""
        return condition.holds(self.name, self.model)


class ForeignCase(msgspec.Struct, frozen=True):
    """Size and alignment of a foreign type, in bytes, where a condition is met."""

    on: TargetCondition
    on_span: Span
    size: int
    align: int


class Expectation(msgspec.Struct, frozen=True):
    """What the author believes a number to be; never an instruction.

    `by_key` maps a pointer width in bits (``64``) or a target triple to bytes; the
    key None is for every target. A triple wins over a width, a width over None.
    """

    by_key: Mapping[int | str | None, int]
    span: Span


class TypeText(msgspec.Struct, frozen=True):
    """A type expression at its place: the resolved type, its parts, its scalar."""

    type: Type
    spelled: Spelled
    node: Scalar

    @property
    def span(self) -> Span:
        return self.node.span

    def part_span(self, part: Spelled) -> Span:
        """The span of a part of `spelled`, or of the whole where escapes moved it."""
        inside = self.node.text_span
        return inside.part(part.start, part.end) if inside else self.node.span


class CType(msgspec.Struct, frozen=True):
    """What a type that is declared elsewhere is called in C: its name, with `struct` or
    `union` before it if it has no other, and the header that declares it, with its angle
    brackets if it has them; empty for none."""

    name: str
    header: str = ""


class Measure(msgspec.Struct, frozen=True):
    """A number of bytes by pointer width (bits), and where it is written."""

    by_width: Mapping[int, int]
    span: Span


Visibility = Literal["pub", "pub(crate)", "private"]


class RustItem(msgspec.Struct, frozen=True):
    """What is said of a type or a field for Rust alone, as it is written: who sees it,
    the traits that it derives (None where nothing is said), its attributes, and the
    condition that it is compiled under. `inner` is who sees the field of a newtype."""

    visible: Scalar | None = None
    derive: tuple[Scalar, ...] | None = None
    attributes: tuple[Scalar, ...] = ()
    cfg: Scalar | None = None
    inner: Scalar | None = None

    @property
    def visibility(self) -> Visibility:
        return _visibility(self.visible)

    @property
    def inner_visibility(self) -> Visibility:
        return _visibility(self.inner)

    @property
    def derives(self) -> frozenset[str]:
        return frozenset(trait.value for trait in self.derive or ())

    @property
    def condition(self) -> Condition | None:
        """The condition that it is under, if it is."""
        return parse_condition(self.cfg.value) if self.cfg else None

    @property
    def conditions(self) -> frozenset[str]:
        """What holds wherever it is there, as `Condition.each`."""
        return self.condition.each if self.condition else frozenset()


def _visibility(written: Scalar | None) -> Visibility:
    match written.value if written else "pub":
        case "pub(crate)":
            return "pub(crate)"
        case "private":
            return "private"
        case _:
            return "pub"


PLAIN_ITEM = RustItem()
"""Nothing is said."""
