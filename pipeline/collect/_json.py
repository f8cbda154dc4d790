"""JSON from outside, read without trust: any shape may come, and none may raise anything but a refusal."""

from __future__ import annotations

import json
from collections.abc import Mapping

from pipeline.collect._refusal import refusal

Json = Mapping[str, object]


def fields(line: bytes) -> dict[str, object]:
    """One JSON object, lone surrogates allowed. Raises MalformedError with what is wrong."""
    try:
        found = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise refusal("not_utf8") from error
    except (ValueError, RecursionError) as error:
        raise refusal("not_json") from error
    if not isinstance(found, dict):
        raise refusal("not_a_post")
    return found


def dig(start: object, *path: str) -> object:
    """What lies at a path of names, None where any step is missing or not an object."""
    for name in path:
        start = start.get(name) if isinstance(start, dict) else None
    return start


def many(start: object, *path: str) -> list[object]:
    """The list at a path of names, empty where there is none."""
    found = dig(start, *path)
    return found if isinstance(found, list) else []
