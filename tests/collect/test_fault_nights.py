"""A fault of a night is never silent, and the night after holds all that the platform still shows."""

from pathlib import Path

import pytest

from tests.collect.fault_nights import CASES, NAMES, outcome

LINES = (Path(__file__).parents[2] / "docs" / "faults.md").read_text("utf-8").splitlines()
CELLS = [line.strip("| ").split(" | ") for line in LINES if line.startswith("| ") and "lost" in line]
TOLD = {cells[0]: dict(zip(NAMES, cells[1:], strict=True)) for cells in CELLS}


def test_the_page_tells_of_every_fault():
    assert list(TOLD) == [fault + ("" if page == 1 else ", from the second request") for fault, page in CASES]


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(("fault", "page"), CASES)
def test_the_next_night_makes_a_night_whole(name, fault, page):
    found = outcome(name, fault, page)
    assert found.whole > 0
    assert found.lost == 0, "the platform still shows it"
    assert found.first == found.whole or found.status != "complete", "a night that lacks posts must not look complete"
    where = fault if page == 1 else f"{fault}, from the second request"
    assert TOLD[where][name] == str(found), "docs/faults.md is stale: python -m tests.collect.fault_nights"
