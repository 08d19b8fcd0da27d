"""What the template of places prints."""

from __future__ import annotations

import msgspec

from vmgen.text import screaming_case


class PartView(msgspec.Struct, frozen=True):
    """A part: its name, and what it holds as an expression, or as the type of its place."""

    name: str
    held: str


class PlaceView(msgspec.Struct, frozen=True):
    """A declared type: the methods of the trait that give its place and its size, its
    integers of offsets (first that of the method), its tables and its parts. `inner` are
    parts that have places of their own, `elements` what regions hold; `is_element` says
    that a region has such."""

    name: str
    doc: str
    method: str
    size_method: str
    offset: str
    offsets: list[str]
    table: str
    size_row: str
    parts: list[PartView]
    inner: list[PartView]
    elements: list[PartView]
    is_element: bool

    @property
    def at(self) -> str:
        return f"{self.name}At"

    @property
    def parts_type(self) -> str:
        return f"{self.name}Parts"

    @property
    def constant(self) -> str:
        return f"{screaming_case(self.name)}_PARTS"


class RegionView(msgspec.Struct, frozen=True):
    """A region's method: what it gives, and its body."""

    doc: str
    method: str
    returns: str
    body: str


class ContextView(msgspec.Struct, frozen=True):
    """A context and the methods of its regions; `cfg` are finished lines before each of
    its items."""

    name: str
    cfg: str
    regions: list[RegionView]


class UsedView(msgspec.Struct, frozen=True):
    """A record of another module: the constant of what it is, that as an expression, and
    where that module has its size."""

    constant: str
    held: str
    record: str
    module: str
    table: str
    row: str


class SignaturesView(msgspec.Struct, frozen=True):
    """A table of functions: a finished line for each slot."""

    doc: str
    constant: str
    type: str
    slots: list[str]
