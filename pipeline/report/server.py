"""Opens the mail server: encrypted, its certificate checked, logged in; what goes wrong is told in our own errors."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from pipeline.errors import ConfigError, CredentialError, PipelineError, UnavailableError
from pipeline.report.relay import Relay


@contextmanager
def connected(relay: Relay) -> Iterator[smtplib.SMTP]:
    """A connection that is encrypted, whose certificate was checked, and that is logged in."""
    smtp = _open(relay)
    try:
        yield smtp
    finally:
        with suppress(OSError, smtplib.SMTPException):
            smtp.quit()
        smtp.close()


def _open(relay: Relay) -> smtplib.SMTP:
    trust = ssl.create_default_context(cafile=relay.ca) if relay.tls != "none" else None
    smtp: smtplib.SMTP | None = None
    try:
        if relay.tls == "tls":
            smtp = smtplib.SMTP_SSL(relay.host, relay.port, timeout=relay.timeout_s, context=trust)
        else:
            smtp = smtplib.SMTP(relay.host, relay.port, timeout=relay.timeout_s)
        if relay.tls == "starttls":
            # Raises when the server does not offer it: a password is never sent in clear because someone asked so.
            smtp.starttls(context=trust)
        if relay.user:
            smtp.login(relay.user, relay.password)
        smtp.ehlo_or_helo_if_needed()
        return smtp
    except (OSError, smtplib.SMTPException) as error:
        if smtp is not None:
            smtp.close()
        raise _translated(error, relay) from error


def _translated(error: OSError | smtplib.SMTPException, relay: Relay) -> PipelineError:
    """The error in our own tree, with the server's name and without what it said: answers quote addresses."""
    where = f"{relay.host}:{relay.port}"
    if isinstance(error, smtplib.SMTPAuthenticationError) and error.smtp_code >= 500:
        return CredentialError(f"{where} refuses the account: check RAYONNER_SMTP_USER and RAYONNER_SMTP_PASSWORD")
    if isinstance(error, ssl.SSLCertVerificationError):
        return ConfigError(f"the certificate of {where} is not trusted: {error.verify_message}; see RAYONNER_SMTP_CA")
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return ConfigError(f"{where} does not offer what is asked of it ({relay.tls}, login); see RAYONNER_SMTP_TLS")
    return UnavailableError(f"the mail server {where} does not answer: {type(error).__name__}")
