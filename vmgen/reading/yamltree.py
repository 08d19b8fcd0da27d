"""YAML into a tree that remembers where everything stood.

The tree is made from libyaml's events rather than from loaded documents: that is
seven times faster and keeps a mark for every key and value.
"""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING, Any, NoReturn

import msgspec

from vmgen.reading.diagnostics import Diagnostic, Report
from vmgen.reading.events import MAX_DEPTH, events_of
from vmgen.reading.lost_text import check_comments, refuse_anchor
from vmgen.reading.quoting import as_text
from vmgen.reading.source import (
    Entry,
    Mapping,
    Node,
    Scalar,
    Sequence,
    SourceFile,
    Span,
)
from vmgen.reading.syntax_fault import proposal, syntax_fault

if TYPE_CHECKING:
    Event = Any
    """One of the classes of `yaml.events`; libyaml's binding has no types."""

MAX_ALIASED_NODES = 100_000


class _YamlFault(Exception):
    """A fault after which the rest of the file can't be read."""

    def __init__(self, diagnostic: Diagnostic) -> None:
        super().__init__(diagnostic.message)
        self.diagnostic = diagnostic


def parse(file: SourceFile, report: Report) -> Mapping | None:
    """The file's one document as a mapping; None after a fault, which is reported."""
    try:
        root = _TreeBuilder(file, report).document()
    except _YamlFault as fault:
        report.append(fault.diagnostic)
        return None
    if root is None or (isinstance(root, Scalar) and root.is_null):
        report.add(
            "VM005",
            "the file is empty",
            Span(file, 0, 0),
            helps=(
                "start with `vmgen: 1` and `module: name`; `vmgen init` writes one",
            ),
        )
        return None
    if not isinstance(root, Mapping):
        report.add(
            "VM005",
            f"expected a mapping of keys, found a {root.kind}",
            Span(file, root.start, root.start),
        )
        return None
    check_comments(root, report)
    return root


class _TreeBuilder:
    """Turns parser events into nodes; one use per file."""

    def __init__(self, file: SourceFile, report: Report) -> None:
        import yaml

        self.yaml: Any = yaml
        self.file = file
        self.report = report
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.unused: dict[str, Node] = {}
        """What has an anchor that no alias has referred to yet."""
        self.aliased = 0
        self.count = 0

    def document(self) -> Node | None:
        """The root, or None of an empty file. Raises `_YamlFault`."""
        yaml, file = self.yaml, self.file
        try:
            self.next = events_of(file.text)
            return self._document()
        except yaml.MarkedYAMLError as error:
            fault = self._refused_before(error) or _YamlFault(syntax_fault(file, error))
            raise fault from None
        except yaml.reader.ReaderError as error:
            forbidden = yaml.reader.Reader.NON_PRINTABLE.search(file.text)
            index = forbidden.start() if forbidden else 0
            found = f"U+{ord(file.text[index]):04X}" if file.text else str(error)
            raise _YamlFault(
                Diagnostic.make(
                    "VM001",
                    f"the character {found} is not allowed in YAML",
                    Span(file, index, index + 1),
                )
            ) from None
        except (ValueError, UnicodeError) as error:
            raise _YamlFault(
                Diagnostic.make("VM001", str(error), Span(file, 0, 0))
            ) from None

    def _refused_before(self, error: Any) -> _YamlFault | None:
        """What the tree refuses before the place where libyaml stops.

        libyaml reads up to 1024 characters ahead of the event that it gives. What it
        finds wrong there, be it its own limit of levels, which not every version has,
        would be told instead of what stands before it.
        """
        file, mark = self.file, error.problem_mark or error.context_mark
        before = SourceFile(
            file.path, file.name, file.text[: mark.index if mark else 0]
        )
        builder = _TreeBuilder(before, Report())
        builder.next = events_of(before.text)
        try:
            builder._document()
        except _YamlFault as fault:
            first = fault.diagnostic
            if first.code != "VM001" and first.span is not None:
                span = Span(file, first.span.start, first.span.end)
                return _YamlFault(msgspec.structs.replace(first, span=span))
        except (self.yaml.YAMLError, ValueError):
            # It ends in the middle of something.
            pass
        return None

    def _document(self) -> Node | None:
        yaml = self.yaml
        root: Node | None = None
        documents = 0
        while True:
            event = self.next()
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, 0)
            elif isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise _YamlFault(
                        Diagnostic.make(
                            "VM001",
                            "a schema is one YAML document, a second starts here",
                            Span(
                                self.file, event.start_mark.index, event.end_mark.index
                            ),
                        )
                    )
            elif isinstance(event, yaml.StreamEndEvent):
                for name, node in self.unused.items():
                    refuse_anchor(name, node, self.report)
                return root

    def _node(self, event: Event, depth: int) -> Node:
        """The node that begins with an event, `depth` collections deep."""
        kind = type(event)
        if kind is self.yaml.MappingStartEvent:
            return self._mapping(event, depth)
        if kind is self.yaml.ScalarEvent:
            return self._scalar(event)
        if kind is self.yaml.AliasEvent:
            return self._alias(event)
        return self._sequence(event, depth)

    def _scalar(self, event: Event) -> Scalar:
        if event.tag is not None:
            self._refuse_tag(event)
        start: int = event.start_mark.index
        length: int = event.end_mark.index - start
        node = Scalar(self.file, start, length, event.value, not event.style)
        if event.anchor is not None:
            self._anchor(event.anchor, node, 1)
        return node

    def _mapping(self, begin: Event, depth: int) -> Mapping:
        if begin.tag is not None or depth >= MAX_DEPTH:
            self._refuse_collection(begin)
        # Nearly every event of a file comes by here, and nearly all are scalars without
        # tag and anchor: those are taken apart in place, a call each would cost more.
        file, next_event = self.file, self.next
        scalar, end = self.yaml.ScalarEvent, self.yaml.MappingEndEvent
        nested = self.yaml.MappingStartEvent
        before = self.count
        entries: dict[str, Entry] = {}
        while True:
            event = next_event()
            if type(event) is scalar and event.tag is None and event.anchor is None:
                key_start = event.start_mark.index
                key_length = event.end_mark.index - key_start
                key, plain = event.value, not event.style
            elif type(event) is end:
                break
            else:
                other = self._key(event)
                key_start, key_length = other.start, other.length
                key, plain = other.value, other.plain
            event = next_event()
            if type(event) is scalar and event.tag is None and event.anchor is None:
                start = event.start_mark.index
                length = event.end_mark.index - start
                node: Node = Scalar(file, start, length, event.value, not event.style)
            elif type(event) is nested:
                node = self._mapping(event, depth + 1)
            else:
                node = self._node(event, depth + 1)
            key = intern(key)  # The same few are written again and again.
            entry = Entry(file, key_start, key_length, key, plain, node)
            first = entries.setdefault(key, entry)
            if first is not entry:
                self._refuse_second(entry, first)
        self.count += 2 * len(entries)
        start = begin.start_mark.index
        mapping = Mapping(file, start, event.end_mark.index - start, entries)
        if begin.anchor is not None:
            self._anchor(begin.anchor, mapping, self.count - before + 1)
        return mapping

    def _sequence(self, begin: Event, depth: int) -> Sequence:
        if begin.tag is not None or depth >= MAX_DEPTH:
            self._refuse_collection(begin)
        before = self.count
        items = []
        while type(event := self.next()) is not self.yaml.SequenceEndEvent:
            items.append(self._node(event, depth + 1))
        self.count += len(items)
        start = begin.start_mark.index
        sequence = Sequence(self.file, start, event.end_mark.index - start, items)
        if begin.anchor is not None:
            self._anchor(begin.anchor, sequence, self.count - before + 1)
        return sequence

    def _key(self, event: Event) -> Scalar:
        """The key that an event is, unless it is the begin of something else."""
        if isinstance(event, self.yaml.CollectionStartEvent):
            self._refuse_tag(event)
            is_mapping = isinstance(event, self.yaml.MappingStartEvent)
            kind = Mapping.kind if is_mapping else Sequence.kind
            self._refuse_key(kind, event.start_mark.index)
        node = self._node(event, 0)
        if not isinstance(node, Scalar):
            self._refuse_key(node.kind, node.start)
        return node

    def _refuse_key(self, kind: str, start: int) -> NoReturn:
        found = proposal(self.file, [start])
        raise _YamlFault(
            Diagnostic.make(
                "VM005",
                f"a key is a plain name, found a {kind}",
                Span(self.file, start, start + 1),
                helps=(found.help,) if found else (),
            )
        )

    def _refuse_second(self, second: Entry, first: Entry) -> None:
        # It is no entry, but has been read.
        self.count += 2
        self.report.add(
            "VM003",
            f"`{second.value}` is given twice in this mapping",
            second.span,
            notes=(f"first given on line {first.span.line}",),
            helps=("keep one of the two",),
        )

    def _anchor(self, name: str, node: Node, weight: int) -> None:
        self.anchors[name] = (node, weight)
        if name in self.unused:
            refuse_anchor(name, self.unused[name], self.report)
        self.unused[name] = node

    def _alias(self, event: Event) -> Node:
        name: str = event.anchor
        start: int = event.start_mark.index
        span = Span(self.file, start, start + len(name) + 1)
        if name not in self.anchors:
            found = proposal(self.file, [start])
            if found is not None:
                span = Span(self.file, found.start, found.end)
            raise _YamlFault(
                Diagnostic.make(
                    "VM001",
                    f"no anchor `&{name}` before this alias",
                    span,
                    helps=(found.help,) if found else (),
                )
            )
        self.unused.pop(name, None)
        node, weight = self.anchors[name]
        self.count += weight - 1
        self.aliased += weight
        if self.aliased > MAX_ALIASED_NODES:
            raise _YamlFault(
                Diagnostic.make(
                    "VM015",
                    f"aliases expand to more than {MAX_ALIASED_NODES} nodes",
                    span,
                )
            )
        return node

    def _refuse_collection(self, event: Event) -> NoReturn:
        """Refuse one for its tag, or for being too deep inside of others."""
        self._refuse_tag(event)
        start: int = event.start_mark.index
        raise _YamlFault(
            Diagnostic.make(
                "VM015",
                f"nested more than {MAX_DEPTH} levels deep",
                Span(self.file, start, start + 1),
            )
        )

    def _refuse_tag(self, event: Event) -> None:
        if event.tag is None:
            return
        start: int = event.start_mark.index
        raw = self.file.text[start : event.end_mark.index].strip()
        is_text = isinstance(event, self.yaml.ScalarEvent) and "\n" not in raw
        raise _YamlFault(
            Diagnostic.make(
                "VM014",
                f"YAML tags are not part of the schema language: `{event.tag}`",
                Span(self.file, start, start + 1),
                helps=("remove the tag", *((as_text(raw),) if is_text else ())),
            )
        )
