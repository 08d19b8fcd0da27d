"""`python/<module>_llvm.py`: handles for llvmlite, a class for each record.

The numbers are those of the module's ctypes classes; here is what compiled code may
assume of each part, and the type of each handle for editors and type checkers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from vmgen.languages import notes
from vmgen.languages.header import header_lines
from vmgen.languages.job import Output
from vmgen.languages.python import names
from vmgen.languages.python.annotations import Annotation, Shadowed, of
from vmgen.languages.python.columns import Columns
from vmgen.languages.python.docs import WIDTH, docstring, kept, literal
from vmgen.languages.python.module import RUNTIME, named
from vmgen.languages.python.view import attribute, below
from vmgen.languages.render import render
from vmgen.layout.accesses import Access, Accesses
from vmgen.layout.pointee_aligns import loose_aligns
from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from vmgen.analysis.alias_regions import AliasRegion
    from vmgen.analysis.values import Scalar, Value
    from vmgen.languages.job import Job
    from vmgen.layout.accesses import Pointee
    from vmgen.layout.parts import Record

SUFFIX = "_llvm"
"""What is put behind the name of a module."""

FORMAT = 1
"""Version of the table; that of the runtime's `llvm.py`, raised when either changes."""

TAKEN = frozenset({"address", "describe", "with_counts"})
"""Methods of the handles of records."""

RECORDS = (m.Struct, m.Union, m.TaggedEnum, m.Functions, m.Foreign, m.Context)
"""The declarations that have handles."""
_RUNTIME = "llvm_"
_LAYOUTS = "layouts_"
_NUMBER, _UNKNOWN = of(f"{_RUNTIME}.Number"), of(f"{_RUNTIME}.Unknown")


class HandlesView(msgspec.Struct, frozen=True):
    """The class of a record's handles, and its name; of a context `counts` has the name of
    each count in the schema, its parameter and that one's type, and `counts_doc` what they
    are."""

    name: str
    base: str
    doc: str
    attributes: str
    counts: list[tuple[str, str, str]] | None = None
    counts_doc: str = ""

    @property
    def opening(self) -> str:
        """The line that opens the class, or three as black has them where it is long; a
        body of nothing is on it too."""
        has_body = self.doc or self.attributes or self.counts is not None
        end = ":" if has_body else ": ..."
        line = f"class {self.name}({self.base})"
        if len(f"{line}{end}") > WIDTH:
            line = f"class {self.name}(\n    {self.base}\n)"
        return f"{line}{end}"


class RowView(msgspec.Struct, frozen=True):
    """A row of the table: how it begins, and a line for each part."""

    head: str
    parts: list[str]


def handles_file(job: Job) -> Output:
    """The handles of one module. Raises `vmgen.layout.alignment.TooManyStates`."""
    job = job.called("python")
    made = _Handles(job)
    records = [r for r in job.records if isinstance(r.declared, RECORDS)]
    views = [made.view(record) for record in records]
    rows = [made.row(record) for record in records]
    loose = made.loose()
    module, package = job.module.name, job.options.get("package", "")
    prefix = f"{package}." if package else ""
    layouts = f"from {package} import {module}" if package else f"import {module}"
    text = render(
        "python/llvm.py.j2",
        header=header_lines(job.schema, job.command),
        doc=docstring(
            f"Loads and stores of the records of {module}, for llvmlite.\n\n"
            f"What the records are for is told in {module}, whose offsets these are.",
            0,
        ),
        imports=[
            f"{layouts} as {_LAYOUTS}",
            f"from {package or RUNTIME}{f'.{RUNTIME}' if package else ''} "
            f"import llvm as {_RUNTIME}",
            *made.imports(prefix),
        ],
        runtime=_RUNTIME,
        layouts=_LAYOUTS,
        format=FORMAT,
        module=literal(module),
        remake=literal(job.command),
        classes=views,
        records=[
            kept(f"{made.classes[r.name]}: {made.handles(r.name)}", 4) for r in records
        ],
        aliases=made.shadowed.aliases(),
        rows=rows,
        loose=loose,
    )
    return Output(f"python/{module}{SUFFIX}.py", text)


class _Handles:
    """The handles of one module. `shadowed` are names of classes that an attribute of some
    class hides."""

    def __init__(self, job: Job) -> None:
        self.module = job.module
        self.classes, _ = named(job.module)
        self.shadowed = Shadowed()
        self._accesses = Accesses(job.layouts)
        self._columns = Columns(job).classes
        self._foreign: dict[str, set[str]] = {}

    def handles(self, record: str) -> str:
        """The class of a record's handles."""
        return f"{self.classes[record]}Handles"

    def imports(self, prefix: str) -> list[str]:
        """The imports of handles of other modules' records."""
        return [
            statement
            for module, used in sorted(self._foreign.items())
            for statement in names.statements(
                f"{prefix}{module}{SUFFIX}", {name: name for name in used}
            )
        ]

    def view(self, record: Record) -> HandlesView:
        """The class of a record."""
        accesses = self._accesses.of_record(record.name)
        attributes = [attribute_of(a.name) for a in accesses]
        taken = frozenset(attributes)
        body = [
            attribute(
                name,
                self.shadowed.visible(self._handle(access), taken),
                _type(access),
                "",
            )
            for name, access in zip(attributes, accesses, strict=True)
        ]
        is_context = isinstance(record.declared, m.Context)
        base = "Context" if is_context else "Record"
        name, base = self.handles(record.name), f"{_RUNTIME}.{base}"
        doc = docstring(notes.of_type(record.declared), 4)
        if not isinstance(record.declared, m.Context):
            return HandlesView(name, base, doc, below(body))
        counts = record.declared.counts
        parameters = names.attributes((c.name for c in counts), names.CONTEXT)
        told = "\n".join(f"- {c.name}: {c.doc}" for c in counts if c.doc)
        text = (
            "The same with counts, by which its regions have places.\n\n"
            "A count that is not given is 0. Raises OverflowError when an offset would "
            f"be more than a u32 holds.\n\n{told}"
        )
        kinds = ["bool = False" if c.flag else "int = 0" for c in counts]
        listed = [
            (c.name, parameter, kind)
            for c, parameter, kind in zip(counts, parameters, kinds, strict=True)
        ]
        told = docstring(text, 8)
        return HandlesView(name, base, doc, below(body), listed, told)

    def row(self, record: Record) -> RowView:
        """The row of a record."""
        parts = [
            shown_row(self._part(access))
            for access in self._accesses.of_record(record.name)
        ]
        face = self.classes[record.name]
        return RowView(f'"{face}", "{self.handles(record.name)}"', parts)

    def loose(self) -> list[str]:
        """Items of a dict: the classes of records that a pointer may lead to at less than
        their types' alignment, and that by the columns of the table of layouts."""
        found = loose_aligns(self._accesses)
        items = []
        for record, aligns in sorted(found.items()):
            items.append(f"{self._known(record)}: {self._by_column(aligns)}")
        return items

    def _part(self, access: Access) -> list[object]:
        """What the table says of a part: name, type, alias region, words, ranges."""
        said: list[object] = [
            attribute_of(access.name),
            self._tree(access.value, access.points_to),
            self._region(access.alias_region),
            " ".join(_words(access)),
            access.known_values,
        ]
        while said[-1] in (None, ""):
            said.pop()
        return said

    def _region(self, region: AliasRegion | None) -> object:
        if region is None:
            return None
        own = region.module == self.module.name
        return region.name if own else (region.module, region.name)

    def _tree(self, value: Value | None, points_to: Pointee | None) -> object:
        """The type of a value, as the table has it."""
        if value is None:
            return "()"
        if value.scalar is None:
            inside: object = self._known(value.record)
        else:
            inside = self._scalar(value.scalar, points_to)
        return ("array", inside, value.count) if value.array else inside

    def _scalar(self, scalar: Scalar, points_to: Pointee | None) -> object:
        if scalar.kind != "pointer":
            return _word(scalar)
        word = "nullable" if scalar.nullable else "ptr"
        if points_to is None:
            return (word, "()")
        said: list[object] = [
            self._tree(points_to.value, None),
            self._region(points_to.alias_region),
            " ".join(_words(points_to)),
            self._by_column(points_to.dereferenceable),
        ]
        while said[-1] in (None, ""):
            said.pop()
        return (word, *said)

    def _by_column(self, row: tuple[int, ...] | None) -> tuple[int, ...] | None:
        """Of a row with an entry per layout class one per column, or one for all."""
        if row is None:
            return None
        numbers = tuple(row[index] for index in self._columns)
        return numbers[:1] if len(set(numbers)) == 1 else numbers

    def _known(self, record: str) -> str:
        """The handles of a record, of another module's too."""
        made = self.handles(record)
        owner = self.module.used.get(record)
        if owner is not None:
            self._foreign.setdefault(owner, set()).add(made)
        return made

    def _handle(self, access: Access) -> Annotation:
        """What an attribute is."""
        handle = self._holder(access.value, access.points_to)
        part = access.part
        if access.role == "element" and getattr(part.source, "count", None) is not None:
            return of(f"{_RUNTIME}.Elements", handle)
        return handle

    def _holder(self, value: Value | None, points_to: Pointee | None) -> Annotation:
        if value is None:
            return _UNKNOWN
        if value.scalar is None:
            inside = of(self._known(value.record))
        elif value.scalar.kind == "pointer":
            pointee = points_to.value if points_to else None
            inside = of(f"{_RUNTIME}.Pointer", self._holder(pointee, None))
        else:
            inside = _NUMBER
        return of(f"{_RUNTIME}.Elements", inside) if value.array else inside


def shown_row(said: Sequence[object]) -> str:
    """A row as a literal."""
    return f"({', '.join(map(_literal, said))}{',' if len(said) == 1 else ''})"


def _literal(value: object) -> str:
    if isinstance(value, tuple):
        inside = ", ".join(map(_literal, value))
        return f"({inside},)" if len(value) == 1 else f"({inside})"
    return f'"{value}"' if isinstance(value, str) else str(value)


def attribute_of(name: str) -> str:
    """What a part is called as an attribute of its record's handles."""
    return f"{name}_" if name[0] == "_" else names.attribute(name, TAKEN)


def _type(access: Access) -> str:
    """The type as Rust has it."""
    part = access.part
    return "" if access.role == "variant" else str(part.type)


def _word(scalar: Scalar) -> str:
    """A number by the word of the schema language."""
    if scalar.of_c is not None:
        return str(scalar.of_c)
    if scalar.kind == "float":
        return f"f{(scalar.bytes or 0) * 8}"
    sign = "i" if scalar.signed else "u"
    return f"{sign}size" if scalar.bytes is None else f"{sign}{scalar.bytes * 8}"


def _words(said: Access | Pointee) -> Iterator[str]:
    if said.readonly:
        yield "readonly"
    if said.can_move:
        yield "can_move"
    if said.alias_region and said.alias_region.indexed:
        yield "indexed"
    if said.ordering:
        yield said.ordering
    if isinstance(said, Access):
        if said.little_endian:
            yield "little"
        if said.volatile:
            yield "volatile"
        if said.is_nonzero:
            yield "nonzero"
