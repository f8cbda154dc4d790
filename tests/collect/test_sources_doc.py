"""docs/sources.md names every reason that can be counted, and no other."""

import re
import tomllib
from pathlib import Path

from pipeline.collect import _mapped
from pipeline.collect._columns import OURS

ROOT = Path(__file__).resolve().parents[2]
DOC = (ROOT / "docs" / "sources.md").read_text("utf-8")

# The files that count what they leave out.
FILES = (
    *(
        "archive",
        "_columns",
        "_draft",
        "_engagements",
        "_formats",
        "_json",
        "_jsonl",
        "_mapped",
        "_moments",
        "_rejects",
    ),
    *("_rows", "_stream", "_values", "_xpages"),
    *("_hosts", "_http", "_paging", "_wire", "gdelt", "_wikimedia"),
    *("mastodon", "_fediverse", "_instance", "_instance_address", "_instance_again"),
    *("bluesky", "_bluesky", "_bluesky_counts", "_bluesky_fold", "_bluesky_search"),
    *("_jetstream", "_jetstream_dial", "_jetstream_frames"),
    *("rss", "_articles", "_feed", "_feeds_seen"),
    *("reddit", "_reddit_door", "_reddit_info", "_reddit_thing", "_reddit_walk"),
    *("x", "_xanswers", "_xwalk", "_unseen", "youtube", "_youtube_plan", "_youtube_posts", "_youtube_walk"),
)


def reasons():
    found = set()
    for name in FILES:
        text = (ROOT / "pipeline" / "collect" / f"{name}.py").read_text("utf-8")
        for call in re.finditer(r"(refusal|ask\.skip|hint|_broken|refuse|_stop)\(([^)]*)\)", text):
            said = re.findall(r'"([a-z]+(?:_[a-z0-9]+)*)"', call[2])
            found |= {f"hint:{word}" if call[1] == "hint" else word for word in said}
        found |= set(re.findall(r'return "((?:open|wrong|not)_[a-z0-9]+)"', text))
        found |= set(re.findall(r'"(broken_row|feed_(?:lost|closed|missing|gone|dead))"', text))
        found |= set(re.findall(r'"((?:subreddit|talk)_(?:closed|unknown|lost|gone))"', text))
    return found


def test_every_reason_is_explained_and_none_is_invented():
    assert set(re.findall(r"^\| `([a-z:_0-9]+)` \|", DOC, re.M)) == reasons()


def test_every_field_and_every_shipped_map_is_named():
    assert all(f"`{name}`" in DOC for name in OURS)
    assert all(tool.capitalize() in DOC for tool in _mapped.examples())


def test_the_map_in_the_page_is_a_map(tmp_path):
    (example,) = re.findall(r"```toml\n(.*?)```", DOC, re.S)
    assert tomllib.loads(example)
    path = tmp_path / "map.toml"
    path.write_text(example, "utf-8")
    assert _mapped.load(path).skip_lines == 6
