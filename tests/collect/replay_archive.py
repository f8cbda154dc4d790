"""The archive read from a small file, with lines that cannot be read among the others."""

import json
from datetime import date

from pipeline.model import Window

WINDOW = Window.night(date(2026, 1, 12))
UNREAD = {"not_json": 1, "bad_date": 1, "outside_window": 1, "duplicate": 1}


def settings(tmp_path):
    def line(post_id, created_at="2026-01-12T10:00:00Z"):
        return json.dumps({"platform": "x", "post_id": post_id, "created_at": created_at, "text": "Dijon", "likes": 1})

    path = tmp_path / "posts.jsonl"
    path.write_text(
        "\n".join(
            [line("1"), "{broken", line("2", "yesterday"), line("3"), line("3"), line("4", "2026-01-13T10:00:00Z")]
        )
    )
    return {"path": str(path)}
