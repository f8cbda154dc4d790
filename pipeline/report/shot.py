"""Takes a picture of a mail as a reader sees it, where a Chromium is installed; nothing leaves the machine."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from base64 import b64encode
from pathlib import Path

from pipeline.report.render import Rendered

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
# A mail is 640 points wide, with some ground on both sides.
WIDTH = 700
# The page says its height when it is laid out; ours holds no script of its own.
RULER = "<script>document.title = `high: ${document.documentElement.scrollHeight}`</script>"


def standalone(rendered: Rendered) -> str:
    """The HTML with its picture inside, so that a browser shows it as a mail reader would."""
    if rendered.png is None:
        return rendered.html
    inside = f"data:image/png;base64,{b64encode(rendered.png).decode('ascii')}"
    return rendered.html.replace(f"cid:{rendered.cid}", inside)


def shoot(html: Path, to: Path) -> bool:
    """Write a picture of the whole page into `to`; False when no browser is here or it gives none."""
    browser = next((found for name in BROWSERS if (found := shutil.which(name))), None)
    if browser is None:
        return False
    with tempfile.TemporaryDirectory() as folder:
        command = [browser, *FLAGS, f"--user-data-dir={folder}/profile"]
        try:
            high = _height(command, html, Path(folder) / "measured.html")
            size = f"--window-size={WIDTH},{high}"
            subprocess.run(
                [*command, size, f"--screenshot={to}", html.resolve().as_uri()],
                check=True, capture_output=True, timeout=60,
            )  # fmt: skip
        except (OSError, subprocess.SubprocessError, ValueError):
            return False
    return to.exists()


def _height(command: list[str], html: Path, copy: Path) -> int:
    """How high the page is at our width, in points. Raises ValueError when the browser does not say."""
    copy.write_text(html.read_text("utf8") + RULER, "utf8")
    asked = [*command, f"--window-size={WIDTH},100", "--dump-dom", copy.as_uri()]
    answer = subprocess.run(asked, check=True, capture_output=True, timeout=60).stdout.decode("utf8", "replace")
    if (said := re.search(r"<title>high: (\d+)</title>", answer)) is None:
        raise ValueError(f"{command[0]} did not say how high {html.name} is")
    return int(said[1])
