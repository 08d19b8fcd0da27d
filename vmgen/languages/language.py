"""What a language is made of: a class of one shape, and a method per kind of declaration.

A package outside this one adds a language by an entry point of the group
``vmgen.languages``, whose name is what `--lang` takes and whose value is a subclass of
`Language`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

import msgspec

from vmgen.schema import model as m

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from vmgen.languages.job import Job, Output
    from vmgen.languages.words import Derived, Words
    from vmgen.layout.parts import Record

T = TypeVar("T")

Comments = tuple[tuple[str, str], ...]
"""How comments of one kind of files begin and end; the end is empty where it is that of
the line."""

SLASHES: Comments = (("//", ""), ("/*", "*/"))
HASH: Comments = (("#", ""),)


class Option(msgspec.Struct, frozen=True):
    """What a key of a language's table in the configuration may be set to.

    `pattern` is a regular expression of all of it, since values go into code as they
    are; `words` say the same in messages. With `by_type` it is a table from names of
    declared types to such values; a language gets it as `entries` reads it. `parts`
    says that contexts can be among them, and what can be under conditions of its own, as
    ``Type.Variant``; `besides` are names that no schema declares.
    """

    pattern: str
    words: str
    by_type: bool = False
    parts: bool = False
    besides: frozenset[str] = frozenset()


def entries(text: str) -> dict[str, str]:
    """What an option that is a table has: in `text`, ``NAME = VALUE`` on a line each."""
    pairs = (line.partition(" = ") for line in text.splitlines())
    return {name: value for name, _, value in pairs}


class Folder(msgspec.Struct, frozen=True):
    """A folder of the project that a language writes files into: the option that says so,
    its path below the project's folder, with slashes, and how names of files in it end.

    Files below folders in it are none of the language's.
    """

    option: str
    path: str
    suffix: str


class Language(ABC):
    """A language that bindings are written in. None of its methods computes an offset:
    numbers come with the records of a job.

    `name` is what `--lang` takes, and the folder of its files below the output folder.
    `options` are the keys of its table ``[tool.vmgen.NAME]``. `comments` has an entry for
    each kind of files that it writes: they begin with the two lines of
    `vmgen.languages.header`, each a comment, by which a build knows its own files.
    `needs` are languages without which its files do nothing: they are written too.

    To import a language takes no longer than to read its description: what writes is
    imported by the methods that need it.
    """

    name: ClassVar[str]
    comments: ClassVar[tuple[Comments, ...]] = (SLASHES,)
    options: ClassVar[Mapping[str, Option]] = MappingProxyType({})
    needs: ClassVar[tuple[str, ...]] = ()

    def words(self) -> Words | None:
        """The names that the language reserves; None if it can spell any."""
        return None

    def derived(self, module: m.Module) -> Iterable[Derived]:
        """What the language has beside the declared types and constants of a module, in
        the same scope: rules see to it that no two are the same."""
        return ()

    def folders(self, options: Mapping[str, str]) -> Sequence[Folder]:
        """Where else in the project it writes files, besides its folder below the output
        folder."""
        return ()

    def companions(self, options: Mapping[str, str]) -> Mapping[str, str]:
        """What modules have beside them that is named after them: what is put behind a
        module's name, and what it is in words. No other module may be named so."""
        return {}

    def faults(self, options: Mapping[str, str]) -> Iterable[tuple[str, str]]:
        """What is wrong with options that are each what they may be: an option's key, and
        a message that follows its name, as `is missing`."""
        return ()

    @abstractmethod
    def module_files(self, job: Job) -> Iterable[Output]:
        """The files of one module. Raises `vmgen.layout.place.LayoutError`."""

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        """The files that all modules of a run share, such as a runtime."""
        return ()


class Declarer(ABC, Generic[T]):
    """What a language makes of declared types: a method for each kind."""

    def declare(self, record: Record) -> T:
        """What the method for the record's kind makes of it."""
        name = _METHODS[type(record.declared)]
        method = cast("Callable[[Record, m.Declaration], T]", getattr(self, name))
        return method(record, record.declared)

    @abstractmethod
    def struct(self, record: Record, declared: m.Struct) -> T: ...

    @abstractmethod
    def union(self, record: Record, declared: m.Union) -> T: ...

    @abstractmethod
    def plain_enum(self, record: Record, declared: m.PlainEnum) -> T: ...

    @abstractmethod
    def tagged_enum(self, record: Record, declared: m.TaggedEnum) -> T: ...

    @abstractmethod
    def newtype(self, record: Record, declared: m.Newtype) -> T: ...

    @abstractmethod
    def opaque(self, record: Record, declared: m.Opaque) -> T: ...

    @abstractmethod
    def functions(self, record: Record, declared: m.Functions) -> T: ...

    @abstractmethod
    def foreign(self, record: Record, declared: m.Foreign) -> T: ...

    def foreign_record(self, record: Record, declared: m.ForeignRecord) -> T:
        """A struct that some language has already; the same as one that none has, if the
        language isn't told its name."""
        return self.struct(record, declared)

    @abstractmethod
    def context(self, record: Record, declared: m.Context) -> T: ...


_METHODS: dict[type[m.Declaration], str] = {
    m.Struct: "struct",
    m.Union: "union",
    m.PlainEnum: "plain_enum",
    m.TaggedEnum: "tagged_enum",
    m.Newtype: "newtype",
    m.Opaque: "opaque",
    m.Functions: "functions",
    m.Foreign: "foreign",
    m.ForeignRecord: "foreign_record",
    m.Context: "context",
}
