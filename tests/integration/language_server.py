"""yaml-language-server over its standard streams, as an editor talks to it."""

from __future__ import annotations

import json
import queue
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.fetched import npm_packages
from tests.support import need

HERE = Path(__file__).parent
PATIENCE = 300
SETTINGS = {
    "validate": True,
    "hover": True,
    "completion": True,
    # Else the server asks the network for a catalogue of schemas.
    "schemaStore": {"enable": False, "url": ""},
}


def installed() -> Path:
    """The server's program, installed as the lock file says; else a skip."""
    need("node")
    packages = npm_packages("editor", HERE / "package-lock.json")
    return packages / "yaml-language-server" / "bin" / "yaml-language-server"


class Editor:
    """A session with the server. Positions are (line, column), counted from 0."""

    def __init__(
        self, process: subprocess.Popen[bytes], schemas: dict[str, str]
    ) -> None:
        self.process = process
        self.settings = {"yaml": {**SETTINGS, "schemas": schemas}}
        self.last = 0
        self.answers: queue.Queue[dict[str, Any]] = queue.Queue()
        self.diagnostics: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self._listen, daemon=True).start()

    def open(self, path: Path, text: str) -> list[dict[str, Any]]:
        """Open a file with this text; what the server finds wrong with it."""
        document = {"uri": path.as_uri(), "languageId": "yaml", "version": 1}
        self._notify("textDocument/didOpen", textDocument={**document, "text": text})
        while True:
            published = _next(self.diagnostics)
            if published["uri"] == path.as_uri():
                found: list[dict[str, Any]] = published["diagnostics"]
                return found

    def complete(self, path: Path, place: tuple[int, int]) -> dict[str, dict[str, Any]]:
        """What is offered at a place, by label."""
        answer = self._ask("textDocument/completion", path, place)
        items = answer["items"] if isinstance(answer, dict) else answer or []
        return {item["label"]: item for item in items}

    def hover(self, path: Path, place: tuple[int, int]) -> str:
        answer = self._ask("textDocument/hover", path, place)
        text: str = answer["contents"]["value"] if answer else ""
        return text

    def _ask(self, method: str, path: Path, place: tuple[int, int]) -> Any:
        position = {"line": place[0], "character": place[1]}
        return self.request(
            method, textDocument={"uri": path.as_uri()}, position=position
        )

    def request(self, method: str, **params: Any) -> Any:
        self.last += 1
        self._send({"id": self.last, "method": method, "params": params})
        while True:
            answer = _next(self.answers)
            if answer["id"] == self.last:
                assert "error" not in answer, answer["error"]
                return answer["result"]

    def _notify(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def _listen(self) -> None:
        while (message := self._receive()) is not None:
            if message.get("method") == "textDocument/publishDiagnostics":
                self.diagnostics.put(message["params"])
            elif message.get("method") == "workspace/configuration":
                wanted = message["params"]["items"]
                settings = [self.settings.get(i.get("section", ""), {}) for i in wanted]
                self._send({"id": message["id"], "result": settings})
            elif "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
            elif "id" in message:
                self.answers.put(message)

    def _receive(self) -> dict[str, Any] | None:
        stream = self.process.stdout
        assert stream is not None
        length = 0
        while line := stream.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return json.loads(stream.read(length)) if length else None


def _next(messages: queue.Queue[dict[str, Any]]) -> dict[str, Any]:
    """What the server sends next, or what it has sent and nobody has read."""
    try:
        return messages.get(timeout=PATIENCE)
    except queue.Empty:
        raise AssertionError(
            f"out of time: the server has said nothing for {PATIENCE} seconds"
        ) from None


@contextmanager
def editor(folder: Path, schemas: dict[str, str] | None = None) -> Iterator[Editor]:
    """A server that works in `folder`, for as long as the block lasts.

    `schemas` is what an editor has set for `yaml.schemas`.
    """
    process = subprocess.Popen(
        ["node", installed(), "--stdio"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    try:
        session = Editor(process, schemas or {})
        session.request(
            "initialize",
            processId=None,
            rootUri=folder.as_uri(),
            workspaceFolders=[{"uri": folder.as_uri(), "name": folder.name}],
            capabilities={
                "workspace": {"configuration": True, "workspaceFolders": True},
                "textDocument": {
                    "hover": {"contentFormat": ["markdown"]},
                    "completion": {
                        "completionItem": {"documentationFormat": ["markdown"]}
                    },
                },
            },
        )
        session._notify("initialized")
        yield session
        session.request("shutdown")
        session._notify("exit")
        process.wait(timeout=PATIENCE)
    finally:
        process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
