"""What runs out of time in the browser says that time was the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.doc import browser

if TYPE_CHECKING:
    from tests.doc.browser import Browser

ENDLESS = "Either the machine is far too busy, or it never happens."


def test_a_state_that_does_not_come(
    window: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "PATIENCE", 0.01)
    window.until("return arguments[0]", 1, 1)
    with pytest.raises(browser.OutOfTimeError) as caught:
        window.until("return 1", 2)
    assert str(caught.value) == (
        f"`return 1` is 1, not 2, after 0 seconds: out of time. {ENDLESS}"
    )


def test_a_script_that_does_not_end(window: Browser) -> None:
    given = window.call("timeouts")
    assert (given["script"], given["pageLoad"]) == (300_000, 300_000)
    window.call("timeouts", {"script": 10})
    try:
        with pytest.raises(browser.OutOfTimeError) as caught:
            window.run_async("")
    finally:
        window.call("timeouts", {"script": given["script"]})
    assert str(caught.value).startswith("script timeout: ")
    assert str(caught.value).endswith(f" after 300 seconds: out of time. {ENDLESS}")
