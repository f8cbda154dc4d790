"""The page: one self-contained HTML file a night, drawn from the published figures and nothing else."""

from __future__ import annotations

import json
import os
import tomllib
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, select_autoescape

from pipeline import warehouse
from pipeline.errors import SchemaError
from pipeline.model import Brand

TEMPLATES = Path(__file__).parent / "templates"

# The metrics drawn, in the order they are read: how much, how well, how far, against whom.
METRICS = ("mentions", "net_sentiment", "reach", "share_of_voice")

# Five years of weeks and sixty brands: what a page shows at once in under a second; the file holds the rest.
WEEKS, MOST_BRANDS = 260, 60

HEARD = "select brand from fct_mention group by brand order by count(*) desc, brand limit ?"
SERIES = """
    select brand, metric, period, value, low, high, n, coverage
    from metrics
    where grain = 'week' and metric in ('mentions', 'net_sentiment', 'reach', 'share_of_voice')
        and list_contains(?, brand) and period > ?
    order by brand, metric, period
"""
STANDING = "select grain, period, list(brand order by brand) from brand_now group by grain, period order by grain"
NOW = """
    select brand, metric, value, low, high, n
    from metrics
    where metric in ('mentions', 'net_sentiment', 'reach', 'share_of_voice') and grain = ? and period = ?
        and list_contains(?, brand)
"""
SOURCES = """
    select
        brand,
        source,
        cast(sum(case when metric = 'mentions' then value end) as bigint) as mentions,
        max(case when metric = 'net_sentiment' then value end) as net_sentiment
    from metrics_by_source
    where grain = 'month' and period = (select max(month) from dim_date where night = (select max(night) from dim_date))
    group by brand, source
    order by brand, mentions desc
"""
NIGHT = "select max(night) from dim_date"

Figure = dict[str, float | int | None]


def write(published: Path, brands: Sequence[Brand], to: Path) -> Path:
    """Draw the page of a published file into `to`, replaced in one stroke; the same file gives the same bytes.

    The MOST_BRANDS most mentioned brands are shown, over WEEKS weeks; one without a mention is left out. Raises
    SchemaError when the file is not one of ours.
    """
    html = render(figures(published, brands))
    to.parent.mkdir(parents=True, exist_ok=True)
    draft = to.with_name(f".{to.name}.{os.getpid()}")
    with draft.open("w", encoding="utf8") as file:
        file.write(html)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(to)
    return to


def figures(published: Path, brands: Sequence[Brand]) -> dict[str, object]:
    """What the page shows, as JSON-ready values: weeks, and for each brand its series, latest figures and sources."""
    night = warehouse.query(published, NIGHT)[1][0][0]
    if not isinstance(night, date):
        raise SchemaError(f"{published} holds no night; build and publish it again")
    slugs = [row[0] for row in warehouse.query(published, HEARD, (MOST_BRANDS,))[1]]
    _, rows = warehouse.query(published, SERIES, (slugs, night - timedelta(weeks=WEEKS)))
    weeks = sorted({row[2] for row in rows if isinstance(row[2], date)})
    series, now, sources = _series(rows, weeks), _now(published, slugs), _sources(published)
    heard = [b for b in brands if b.slug in series]
    return {
        "night": night.isoformat(),
        "weeks": [week.isoformat() for week in weeks],
        "messages": tomllib.loads((TEMPLATES / "page.messages.toml").read_text("utf8")),
        "fictional": any(entry["source"] == "sample" for held in sources.values() for entry in held),
        "brands": {
            b.slug: {
                "name": b.name,
                "territory": b.territory,
                "peers": list(b.peers),
                "campaigns": [{"name": c.name, "start": c.start.isoformat()} for c in b.campaigns],
                "series": series[b.slug],
                "now": now.get(b.slug, {}),
                "sources": sources.get(b.slug, []),
            }
            for b in heard
        },
    }


def render(shown: dict[str, object]) -> str:
    """The HTML; `<` never appears inside the JSON, so no text can close the script that holds it."""
    env = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(default=True))
    encoded = json.dumps(shown, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    for sign, code in (("<", "\\u003c"), ("\u2028", "\\u2028"), ("\u2029", "\\u2029")):
        encoded = encoded.replace(sign, code)
    return env.get_template("page.html.jinja").render(
        css=(TEMPLATES / "page.css").read_text("utf8"),
        script=(TEMPLATES / "page.js").read_text("utf8"),
        figures=encoded,
        fictional=shown["fictional"],
    )


def _series(
    rows: Sequence[tuple[object, ...]], weeks: Sequence[object]
) -> dict[str, dict[str, dict[str, list[object]]]]:
    """By brand and metric, lists aligned on the weeks: value, low, high, n, coverage; None where unknown."""
    place: dict[object, int] = {week: index for index, week in enumerate(weeks)}
    held: dict[str, dict[str, dict[str, list[object]]]] = defaultdict(dict)
    for brand, metric, week, *values in rows:
        lists = held[str(brand)].setdefault(str(metric), {k: [None] * len(weeks) for k in ("v", "lo", "hi", "n", "c")})
        for name, value in zip(("v", "lo", "hi", "n", "c"), values, strict=True):
            lists[name][place[week]] = _short(value)
    for metrics in held.values():
        for lists in metrics.values():
            if not any(value is not None for value in lists["lo"]):
                del lists["lo"], lists["hi"]
    return held


def _now(published: Path, slugs: Sequence[object]) -> dict[str, dict[str, Figure]]:
    """The latest figures; asked by period, for a join on the metrics view would compute all of history."""
    held: dict[str, dict[str, Figure]] = defaultdict(dict)
    for grain, period, there in warehouse.query(published, STANDING)[1]:
        wanted = [brand for brand in there if brand in slugs] if isinstance(there, list) else []
        for brand, metric, value, low, high, n in warehouse.query(published, NOW, (grain, period, wanted))[1]:
            held[str(brand)][str(metric)] = {"v": _short(value), "lo": _short(low), "hi": _short(high), "n": _short(n)}
    return held


def _sources(published: Path) -> dict[str, list[dict[str, object]]]:
    held: dict[str, list[dict[str, object]]] = defaultdict(list)
    for brand, source, mentions, tone in warehouse.query(published, SOURCES)[1]:
        held[str(brand)].append({"source": source, "mentions": mentions, "net_sentiment": _short(tone)})
    return held


def _short(value: object) -> float | int | None:
    """Four significant digits: more than a chart can show, and a page ten times lighter."""
    if value is None or isinstance(value, int):
        return value
    return float(f"{value:.4g}") if isinstance(value, float) else None
