"""A metric's definition may change: the old series stays beside the new one, over all history."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path

import pytest

from pipeline import warehouse
from pipeline.errors import SchemaError
from pipeline.warehouse import docs, models
from tests.warehouse import story
from tests.warehouse.files import build

SERIES = (
    "select brand, grain, period, value from metrics_by_version where metric = 'mentions' and version = ? order by all"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The SQL files, with mentions counted double in a second version, the first kept."""
    copied = tmp_path / "sql"
    shutil.copytree(models.ROOT, copied)
    new = copied / "metrics" / "mentions.sql"
    old = new.read_text("utf-8")
    (copied / "metrics" / "mentions@1.sql").write_text(
        old.replace("-- version: 1", "-- version: 1\n-- replaced: to try it"), "utf-8"
    )
    doubled = old.replace("-- version: 1", "-- version: 2").replace(
        "cast(mention_count as", "cast(2 * mention_count as"
    )
    new.write_text(doubled, "utf-8")
    return copied


def test_the_next_build_computes_both_versions_over_all_history(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = story.Store()
    last = story.live(store, 35)
    before = warehouse.query(build(tmp_path, store, last).path, SERIES, [1])[1]
    warehouse.publish(tmp_path, night=last, now=story.moment(last))
    changed = models.read(root)
    monkeypatch.setattr(models, "read", lambda: changed)
    path = build(tmp_path, store, last).path
    assert warehouse.query(path, SERIES, [1])[1] == before
    doubled = [(*key, None if value is None else 2 * value) for *key, value in before]
    assert warehouse.query(path, SERIES, [2])[1] == doubled
    assert any(value for *_, value in doubled)


def test_a_question_sees_the_version_of_today_alone(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = story.Store()
    last = story.live(store, 8)
    changed = models.read(root)
    monkeypatch.setattr(models, "read", lambda: changed)
    path = build(tmp_path, store, last).path
    for view in ("metrics", "metrics_by_source", "metrics_by_language"):
        found = warehouse.query(path, f"select distinct version from {view} where metric = 'mentions'")[1]
        assert found == [(2,)], view
    told = "select version, is_current, replaced from metric_definition where metric = 'mentions' order by version"
    assert warehouse.query(path, told)[1] == [(1, False, "to try it"), (2, True, None)]


def test_the_page_of_metrics_shows_both(root: Path) -> None:
    page = docs.metrics(models.read(root))
    assert (
        "- Older: version 1, [sql/metrics/mentions@1.sql](../sql/metrics/mentions@1.sql); replaced: to try it" in page
    )
    assert "**Mentions**, version 2, in mentions." in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("-- version: 1", "-- version: 3"), "is named after another version than its header's, 3"),
        (("-- replaced: to try it", "--"), "does not say why it was replaced"),
    ],
)
def test_an_old_version_that_breaks_a_rule_is_named(root: Path, change: tuple[str, str], said: str) -> None:
    path = root / "metrics" / "mentions@1.sql"
    path.write_text(path.read_text("utf-8").replace(*change), "utf-8")
    with pytest.raises(SchemaError, match=f"sql/metrics/mentions@1.sql {said}"):
        models.read(root)


def test_an_old_version_needs_a_newer_one(root: Path) -> None:
    (root / "metrics" / "mentions.sql").unlink()
    with pytest.raises(SchemaError, match="has no newer version beside it"):
        models.read(root)


def test_a_column_added_to_a_table_is_filled_over_all_history(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = story.Store()
    last = story.live(store, 35)
    with monkeypatch.context() as before:
        older = _without_named_within(tmp_path / "sql")
        before.setattr(models, "read", lambda: older)
        build(tmp_path / "grown", store, last)
        old = warehouse.publish(tmp_path / "grown", night=last, now=story.moment(last)).path
    assert "named_within" not in warehouse.query(old, "from agg_opinion limit 1")[0]
    last = story.live(store, 36)
    grown = build(tmp_path / "grown", store, last).path
    asked = "select brand, grain, period, named_within from agg_opinion order by all"
    found = warehouse.query(grown, asked)[1]
    assert found == warehouse.query(build(tmp_path / "new", store, last, full=True).path, asked)[1]
    assert len({period for _, _, period, _ in found}) > 4 and None not in {within for *_, within in found}


def _without_named_within(copied: Path) -> Mapping[str, models.Model]:
    """The SQL as it was before agg_opinion had the column that slogan_adoption's second version reads."""
    shutil.copytree(models.ROOT, copied)
    marts = copied / "marts" / "agg_opinion.sql"
    kept = [line for line in marts.read_text("utf-8").splitlines(keepends=True) if " as named_within" not in line]
    marts.write_text("".join(kept), "utf-8")
    first = copied / "metrics" / "slogan_adoption@1.sql"
    first.replace(copied / "metrics" / "slogan_adoption.sql")
    return models.read(copied)
