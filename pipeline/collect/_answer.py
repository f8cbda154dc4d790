"""An answer from a platform, and what its status and its body mean in the words of pipeline.errors."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from pipeline.collect._hosts import bare
from pipeline.collect._waits import asked_wait
from pipeline.errors import (
    CredentialError,
    GoneError,
    PipelineError,
    RateLimitedError,
    RetriableError,
    SchemaError,
    UnavailableError,
)


@dataclass(frozen=True, slots=True)
class ByBody:
    """A status with several meanings, which `read` tells apart by the answer's body."""

    read: Callable[[Answer], PipelineError]


Meaning = Mapping[int, type[PipelineError] | ByBody]

# What a status means unless the caller knows better; every other 4xx is a question the platform refuses.
MEANS: Mapping[int, type[PipelineError]] = {
    401: CredentialError,
    402: CredentialError,  # no credit left (X)
    403: CredentialError,
    404: GoneError,
    408: UnavailableError,
    410: GoneError,
    425: UnavailableError,
    429: RateLimitedError,
    451: GoneError,
}


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back: `headers` with names in lower case, `body` unpacked, `said` the JSON when JSON was expected.

    `url` is where it came from in the end; `moved` the new address when every redirect on the way was for good.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    said: object = None
    moved: str | None = None

    @property
    def kind(self) -> str:
        """The media type, in lower case, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def text(self) -> str:
        """The body as text: UTF-8 when it is, else the charset it declares; what means nothing becomes U+FFFD."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.body.decode(self._charset() or "cp1252", "replace")

    def _charset(self) -> str | None:
        """The declared charset if Python knows it as a text encoding."""
        declared = self.headers.get("content-type", "").lower().partition("charset=")[2]
        try:
            found = codecs.lookup(declared.split(";")[0].strip("\"' "))
        except (LookupError, ValueError):
            return None
        return found.name if found._is_text_encoding else None


# What the body must be: JSON, anything, or what a function makes of it; its errors are retried as the client's own.
Expect = Literal["json", "text"] | Callable[[Answer], object]


def failure(answer: Answer, source: str, means: Meaning, now: datetime) -> PipelineError | None:
    """The error that the status is, None below 400. `means` overrules MEANS; `now` is for waits told as moments."""
    if answer.status < 400:
        return None
    kind = means.get(answer.status) or MEANS.get(answer.status)
    kind = kind or (UnavailableError if answer.status >= 500 else SchemaError)
    if isinstance(kind, ByBody):
        return kind.read(answer)
    wait = asked_wait(answer.headers, now) if issubclass(kind, RetriableError) else None
    where = bare(answer.url)
    told = f"{source}: {answer.status} from {where}"
    return kind(told, source=source, url=where, status=answer.status, retry_after=wait)


def said(answer: Answer, source: str, expect: Expect) -> object:
    """What the body says as `expect` reads it; None for text, which stays where it is."""
    if expect == "text":
        return None
    return _json(answer, source) if expect == "json" else expect(answer)


def _json(answer: Answer, source: str) -> object:
    """The JSON of an answer. Raises UnavailableError when there is none: a truncated, empty or HTML answer with status
    200 is a server in trouble, and the same call may succeed later.
    """
    try:
        if not answer.body.strip():
            raise _no_json("empty", answer, source)
        return json.loads(answer.text)
    except (ValueError, RecursionError):
        html = "html" in answer.kind or answer.body.lstrip()[:1] == b"<"
        raise _no_json("HTML" if html else "broken JSON", answer, source) from None


def _no_json(what: str, answer: Answer, source: str) -> UnavailableError:
    where = bare(answer.url)
    return UnavailableError(f"{source}: {what} from {where}", source=source, url=where, status=answer.status)
