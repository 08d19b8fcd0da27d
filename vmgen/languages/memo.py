"""Answers that are remembered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

_Key = TypeVar("_Key")
_Answer = TypeVar("_Answer")


class Memo(dict[_Key, _Answer], Generic[_Key, _Answer]):
    """What a function says of each key: `memo[key]` asks it the first time.

    Faster than a cache around the function, which a call would have to get through.
    """

    def __init__(self, ask: Callable[[_Key], _Answer]) -> None:
        self._ask = ask

    def __missing__(self, key: _Key) -> _Answer:
        answer = self[key] = self._ask(key)
        return answer
