"""The checked model: what a module declares, resolved, frozen, with positions.

Everything after `vmgen.schema.resolve` reads this and changes nothing. Conditions
on features and versions are decided before the model is made: a field, variant or region
whose feature is off is not in it, nor one that another version has. Positions are the
spans of the names, and `was` are former names, the latest first.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Literal

import msgspec

from vmgen.schema.besides import (
    ACCESS_NOTES,
    AS_IN_SCHEMA,
    NO_ALLOWS,
    PLAIN_ITEM,
    Allow,
    Called,
    Constant,
    CType,
    Expectation,
    Feature,
    ForeignCase,
    Given,
    Measure,
    ModelTarget,
    OwnersHeader,
    Profile,
    Reserved,
    RustItem,
    TypeText,
    Version,
    Visibility,
    Word,
)

__all__ = [
    "ACCESS_NOTES", "AS_IN_SCHEMA", "NO_ALLOWS", "PLAIN_ITEM", "Accessor", "Alias", "Allow",
    "CType", "Called", "Constant", "Context", "Count", "Declaration", "Expectation",
    "Feature", "Field", "Foreign", "ForeignCase", "ForeignRecord", "Functions", "Given", "InPlace",
    "Measure", "ModelTarget", "Module", "Newtype", "Opaque", "OtherType", "Owner",
    "OwnersHeader", "PlainEnum", "PointsTo", "Profile", "Region", "Reserved", "RustItem", "Slot",
    "Struct", "TaggedEnum", "TypeText", "Union", "Use", "Variant", "Version",
    "Visibility", "Word",
]  # fmt: skip
from vmgen.schema.model_accesses import Alias, PointsTo
from vmgen.schema.model_members import (
    Accessor,
    Count,
    Field,
    InPlace,
    OtherType,
    Owner,
    Region,
    Slot,
    Variant,
)

if TYPE_CHECKING:
    from pathlib import Path

    from vmgen.reading.source import Scalar, SourceFile, Span
    from vmgen.schema.rusttype import RustType
    from vmgen.schema.types import Int, Type


class Declaration(msgspec.Struct, frozen=True, kw_only=True):
    """What every declared type has; `span` is its name's. `KIND` is the word that the
    schema language has for its kind. `offset_type` is the integer that offsets in it, and
    its size, are for a compiler: ``u8``, or if it is None or ``u32`` that. `rust_path` is
    the type's path in a binary's debug information, where it is told."""

    KIND: ClassVar[str]

    name: str
    span: Span
    doc: str = ""
    allow: Mapping[str, Allow] = NO_ALLOWS
    expect_size: Expectation | None = None
    expect_align: Expectation | None = None
    in_rust: RustItem = PLAIN_ITEM
    was: tuple[str, ...] = ()
    offset_type: Word | None = None
    rust_path: str | None = None
    reserved: tuple[Reserved, ...] = ()
    called: Called = AS_IN_SCHEMA
    in_place: InPlace | None = None


class Struct(Declaration, frozen=True, kw_only=True):
    """`repr(C)`, and `repr(align(N))` when `align` is given (bytes). `pinned` is where the
    schema says that it doesn't move, and None if it doesn't say so; `params` are the names
    of the types that a generic one is about. `prefix` is where the schema says that it goes
    on behind its fields, and None if these are all of it; `packed` is the most that anything
    in it is aligned to (bytes)."""

    KIND = "struct"

    fields: tuple[Field, ...]
    align: int | None = None
    copy: bool = False
    max_offset: int | None = None
    pinned: Span | None = None
    params: tuple[str, ...] = ()
    prefix: Span | None = None
    packed: Given | None = None

    @property
    def copied(self) -> bool:
        """Whether Rust may copy it."""
        return self.copy or "Copy" in self.in_rust.derives


def is_prefix(declared: Declaration | None) -> bool:
    """Whether a record goes on behind what is described, so that it has no size."""
    return isinstance(declared, Struct) and declared.prefix is not None


class Union(Declaration, frozen=True, kw_only=True):
    """`repr(C)` union; every member is at offset 0. `accessors` is whether Rust makes and
    reads it by its members alone."""

    KIND = "union"

    fields: tuple[Field, ...]
    align: int | None = None
    accessors: bool = False
    packed: Given | None = None


class PlainEnum(Declaration, frozen=True, kw_only=True):
    """Named values of one integer type. `trusted` is why no other is ever written, empty
    where one may be."""

    KIND = "enum"

    tag: Int
    variants: tuple[Variant, ...]
    trusted: str = ""


class TaggedEnum(Declaration, frozen=True, kw_only=True):
    """`repr(C, tag)`: a tag, then a union of the payloads. `trusted` is as of `PlainEnum`."""

    KIND = "enum"

    tag: Int
    variants: tuple[Variant, ...]
    trusted: str = ""


class Newtype(Declaration, frozen=True, kw_only=True):
    """`repr(transparent)` over one type."""

    KIND = "newtype"

    of: TypeText
    inner: Type


class Opaque(Declaration, frozen=True, kw_only=True):
    """Known by its address only; neither size nor alignment is stated."""

    KIND = "opaque"


class Functions(Declaration, frozen=True, kw_only=True):
    """A table of function pointers, slot i at i times the pointer size. `rust_types` and
    `access` are for all slots."""

    KIND = "functions"

    slots: tuple[Slot, ...]
    rust_types: tuple[OtherType, ...] = ()
    access: frozenset[str] = frozenset()
    access_span: Span | None = None


class Foreign(Declaration, frozen=True, kw_only=True):
    """Declared elsewhere. `size` and `align` map pointer width (bits) to bytes, which counts
    where none of `cases` is met; else the first of these does. `copy` is whether Rust may
    copy it, `vm_safe` whether it is VmSafe, and `rust_node` where `rust` is written."""

    KIND = "foreign"

    rust: RustType | None
    rust_node: Scalar | None
    size: Mapping[int, int]
    align: Mapping[int, int]
    cases: tuple[ForeignCase, ...] = ()
    copy: bool = False
    c: CType | None = None
    vm_safe: bool = True


class ForeignRecord(Struct, frozen=True, kw_only=True):
    """Declared elsewhere, with fields that are known: laid out as a struct, and made only
    in languages in which it has no name. `size` and `least_align` are what the schema says
    that its fields come to; the rest is as of `Foreign`."""

    KIND = "foreign"

    rust: RustType | None
    rust_node: Scalar | None
    size: Measure | None = None
    least_align: Measure | None = None
    c: CType | None = None
    vm_safe: bool = True


class Context(Declaration, frozen=True, kw_only=True):
    """Fixed fields, then regions whose places depend on counts. A `flexible` one is a
    struct in the schema, whose last field is an array without a length."""

    KIND = "context"

    counts: tuple[Count, ...]
    fields: tuple[Field, ...]
    regions: tuple[Region, ...]
    align: int | None = None
    max_offset: int | None = None
    flexible: bool = False


class Use(msgspec.Struct, frozen=True):
    """A module that another one uses: the span of the item that says so, and which of
    its types and constants the schema names, also where a feature is off."""

    span: Span
    module: Module
    names: frozenset[str]


class Module(msgspec.Struct, frozen=True):
    """A schema with its includes, resolved.

    `types` is in the order written; `files` lists every file of its own, the schema
    first. `targets` is never empty and holds every target that the output must be right
    on. `uses` are the modules that it uses itself, in the order written. `used` are the
    types and constants of other modules that its own records are made of or point to,
    however far away, each with the name of the module that declares it: they are in
    `types` and `constants` too, behind its own.

    Of a schema that describes several versions there is a module for each: `versions` are
    all of them, `version` is the release that was asked for or the newest of those with
    this layout, and `listed` are the versions that this very module is right for, the one
    that gives it its name last. `family` is the name that the schema has as a whole, and
    `family_span` where it stands, which without versions are the module's. `owner` is the
    header of C that declares all this already, if one does.

    `profile` are the rules that it lives by, None for VmSafe's, and `project_allow` what the
    project allows all of its schemas.
    """

    name: str
    path: Path
    span: Span
    doc: str
    files: tuple[SourceFile, ...]
    constants: Mapping[str, Constant]
    features: Mapping[str, Feature]
    types: Mapping[str, Declaration]
    targets: tuple[ModelTarget, ...]
    padding: Literal["implicit", "explicit"] = "implicit"
    all_targets: bool = True
    used: Mapping[str, str] = MappingProxyType({})
    allow: Mapping[str, Allow] = NO_ALLOWS
    uses: tuple[Use, ...] = ()
    reserved: tuple[Reserved, ...] = ()
    version: str | None = None
    versions: tuple[Version, ...] = ()
    listed: tuple[Version, ...] = ()
    family: str = ""
    family_span: Span | None = None
    rust_path: str | None = None
    profile: Profile | None = None
    project_allow: Mapping[str, Allow] = NO_ALLOWS
    owner: OwnersHeader | None = None

    def __post_init__(self) -> None:
        if not self.family:
            msgspec.structs.force_setattr(self, "family", self.name)
            msgspec.structs.force_setattr(self, "family_span", self.span)

    @property
    def names(self) -> tuple[tuple[str, Span], ...]:
        """The names of the module in all versions that it is right for, and where each is
        written."""
        if not self.listed:
            return ((self.name, self.span),)
        return tuple((version.module, version.span) for version in self.listed)

    @property
    def file_names(self) -> tuple[tuple[str, Span], ...]:
        """Every name that a file of the module may have, `names` and the family's, and
        where each is written."""
        if not self.versions or self.family_span is None:
            return self.names
        return (*self.names, (self.family, self.family_span))

    @property
    def own_types(self) -> Mapping[str, Declaration]:
        """The types that the module declares itself, in the order written."""
        if not self.used:
            return self.types
        return {n: d for n, d in self.types.items() if n not in self.used}

    @property
    def own_constants(self) -> Mapping[str, Constant]:
        """The constants that the module declares itself, in the order written."""
        if not self.used:
            return self.constants
        return {n: c for n, c in self.constants.items() if n not in self.used}

    @property
    def modules_used(self) -> tuple[Module, ...]:
        """The modules that this one uses, itself or by way of others; each behind those
        that it uses, and once."""
        found: dict[int, Module] = {}
        path = [(self, iter(self.uses))]
        while path:
            module, rest = path[-1]
            use = next(rest, None)
            if use is None:
                path.pop()
                if path:
                    found[id(module)] = module
            elif id(use.module) not in found:
                path.append((use.module, iter(use.module.uses)))
        return tuple(found.values())

    @property
    def all_files(self) -> tuple[SourceFile, ...]:
        """Every file that was read for it: its own, then those of the modules it uses."""
        others = (file for module in self.modules_used for file in module.files)
        return tuple(dict.fromkeys((*self.files, *others)))
