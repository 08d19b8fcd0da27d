"""YAML into a tree that remembers where everything stood.

The tree is made from libyaml's events rather than from loaded documents: that is
seven times faster and keeps a mark for every key and value.
"""

from __future__ import annotations

from typing import NoReturn

from vmgen.diagnostics import Diagnostic, Report
from vmgen.source import Mapping, Node, Scalar, Sequence, SourceFile, Span

MAX_DEPTH = 64
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
    return root


def _event_parser(text: str) -> object:
    """libyaml's event parser; PyYAML's own, which is ten times slower, without it."""
    import yaml

    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return yaml.SafeLoader(text)
    parser: object = CParser(text)
    return parser


class _TreeBuilder:
    """Turns parser events into nodes; one use per file."""

    def __init__(self, file: SourceFile, report: Report) -> None:
        self.file = file
        self.report = report
        self.anchors: dict[str, tuple[Node, int]] = {}
        self.aliased = 0
        self.count = 0

    def document(self) -> Node | None:
        import yaml

        try:
            parser = _event_parser(self.file.text)
            return self._document(parser)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            index = min(mark.index, len(self.file.text)) if mark else 0
            what = " ".join(p for p in (error.context, error.problem) if p)
            raise _YamlFault(
                Diagnostic.make("VM001", what, Span(self.file, index, index))
            ) from None
        except yaml.reader.ReaderError as error:
            text = self.file.text
            index = next(
                (
                    i
                    for i, c in enumerate(text)
                    if yaml.reader.Reader.NON_PRINTABLE.match(c)
                ),
                0,
            )
            found = f"U+{ord(text[index]):04X}" if text else str(error)
            raise _YamlFault(
                Diagnostic.make(
                    "VM001",
                    f"the character {found} is not allowed in YAML",
                    Span(self.file, index, index + 1),
                )
            ) from None
        except (ValueError, UnicodeError) as error:
            raise _YamlFault(
                Diagnostic.make("VM001", str(error), Span(self.file, 0, 0))
            ) from None

    def _document(self, parser: object) -> Node | None:
        import yaml

        get = parser.get_event  # type: ignore[attr-defined]
        scalar_event = yaml.ScalarEvent
        mapping_start, sequence_start = yaml.MappingStartEvent, yaml.SequenceStartEvent
        collection_end = (yaml.MappingEndEvent, yaml.SequenceEndEvent)
        file, anchors = self.file, self.anchors
        root: Node | None = None
        stack: list[Node] = []
        keys: list[Scalar | None] = []
        marks: list[tuple[str | None, int]] = []
        top: Node | None = None
        key: Scalar | None = None
        documents = count = 0
        while True:
            event = get()
            kind = type(event)
            node: Node
            if kind is scalar_event:
                count += 1
                node = Scalar(
                    file,
                    event.start_mark.index,
                    event.end_mark.index,
                    event.value,
                    event.style is None or not event.style,
                )
                if event.tag is not None:
                    self._refuse_tag(event, node)
                if event.anchor is not None:
                    anchors[event.anchor] = (node, 1)
            elif kind is mapping_start or kind is sequence_start:
                count += 1
                made = Mapping if kind is mapping_start else Sequence
                node = made(file, event.start_mark.index, event.end_mark.index)
                if event.tag is not None:
                    self._refuse_tag(event, node)
                if type(top) is Mapping and key is None:
                    self._refuse_key(node)
                if len(stack) >= MAX_DEPTH:
                    raise _YamlFault(
                        Diagnostic.make(
                            "VM015",
                            f"nested more than {MAX_DEPTH} levels deep",
                            Span(file, node.start, node.start + 1),
                        )
                    )
                stack.append(node)
                keys.append(key)
                marks.append((event.anchor, count))
                top, key = node, None
                continue
            elif kind in collection_end:
                node = stack.pop()
                node.end = max(event.end_mark.index, node.end)
                key = keys.pop()
                anchor, before = marks.pop()
                if anchor is not None:
                    anchors[anchor] = (node, count - before + 1)
                top = stack[-1] if stack else None
            elif kind is yaml.AliasEvent:
                node, weight = self._alias(event)
                count += weight
            elif kind is yaml.DocumentStartEvent:
                documents += 1
                if documents > 1:
                    raise _YamlFault(
                        Diagnostic.make(
                            "VM001",
                            "a schema is one YAML document, a second starts here",
                            Span(file, event.start_mark.index, event.end_mark.index),
                        )
                    )
                continue
            elif kind is yaml.StreamEndEvent:
                return root
            else:
                continue
            if top is None:
                root = node
            elif type(top) is Mapping:
                if key is None:
                    if not isinstance(node, Scalar):
                        self._refuse_key(node)
                    key = node
                else:
                    self._put(top, key, node)
                    key = None
            else:
                top.items.append(node)  # type: ignore[attr-defined]

    def _put(self, mapping: Mapping, key: Scalar, value: Node) -> None:
        previous = mapping.entries.setdefault(key.value, (key, value))
        if previous[0] is not key:
            self.report.add(
                "VM003",
                f"`{key.value}` is given twice in this mapping",
                key.span,
                notes=(f"first given on line {previous[0].span.line}",),
                helps=("keep one of the two",),
            )

    def _alias(self, event: object) -> tuple[Node, int]:
        name: str = event.anchor  # type: ignore[attr-defined]
        start: int = event.start_mark.index  # type: ignore[attr-defined]
        span = Span(self.file, start, start + len(name) + 1)
        if name not in self.anchors:
            raise _YamlFault(
                Diagnostic.make("VM001", f"no anchor `&{name}` before this alias", span)
            )
        node, weight = self.anchors[name]
        self.aliased += weight
        if self.aliased > MAX_ALIASED_NODES:
            raise _YamlFault(
                Diagnostic.make(
                    "VM015",
                    f"aliases expand to more than {MAX_ALIASED_NODES} nodes",
                    span,
                )
            )
        return node, weight

    def _refuse_key(self, node: Node) -> NoReturn:
        raise _YamlFault(
            Diagnostic.make(
                "VM005",
                f"a key is a plain name, found a {node.kind}",
                Span(self.file, node.start, node.start + 1),
            )
        )

    def _refuse_tag(self, event: object, node: Node) -> None:
        tag: str = event.tag  # type: ignore[attr-defined]
        if tag == "!" and isinstance(node, Scalar):
            return
        raise _YamlFault(
            Diagnostic.make(
                "VM014",
                f"YAML tags are not part of the schema language: `{tag}`",
                Span(self.file, node.start, node.start + 1),
                helps=("remove the tag",),
            )
        )
