"""The one way to say that a line or a post cannot be used: a MalformedError with a short reason that is counted."""

from __future__ import annotations

from pipeline.errors import MalformedError


def refusal(reason: str) -> MalformedError:
    """An error to raise; `reason` is a snake_case word of docs/sources.md, never text from outside."""
    error = MalformedError(reason)
    error.reason = reason
    return error
