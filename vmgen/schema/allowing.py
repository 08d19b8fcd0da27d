"""What `allow` says."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from vmgen.reading.source import Mapping, Node, Scalar
from vmgen.schema import model as m
from vmgen.schema.symbols import text_of

if TYPE_CHECKING:
    from collections.abc import Mapping as ReadOnly


def allows_of(node: Mapping) -> ReadOnly[str, m.Allow]:
    allow = node.get("allow")
    if allow is None or not isinstance(allow, Mapping):
        return m.NO_ALLOWS
    return MappingProxyType({k.value: _allow(k, v) for k, v in allow})


def _allow(key: Scalar, node: Node) -> m.Allow:
    if isinstance(node, Mapping):
        reason, version = text_of(node.get("reason")), text_of(node.get("version"))
        return m.Allow(key.value, reason, key.span, version)
    return m.Allow(key.value, text_of(node), key.span)
