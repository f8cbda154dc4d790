"""The page of 50 brands over five years, made from a published file: how long it takes to write, to open, to change.

    .venv/bin/python benchmarks/page.py [--brands 50] [--years 5]

Made-up posts are built and published by the program itself; the page is opened in the system's Chromium. Interactive is
when the first brand is drawn and the page answers: performance.now() at the end of its script, of five openings.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline import warehouse
from pipeline.model import Brand, Campaign
from pipeline.report import feed, page
from tests.warehouse import story

LAST = date(2026, 11, 22)
# Mentions a night and brand; more would only make the build longer: a page shows weeks.
A_NIGHT = 2
# Choose the eighth brand, and wait until it is laid out.
CHANGE = """() => {
    const select = document.getElementById("brand"), start = performance.now();
    select.selectedIndex = 7;
    select.dispatchEvent(new Event("change"));
    return document.body.offsetHeight && performance.now() - start;
}"""


def brands(count: int) -> tuple[Brand, ...]:
    """Brands in peer sets of five, each with a campaign a year."""
    names = [f"brand-{number:02}" for number in range(count)]
    return tuple(
        Brand(
            name, f"Marque {number}", f"Territoire {number}", str(10_000 + number), "commune",
            peers=tuple(names[number // 5 * 5 : number // 5 * 5 + 5]),
            campaigns=tuple(Campaign(f"Printemps {y}", date(y, 3, 1), date(y, 5, 31)) for y in range(2022, 2027)),
        )
        for number, name in enumerate(names)
    )  # fmt: skip


def publish(home: Path, listened: tuple[Brand, ...], nights: int) -> Path:
    """Build and publish `nights` nights of made-up posts."""
    store, draw, key = story.Store(), random.Random(5), 0
    for offset in range(nights):
        night = LAST - timedelta(days=nights - 1 - offset)
        for brand in listened:
            story.night(store, night, "failed" if offset % 97 == 5 else "complete", brand=brand.slug)
            for _ in range(0 if offset % 97 == 5 else draw.randrange(2 * A_NIGHT + 1)):
                key += 1
                story.post(store, key, night, author_key=draw.randrange(5000), cluster_key=key)
                label = draw.choice(("positive", "neutral", "neutral", "negative"))
                story.mention(store, key, brand.slug, label=label, emotions=draw.choice(("joy", "", "")))
    now = story.moment(LAST)
    warehouse.build(home, store, listened, story.LEGAL, night=LAST, now=now, code_version="benchmark")
    print(f"{key} posts built")
    return warehouse.publish(home, night=LAST, now=now).path


def opened(html: Path) -> None:
    """Print how the page behaves in Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium")
        firsts, changes = [], []
        for _ in range(5):
            tab = browser.new_page()
            tab.goto(html.resolve().as_uri())
            firsts.append(tab.evaluate("performance.getEntriesByType('navigation')[0].domInteractive"))
            changes.append(tab.evaluate(CHANGE))
            nodes = tab.evaluate("document.querySelectorAll('*').length")
            tab.close()
        browser.close()
    print(f"interactive after {statistics.median(firsts):.0f} ms (slowest of five {max(firsts):.0f} ms)")
    print(f"another brand after {statistics.median(changes):.0f} ms; {nodes} DOM nodes")


def main() -> None:
    """Make the file, write the page and the feeds, open the page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--brands", type=int, default=50)
    parser.add_argument("--years", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home, listened = Path(folder), brands(given.brands)
        published = publish(home, listened, given.years * 365 + 1)
        started = time.process_time()
        html = page.write(published, listened, home / "index.html")
        written = time.process_time() - started
        print(f"page: {written:.1f} CPU-seconds, {html.stat().st_size / 1e6:.1f} MB")
        started = time.process_time()
        count = len(feed.write(published, listened, home / "feeds"))
        print(f"{count} feeds: {time.process_time() - started:.1f} CPU-seconds")
        opened(html)


if __name__ == "__main__":
    main()
