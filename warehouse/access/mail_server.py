"""The college's mail server, as the settings name it: one connection for one run."""

from __future__ import annotations

import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.utils import formataddr, formatdate

from warehouse.errors import MailError, SettingsError
from warehouse.settings import Settings

__all__ = ["MailServer", "is_address", "mail_server"]

_PORTS = {"starttls": 587, "tls": 465, "none": 25}
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_SECONDS = 30
#: What a mail server takes as one address; anything else is a typing error in the data.
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])")


def is_address(text: str | None) -> bool:
    """Whether a text can be mailed to as it stands."""
    return bool(text and _ADDRESS.fullmatch(text))


class MailServer:
    """An open connection. `send` raises `smtplib.SMTPException` or `OSError`."""

    def __init__(self, connection: smtplib.SMTP, settings: Settings) -> None:
        self._connection, self._settings = connection, settings

    def send(
        self,
        to: str,
        subject: str,
        text: str,
        *,
        mark: str,
        attached: tuple[str, bytes] | None = None,
    ) -> None:
        """Hand over one mail; when this returns, the server has taken it. `mark` is its own: a
        mail that is sent again bears the same Message-ID, so that servers and programs can tell it
        is the same. `attached` is the name and content of a PDF."""
        sender = str(self._settings.smtp_from)
        message = EmailMessage()
        message["Subject"] = subject
        message["From"] = formataddr((f"{self._settings.school_name}数据中心", sender))
        message["To"] = to
        message["Date"] = formatdate()
        message["Message-ID"] = f"<campus-{mark}@{sender.partition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(text)
        if attached is not None:
            name, content = attached
            message.add_attachment(content, maintype="application", subtype="pdf", filename=name)
        self._connection.send_message(message, from_addr=sender, to_addrs=[to])


@contextmanager
def mail_server(settings: Settings) -> Iterator[MailServer]:
    """Connect, secure, log in. Raises `SettingsError` for settings that do not fit together and
    `MailError` where the server does not answer, is not who it says, or does not let us in."""
    host = _checked(settings)
    port = settings.smtp_port or _PORTS[settings.smtp_security]
    try:
        if settings.smtp_security == "tls":
            context = ssl.create_default_context()
            connection = smtplib.SMTP_SSL(host, port, timeout=_SECONDS, context=context)
        else:
            connection = smtplib.SMTP(host, port, timeout=_SECONDS)
            if settings.smtp_security == "starttls":
                connection.starttls(context=ssl.create_default_context())
        if settings.smtp_user is not None and settings.smtp_password is not None:
            connection.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except (smtplib.SMTPException, OSError) as error:
        raise MailError(
            f"The mail server {host}:{port} cannot be used ({type(error).__name__}).",
            next_step="Check smtp_host, smtp_port, smtp_security, smtp_user and smtp_password; a "
            "certificate of the college's own authority is trusted through SSL_CERT_FILE.",
        ) from None
    try:
        yield MailServer(connection, settings)
    finally:
        try:
            connection.quit()
        except (smtplib.SMTPException, OSError):
            connection.close()


def _checked(settings: Settings) -> str:
    problems = []
    if not settings.smtp_host:
        problems.append("smtp_host is not set")
    if not is_address(settings.smtp_from):
        problems.append("smtp_from must be the address that notices come from")
    if (settings.smtp_user is None) != (settings.smtp_password is None):
        problems.append("smtp_user and smtp_password belong together")
    if settings.smtp_security == "none" and settings.smtp_host not in _LOOPBACK:
        problems.append("smtp_security may be none for a server on this machine only")
    if problems:
        raise SettingsError(
            "Mail cannot be sent: " + "; ".join(problems) + ".",
            next_step="See docs/operations.md, Mail.",
        )
    return str(settings.smtp_host)
