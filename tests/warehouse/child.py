"""A process of its own for the tests that kill: builds and publishes the first nights, whole and in part."""

from __future__ import annotations

import sys
from pathlib import Path

from pipeline import warehouse
from tests.warehouse import story
from tests.warehouse.files import build


def main(home: Path, days: int, rounds: int) -> None:
    store = story.Store()
    last = story.live(store, days)
    for number in range(rounds):
        build(home, store, last, full=number % 2 == 1)
        warehouse.publish(home, night=last, now=story.moment(last))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
