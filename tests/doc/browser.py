"""A headless Chromium, driven over WebDriver with nothing but the standard library."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import urllib.error
import urllib.request
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

PATIENCE = 300.0
"""Seconds for anything that the browser does: a busy machine takes long, not for ever."""


class Browser:
    """One window. Methods raise `BrowserError` for whatever goes wrong in it."""

    def __init__(self, base: str, session: str) -> None:
        self._session = f"{base}/session/{session}"

    def call(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return request(f"{self._session}/{path}", body)

    def open(self, path: Path, fragment: str = "") -> None:
        """Load a page afresh, which a new fragment alone would not."""
        self.call("url", {"url": "about:blank"})
        self.call("url", {"url": f"{path.as_uri()}{fragment}"})

    def run(self, script: str, *arguments: Any) -> Any:
        """The value of a function body, called with `arguments`."""
        return self.call("execute/sync", {"script": script, "args": list(arguments)})

    def run_async(self, script: str, *arguments: Any) -> Any:
        """The value that a function body passes to its last argument, a callback."""
        return self.call("execute/async", {"script": script, "args": list(arguments)})

    def until(self, script: str, wanted: Any, *arguments: Any) -> None:
        """Wait until a function body's value is the one that is wanted."""
        end = time.monotonic() + PATIENCE
        while (found := self.run(script, *arguments)) != wanted:
            if time.monotonic() > end:
                raise OutOfTimeError(f"`{script}` is {found!r}, not {wanted!r},")
            time.sleep(0.02)

    def click(self, selector: str) -> None:
        """A click of the mouse on an element's middle, refused if it is covered."""
        self.call(f"element/{self._find(selector)}/click", {})

    def click_at(self, selector: str, fraction: float) -> None:
        """A click that far along an element, from its left edge 0 to its right edge 1."""
        box = self.run(
            "const e = document.querySelector(arguments[0]);"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "const r = e.getBoundingClientRect();"
            "return [r.left, r.top, r.width, r.height];",
            selector,
        )
        left, top, width, height = box
        place = {"x": round(left + width * fraction), "y": round(top + height / 2)}
        actions = [
            {"type": "pointerMove", "duration": 0, **place},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.call(
            "actions",
            {"actions": [{"type": "pointer", "id": "mouse", "actions": actions}]},
        )

    def type(self, selector: str, text: str) -> None:
        self.call(f"element/{self._find(selector)}/value", {"text": text})

    def keys(self, text: str) -> None:
        """Keys pressed wherever the focus is."""
        actions = [
            {"type": kind, "value": key}
            for key in text
            for kind in ("keyDown", "keyUp")
        ]
        self.call(
            "actions", {"actions": [{"type": "key", "id": "keys", "actions": actions}]}
        )

    def _find(self, selector: str) -> str:
        found = self.call("element", {"using": "css selector", "value": selector})
        (element,) = found.values()
        return str(element)

    def screen(self, width: int, height: int, *, dark: bool = False) -> None:
        """The window's size in CSS pixels, and the colours that the system asks for."""
        self.devtools(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = "dark" if dark else "light"
        self.devtools(
            "Emulation.setEmulatedMedia",
            features=[
                {"name": "prefers-color-scheme", "value": scheme},
                {"name": "prefers-reduced-motion", "value": "reduce"},
            ],
        )

    def devtools(self, command: str, **parameters: Any) -> Any:
        return self.call("goog/cdp/execute", {"cmd": command, "params": parameters})

    def screenshot(self, path: Path, *, whole: bool = False) -> None:
        """The window as a PNG, or the whole page."""
        taken = self.devtools(
            "Page.captureScreenshot", format="png", captureBeyondViewport=whole
        )
        path.write_bytes(base64.b64decode(taken["data"]))

    def complaints(self) -> list[str]:
        """What the console has had to say since the last time it was asked."""
        return [entry["message"] for entry in self.call("se/log", {"type": "browser"})]


class BrowserError(Exception):
    """What WebDriver answers instead of a value."""


class OutOfTimeError(BrowserError):
    """Something has not happened in time."""

    def __init__(self, what: str) -> None:
        super().__init__(
            f"{what} after {PATIENCE:.0f} seconds: out of time. Either the machine is "
            "far too busy, or it never happens."
        )


def request(url: str, body: dict[str, Any] | None, method: str | None = None) -> Any:
    data = None if body is None else json.dumps(body).encode()
    asked = urllib.request.Request(url, data, {"Content-Type": "application/json"})
    asked.method = method or ("GET" if body is None else "POST")
    try:
        # The browser's own limits come first, and say more.
        with urllib.request.urlopen(asked, timeout=PATIENCE + 30) as answer:
            return json.load(answer)["value"]
    except TimeoutError:
        raise OutOfTimeError(f"{url} has no answer") from None
    except urllib.error.HTTPError as error:
        with error:
            value = json.load(error)["value"]
        if value["error"] in ("script timeout", "timeout"):
            raise OutOfTimeError(f"{value['error']}: {value['message']}") from None
        raise BrowserError(f"{value['error']}: {value['message']}") from None


def browser(chromedriver: str, chromium: str, folder: Path) -> Iterator[Browser]:
    """A window that is there until the generator goes on; `folder` is for its files."""
    log = folder / "chromedriver.log"
    with log.open("wb") as output:
        driver = subprocess.Popen(
            [chromedriver, "--port=0"], stdout=output, stderr=subprocess.STDOUT
        )
        try:
            base = f"http://127.0.0.1:{_port(log)}"
            session = _session(base, chromium, folder)
            try:
                yield Browser(base, session)
            finally:
                request(f"{base}/session/{session}", None, "DELETE")
        finally:
            driver.terminate()
            driver.wait(timeout=PATIENCE)


def _port(log: Path) -> int:
    """Where chromedriver says that it listens."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        for line in log.read_text(errors="replace").splitlines():
            if "started successfully on port " in line:
                return int(line.rpartition(" ")[2].rstrip("."))
        time.sleep(0.05)
    raise OutOfTimeError(f"chromedriver has not started: {log.read_text()}")


def _session(base: str, chromium: str, folder: Path) -> str:
    options = {
        "binary": chromium,
        "args": [
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--force-color-profile=srgb",
            f"--user-data-dir={folder / 'profile'}",
        ],
    }
    wanted = {
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": {"browser": "ALL"},
        "timeouts": {name: int(PATIENCE * 1000) for name in ("script", "pageLoad")},
    }
    started = request(f"{base}/session", {"capabilities": {"alwaysMatch": wanted}})
    return str(started["sessionId"])
