"""A real Chromium for the tests: it notes every request, dialog, error and script that was not ours."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

# Where `npm install` put what tests/package.json names; .ci/run says so.
MODULES = "RAYONNER_NODE_MODULES"

# A folder that outlives the run, for the pictures that people look at after a change.
SCREENSHOTS = "RAYONNER_SCREENSHOTS"


@dataclass
class Watched:
    """A page and what happened on it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def open(self, html: Path, part: str = "") -> Watched:
        self.page.goto(f"{html.resolve().as_uri()}{'#' if part else ''}{part}")
        return self


@contextmanager
def chromium() -> Iterator[Browser]:
    """The system's browser; a test without one is skipped with the reason."""
    where = shutil.which("chromium")
    if not where:
        pytest.skip("no Chromium here; install the package chromium")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=where)
        yield browser
        browser.close()


@contextmanager
def watched(browser: Browser, *, width: int = 1280, dark: bool = False) -> Iterator[Watched]:
    """A fresh page; `hit()` is a function that hostile text may try to call."""
    scheme: Any = "dark" if dark else "light"
    context = browser.new_context(color_scheme=scheme, viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    seen = Watched(page)
    page.on("request", lambda request: seen.requests.append(request.url))
    page.on("dialog", lambda dialog: (seen.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
    page.on("pageerror", lambda error: seen.faults.append(f"error: {error}"))
    page.on("console", lambda message: seen.faults.append(f"console: {message.text}"))
    page.expose_function("hit", lambda *_: seen.faults.append("hit"))
    yield seen
    context.close()


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2 A and AA and its own best practices, a line each."""
    folder = os.environ.get(MODULES)
    if not folder:
        pytest.skip(f"no axe-core here: npm install in a copy of tests/package.json, and name the folder in {MODULES}")
    page.evaluate((Path(folder) / "axe-core" / "axe.min.js").read_text("utf8"))
    found = page.evaluate("axe.run()")
    return [f"{v['id']} ({v['impact']}): {v['nodes'][0]['html'][:120]}" for v in found["violations"]]
