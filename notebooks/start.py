"""A notebook to start from: one brand, its figures with their doubts, beside its peers.

marimo edit notebooks/start.py                                    to work in it
python notebooks/start.py --file var/published/rayonner.duckdb    to run it through, without a screen
"""

import marimo

app = marimo.App(width="medium")


@app.cell
def _():
    from pathlib import Path

    import altair as alt
    import duckdb
    import marimo as mo

    return Path, alt, duckdb, mo


@app.cell
def _(Path, duckdb, mo):
    path = Path(mo.cli_args().get("file") or "var/published/rayonner.duckdb")
    con = duckdb.connect(str(path), read_only=True)

    def ask(sql, *params):
        """The rows of one question, as a list of dicts."""
        cursor = con.execute(sql, list(params))
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    night = ask("select night, definitions from publication")[0]
    mo.md(
        f"# What is said of a place\n\nUp to the night of **{night['night']}**, definitions `{night['definitions']}`."
    )
    return (ask,)


@app.cell
def _(ask, mo):
    brands = ask("select brand, name, mention_count from brand_now order by mention_count desc nulls last, name")
    chosen = mo.ui.dropdown({row["name"]: row["brand"] for row in brands}, value=brands[0]["name"], label="Brand")
    chosen
    return (chosen,)


@app.cell
def _(ask, chosen, mo):
    now = ask(
        "select metric, value, low, high, n, coverage from metrics "
        "where brand = ? and grain = 'month' and period = (select max(month) from dim_date) order by metric",
        chosen.value,
    )
    mo.vstack(
        [
            mo.md(
                "## This month\n\nNo value: `coverage` says whether it was collected, `n` whether enough people spoke."
            ),
            mo.ui.table(now, selection=None),
        ]
    )
    return


@app.cell
def _(alt, ask, chosen, mo):
    weeks = ask(
        "select period as week, value, low, high, n, coverage from metrics "
        "where brand = ? and grain = 'week' and metric = 'net_sentiment' order by week",
        chosen.value,
    )
    drawn = alt.Chart(alt.Data(values=[{**row, "week": str(row["week"])} for row in weeks])).encode(x="week:T")
    tone = drawn.mark_area(opacity=0.25).encode(y="low:Q", y2="high:Q") + drawn.mark_line(point=True).encode(
        y=alt.Y("value:Q", title="net sentiment, 95 % interval"), tooltip=["week:N", "value:Q", "n:Q", "coverage:Q"]
    )
    mo.vstack([mo.md("## Tone, week by week"), tone])
    return


@app.cell
def _(ask, chosen, mo):
    peers = ask(
        "select peer, name, mention_count, share, share_low, share_high, is_tied, net_sentiment, period "
        "from digest_peer where grain = 'week' and brand = ? and period = ("
        "select max(period) from digest_peer where grain = 'week' and brand = ?) order by share desc",
        chosen.value,
        chosen.value,
    )
    mo.vstack(
        [mo.md("## Beside its peers\n\nA member that is tied cannot be told from the brand."), mo.ui.table(peers)]
    )
    return


@app.cell
def _(ask, chosen, mo):
    themes = ask(
        "select dimension_name, place_score, place_low, place_high, scored_count, month from place_dimension "
        "where brand = ? and model = 'city' order by month desc, place_score desc",
        chosen.value,
    )
    mo.vstack([mo.md("## Its sides, as posts tell them"), mo.ui.table(themes, selection=None)])
    return


if __name__ == "__main__":
    app.run()
