"""Memory that lies: whatever is in it, a walk ends, stays small, and says what it saw."""

from __future__ import annotations

import json
import tracemalloc
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import pytest

from tests.inspection.heap import (
    BASE,
    FIRST,
    FRAME,
    SIZE,
    TARGETS,
    X86_64,
    heap,
    layouts,
)
from tests.inspection.heap import module as bindings
from tests.python.cores import core
from tests.support import proving
from vmgen.binaries.image import BinaryError
from vmgen.inspection.question import Question
from vmgen.languages.python.runtime.core import Core
from vmgen.languages.python.runtime.errors import NoPath, Unmapped
from vmgen.languages.python.runtime.memory import Bytes
from vmgen.languages.python.runtime.tree import STATES, lines
from vmgen.languages.python.runtime.walk import LEVELS, MOST
from vmgen.show.memory import page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from vmgen.languages.python.runtime.memory import Memory
    from vmgen.languages.python.runtime.tree import Node

EXAMPLES = 1_500 if proving() else 150
PATHS = ("", "values[2].Link.from.from.flags", "numbers.some[3]", "words[0:9]", "extra")
LARGEST = 16 << 20
"""Bytes that a walk through a few kilobytes may take."""


def question(memory: Memory, target: str | None, **how: Any) -> Question:
    how = {"depth": 9, "elements": 40, **how}
    return Question([layouts()], memory, target, {}, symbols=False, **how)


def nodes(node: Node) -> Iterator[Node]:
    yield node
    for part in node.parts:
        yield from nodes(part)


def survives(memory: Memory, target: str | None, seed: int) -> int:
    """Walk from the frame on; how many parts were seen. Raises AssertionError for any
    exception that isn't meant for users."""
    seen = 0
    try:
        asked = question(memory, target)
        for path in PATHS:
            try:
                (tree,) = asked.trees("Frame", FRAME, [path] if path else [])
            except (NoPath, Unmapped):
                continue
            found = [*nodes(tree)]
            assert {node.state for node in found} <= set(STATES)
            assert len(found) <= MOST + 1
            assert [*lines(tree)]
            assert json.loads(json.dumps(tree.as_json()))
            seen += len(found)
        with suppress(NoPath):
            asked.found("Frame")
    except BinaryError:
        pass
    except Exception as error:
        raise AssertionError(f"seed {seed}") from error
    return seen


def changed(data: bytes, random: Random) -> bytes:
    """Data with some bytes changed, words above all, and sometimes its end missing."""
    image = bytearray(data)
    for _ in range(random.randrange(1, 30)):
        at = random.randrange(len(image))
        word = random.choice(
            [bytes(8), b"\xff" * 8, (BASE + random.randrange(SIZE)).to_bytes(8, "little"),
             (FRAME).to_bytes(8, "big"), random.randbytes(1), random.randbytes(4)]
        )  # fmt: skip
        image[at : at + len(word)] = word[: len(image) - at]
    if random.random() < 0.2:
        del image[random.randrange(len(image)) :]
    return bytes(image)


def test_bytes_that_are_changed() -> None:
    heaps = {target: bytes(heap(target)) for target in TARGETS}
    seen = most = 0
    tracemalloc.start()
    for seed in range(EXAMPLES):
        random = Random(seed)
        target = random.choice([*TARGETS])
        data = changed(heaps[target], random)
        # The bindings of each question stay; what a walk takes comes on top of them.
        before, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        seen += survives(Bytes(data, BASE), target, seed)
        most = max(most, tracemalloc.get_traced_memory()[1] - before)
    tracemalloc.stop()
    assert seen > EXAMPLES * 20
    assert most < LARGEST


def test_cores_that_are_changed() -> None:
    cores = [
        core({BASE: bytes(heap(target))}, machine=machine, pointer=pointer, order=order,
             files=[(BASE, BASE + 0x1000, 0, "/nowhere")], missing={0x80000: 1 << 40})
        for target, (machine, pointer, order) in TARGETS.items()
        if pointer == 8
    ]  # fmt: skip
    opened = 0
    refused = []
    for seed in range(EXAMPLES):
        random = Random(seed)
        data = bytearray(random.choice(cores))
        for _ in range(random.randrange(1, 8)):
            data[random.randrange(256)] = random.choice(
                [0, 1, 255, random.randrange(256)]
            )
        if random.random() < 0.2:
            del data[random.randrange(len(data)) :]
        try:
            memory = Core(bytes(data))
        except ValueError as error:
            refused.append(str(error))
            continue
        memory.areas()
        opened += survives(memory, None, seed) > 0
    assert opened
    assert all(why.splitlines() == [why] for why in refused)


def chain(number: int) -> bytes:
    """Headers each of which leads to the next."""
    m = bindings()
    size = len(m.Header.pack({"flags": 0, "from_": None, "mode": 0}, X86_64))
    return b"".join(
        m.Header.pack({"flags": 0, "from_": BASE + (i + 1) * size, "mode": 0}, X86_64)
        for i in range(number)
    )


@pytest.mark.parametrize("depth", [50, 10_000])
def test_a_chain_is_followed_as_deep_as_can_be_shown(depth: int) -> None:
    asked = question(Bytes(chain(20_000), BASE), X86_64, depth=depth)
    (tree,) = asked.trees("Header", BASE, [])
    found = [*nodes(tree)]
    assert max(node.level for node in found) == min(depth, LEVELS - 1) + 1
    assert len([*lines(tree)]) >= len(found)
    assert json.loads(json.dumps(tree.as_json()))
    assert page([tree], "memory", X86_64, "heap").count("<li>") >= len(found) - 1


def test_there_is_a_most_of_parts() -> None:
    asked = question(Bytes(bytes(heap()), BASE), X86_64, elements=1 << 40)
    (tree,) = asked.trees("Header", FIRST, ["from[0:4000000000]"])
    assert len([*nodes(tree)]) == MOST + 1
    assert tree.left_out == 4_000_000_000 - len(tree.parts)
