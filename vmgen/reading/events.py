"""libyaml's events: the keys of a file, and where one can't be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    Event = Any
    """One of the classes of `yaml.events`; libyaml's binding has no types."""

MAX_DEPTH = 64
"""So many collections may be inside of each other."""


def top_keys(text: str) -> list[str] | None:
    """The keys of the mapping that a text is; None if it is none, or can't be read."""
    import yaml

    keys: list[str] = []
    depth = 0
    is_key = True
    get = events_of(text)
    try:
        while not isinstance(event := get(), yaml.StreamEndEvent):
            if isinstance(event, yaml.NodeEvent) and depth <= 1:
                if depth == 1:
                    if is_key and isinstance(event, yaml.ScalarEvent):
                        keys.append(event.value)
                    is_key = not is_key
                elif not isinstance(event, yaml.MappingStartEvent):
                    return None
            if isinstance(event, yaml.CollectionStartEvent):
                depth += 1
                if depth > MAX_DEPTH:
                    return None
            elif isinstance(event, yaml.CollectionEndEvent):
                depth -= 1
    except (yaml.YAMLError, ValueError):
        return None
    return keys or None


def events_of(text: str) -> Callable[[], Event]:
    """What gives libyaml's next event; PyYAML's own, ten times slower, without it."""
    import yaml

    try:
        from yaml.cyaml import CParser  # type: ignore[attr-defined]
    except ImportError:
        return yaml.SafeLoader(text).get_event
    get: Callable[[], Event] = CParser(text).get_event
    return get


def fault_of(text: str) -> int | None:
    """Where YAML can't go on reading a text, or None; an alias needs its anchor."""
    return fault_and_last(text)[0]


def fault_and_last(text: str) -> tuple[int | None, int]:
    """Where YAML can't go on reading a text, and where what it read last begins."""
    import yaml

    get = events_of(text)
    anchors = set()
    last = 0
    try:
        while not isinstance(event := get(), yaml.StreamEndEvent):
            last = event.start_mark.index
            if isinstance(event, yaml.AliasEvent):
                if event.anchor not in anchors:
                    return last, last
            elif isinstance(event, yaml.NodeEvent) and event.anchor is not None:
                anchors.add(event.anchor)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return (mark.index if mark else 0), last
    except (yaml.YAMLError, ValueError):
        return 0, last
    return None, last
