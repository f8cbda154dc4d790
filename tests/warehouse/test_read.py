"""Reading: people ask what they like, and can neither change the file nor leave it."""

from __future__ import annotations

import csv
import json
import zipfile
from datetime import date, timedelta
from pathlib import Path

import duckdb
import msgspec
import pytest

from pipeline import warehouse
from pipeline.errors import ConfigError, FatalError
from pipeline.warehouse import excel, models
from tests.warehouse import story
from tests.warehouse.files import build

DAYS = 40


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = story.Store()
    last = story.live(store, DAYS, posts=60)
    story.post(store, 5_000_000, last, text="=cmd|'/C calc'!A0", url="https://example.org/ok")
    story.mention(store, 5_000_000, "dijon", territory="@SUM(1)")
    home = tmp_path_factory.mktemp("home")
    found = [
        {"brand": "dijon", "author": 7, "pagerank": 0.1, "rank": 1, "rank_low": 1, "rank_high": 2}
        | {"h_repost": 3, "community": 1, "posts": 12, "carriers": 9, "period": "2026-01-01"}
    ]
    warehouse.keep_influence(home, date(2026, 1, 1), msgspec.json.Encoder().encode_lines(found))
    return build(home, store, last).path


def last() -> date:
    return story.FIRST + timedelta(days=DAYS - 1)


def test_a_question_has_columns_and_rows(built: Path) -> None:
    columns, rows = warehouse.query(
        built, "select night, revision > 0 as begun from publication where night > ?", [date.min]
    )
    assert (columns, rows) == (["night", "begun"], [(last(), True)])


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("brand = 'dijn'", ["no brand is called 'dijn'; did you mean 'dijon'?"]),
        ("m.Metric='mention' and grain = 'months'", ["'mention'; did you mean 'mentions'?", "mean 'month'?"]),
        ("grain in ('month', 'year')", ["no grain is called 'year'; names are in: select distinct grain from"]),
        ("brand = 'dijon' and grain = 'week' and period < '2000-01-01'", []),
        ("territory = 'nowhere' and my_brand = 'nowhere'", []),
    ],
)
def test_a_name_that_the_file_does_not_know_is_told(built: Path, where: str, told: list[str]) -> None:
    hints = list(warehouse.unknown(built, f"select * from metrics as m where {where}"))
    assert len(hints) == len(told)
    assert all(part in hint for part, hint in zip(told, hints, strict=True)), hints


@pytest.mark.parametrize(
    "sql",
    [
        "select * from nowhere",
        "selec",
        "delete from fct_mention",
        "create table mine as select 1",
        "select * from read_text('/etc/passwd')",
        "attach '/tmp/other.duckdb'",
        "copy fct_mention to '/tmp/stolen.csv'",
        "set enable_external_access = true",
        "set memory_limit = '100GB'",
        "install httpfs",
    ],
)
def test_what_must_not_be_done_is_refused(built: Path, sql: str) -> None:
    with pytest.raises((ConfigError, FatalError)):
        warehouse.query(built, sql)


def test_no_file_no_figures(tmp_path: Path) -> None:
    with pytest.raises(FatalError, match="run `rayonner build`"):
        warehouse.query(tmp_path / "none.duckdb", "select 1")


def test_a_failed_night_is_unknown_and_a_quiet_one_is_zero(built: Path) -> None:
    failed = story.FIRST + timedelta(days=4)
    sql = "select value, coverage from metrics where metric = 'mentions' and grain = 'day' and period = ?"
    assert set(warehouse.query(built, sql, [failed])[1]) == {(None, 0.0)}


def test_rolling_periods_wait_until_they_are_full(built: Path) -> None:
    sql = (
        "select period from metrics where metric = 'mentions' and grain = 'rolling7' and brand = 'dijon' "
        "and value is not null order by period"
    )
    # The fifth night of each ten fails, so only the last two windows of seven inside the other nine are full.
    known = {period for (period,) in warehouse.query(built, sql)[1]}
    nights = [story.FIRST + timedelta(days=offset) for offset in range(DAYS)]
    expected = {n for i, n in enumerate(nights) if i >= 6 and all((i - back) % 10 != 4 for back in range(7))}
    assert known == expected


@pytest.mark.parametrize("model", [m for m in models.read().values() if m.layer == "examples"], ids=lambda m: m.name)
def test_every_example_answers(built: Path, model: models.Model) -> None:
    columns, rows = warehouse.query(built, model.sql)
    assert rows
    assert len(set(columns)) == len(columns)
    assert "?" in model.about


def test_an_exported_csv_runs_no_formula(built: Path, tmp_path: Path) -> None:
    to = tmp_path / "out.csv"
    for table, column, expected in (
        ("recent_post", "text", "'=cmd|'/C calc'!A0"),
        ("fct_mention", "territory", "'@SUM(1)"),
    ):
        count = warehouse.export(built, table, to, "csv")
        with to.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) == count
        assert expected in {row[column] for row in rows}
        assert not [v for row in rows for v in row.values() if v[:1] in {"=", "+", "@", "\t", "\r"}]


def test_a_workbook_holds_the_rows_and_runs_no_formula(built: Path, tmp_path: Path) -> None:
    to = tmp_path / "out.xlsx"
    count = warehouse.export(built, "recent_post", to, "xlsx")
    with zipfile.ZipFile(to) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == count + 1
    assert "=cmd|'/C calc'!A0" in sheet
    assert "<f>" not in sheet and "hyperlink" not in sheet
    assert warehouse.export(built, "publication", to, "xlsx") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["out.xlsx"]


def test_a_sheet_that_cannot_hold_the_rows_is_refused(
    built: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MOST_ROWS", 10)
    with pytest.raises(ConfigError, match="a sheet holds 9 rows"):
        warehouse.export(built, "fct_mention", tmp_path / "out.xlsx", "xlsx")
    assert list(tmp_path.iterdir()) == []


def test_exports_hold_the_same_rows(built: Path, tmp_path: Path) -> None:
    counts = {
        kind: warehouse.export(built, "metrics", tmp_path / f"m.{kind}", kind) for kind in ("csv", "parquet", "json")
    }
    assert len(set(counts.values())) == 1
    assert len(json.loads((tmp_path / "m.json").read_text("utf-8"))) == counts["json"]
    with duckdb.connect() as con:
        found = con.execute("select count(*) from read_parquet(?)", [str(tmp_path / "m.parquet")]).fetchone()
    assert found == (counts["parquet"],)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m.csv", "m.json", "m.parquet"]


@pytest.mark.parametrize(("table", "kind"), [("metrics; drop table x", "csv"), ("raw.post", "csv"), ("metrics", "xls")])
def test_an_export_of_nothing_known_is_refused(built: Path, tmp_path: Path, table: str, kind: str) -> None:
    with pytest.raises(ConfigError):
        warehouse.export(built, table, tmp_path / "out", kind)


def test_every_table_says_what_it_is(built: Path) -> None:
    listed = dict(warehouse.tables(built))
    assert listed["metrics"].startswith("One row per metric, brand, grain and period")
    assert all(about for about in listed.values())


@pytest.mark.parametrize(("sql", "offered"), [("from metric", "metrics"), ("select brnd from metrics", "brand")])
def test_a_wrong_name_is_answered_with_those_that_are_near(built: Path, sql: str, offered: str) -> None:
    with pytest.raises(ConfigError, match=f'"{offered}"'):
        warehouse.query(built, sql)
