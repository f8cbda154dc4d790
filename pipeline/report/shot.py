"""Takes a picture of a digest as a reader sees it, where a Chromium is installed; nothing leaves the machine."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from base64 import b64encode
from pathlib import Path

from pipeline.report.render import Rendered

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
# A busy digest is 2,400 points high (looked at); a mail is read top down, so what is cut is the footer.
SIZE = "700,2500"


def standalone(rendered: Rendered) -> str:
    """The HTML with its picture inside, so that a browser shows it as a mail reader would."""
    if rendered.png is None:
        return rendered.html
    inside = f"data:image/png;base64,{b64encode(rendered.png).decode('ascii')}"
    return rendered.html.replace(f"cid:{rendered.cid}", inside)


def shoot(html: Path, to: Path) -> bool:
    """Write a picture of the page into `to`; False when no browser is here or it gives none."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return False
    with tempfile.TemporaryDirectory() as profile:
        command = [browser, *FLAGS, f"--user-data-dir={profile}", f"--window-size={SIZE}", f"--screenshot={to}"]
        try:
            subprocess.run([*command, html.resolve().as_uri()], check=True, capture_output=True, timeout=60)
        except (OSError, subprocess.SubprocessError):
            return False
    return to.exists()
