"""An interactive shell at a terminal, and keys pressed in it."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Mapping, Sequence
from fcntl import ioctl
from pathlib import Path

PATIENCE = 300.0
HOME, TAB, ENTER = "\x01", "\t", "\r"
ESCAPES = re.compile(
    r"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07"
)


class Terminal:
    """Use as a context manager. Keys are Emacs's, as all shells have by default."""

    def __init__(
        self, command: Sequence[str], cwd: Path, env: Mapping[str, str]
    ) -> None:
        self.screen, terminal = pty.openpty()
        ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self.process = subprocess.Popen(
            command,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            cwd=cwd,
            env={**env, "TERM": "xterm"},
            start_new_session=True,
            # Job control needs the terminal to be this session's own.
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),
        )
        os.close(terminal)
        self.seen = ""

    def __enter__(self) -> Terminal:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        os.close(self.screen)

    def press(self, keys: str) -> None:
        os.write(self.screen, keys.encode())

    def until(self, pattern: str) -> re.Match[str]:
        """Read until the text on the terminal, without its colours, has a match.

        What stands after the match is there for the next call.
        """
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            text = ESCAPES.sub("", self.seen)
            found = re.search(pattern, text)
            if found:
                self.seen = text[found.end() :]
                return found
            ready, _, _ = select.select([self.screen], [], [], 0.5)
            if ready:
                self.seen += os.read(self.screen, 65536).decode(errors="replace")
                if "\x1b[c" in self.seen or "\x1b[0c" in self.seen:
                    # fish asks what terminal this is, and waits for an answer.
                    self.seen = re.sub(r"\x1b\[0?c", "", self.seen)
                    self.press("\x1b[?62c")
        raise AssertionError(
            f"out of time: after {PATIENCE:.0f} seconds no {pattern!r} in {self.seen!r}"
        )
