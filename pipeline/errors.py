"""Every error the pipeline raises, in three families told apart by what to do next.

PipelineError
├── FatalError        stop and tell a human: the same call will fail again
│   ├── ConfigError       a brand file, a setting or a command is wrong
│   ├── CredentialError   a key is missing, refused or has no credit left
│   ├── TermsError        a source's terms have not been declared as met
│   ├── SchemaError       an answer, a file or a database no longer has the expected shape
│   └── CheckError        a check on the figures failed; nothing was published
├── RetriableError    try the same call later
│   ├── RateLimitedError  asked to wait (429, quota window)
│   ├── UnavailableError  server error, reset, timeout, truncated answer
│   ├── BusyError         another process holds the lock, or the database is busy
│   └── BudgetError       the month's budget is used up; a later night resumes
└── SkippableError    count it, log it, go on with the next
    ├── MalformedError    one post, line or page cannot be read
    └── GoneError         deleted, private, withheld
"""

from __future__ import annotations


class PipelineError(Exception):
    """Carries facts, never secrets: `source`, `url` without query, HTTP `status`, `retry_after` in seconds."""

    def __init__(
        self,
        message: str,
        *,
        source: str | None = None,
        url: str | None = None,
        status: int | None = None,
        retry_after: float | None = None,
    ) -> None:
        super().__init__(message)
        self.source = source
        self.url = url
        self.status = status
        self.retry_after = retry_after


class FatalError(PipelineError):
    """A human must act; the same call will fail again."""


class ConfigError(FatalError):
    """A brand file, a setting or a command is wrong; the message names the place and the cure."""


class CredentialError(FatalError):
    """A key is missing, refused or out of credit."""


class TermsError(FatalError):
    """A source's terms have not been declared as met by the tenant."""


class SchemaError(FatalError):
    """An answer, a file or a database no longer has the shape this version reads."""


class CheckError(FatalError):
    """A check on the figures failed: the night was rolled back and nothing was published."""


class RetriableError(PipelineError):
    """The same call may succeed later."""


class RateLimitedError(RetriableError):
    """The other side asked to wait; `retry_after` says how long when it is known."""


class UnavailableError(RetriableError):
    """The other side failed: server error, reset, timeout or truncated answer."""


class BusyError(RetriableError):
    """Another process holds the lock, or the database is busy."""


class BudgetError(RetriableError):
    """The budget of this month would be overspent by the next call, so it was not made."""


class SkippableError(PipelineError):
    """One post, line or page is lost; it is counted in the ledger and the work goes on."""

    reason = "skipped"


class MalformedError(SkippableError):
    """One post, line or page cannot be read."""

    reason = "malformed"


class GoneError(SkippableError):
    """The post was deleted, made private or withheld."""

    reason = "gone"
