"""The gateway sends notices every minute, beside answering, where a mail server is set."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from warehouse.access.briefing_mail import send_when_due
from warehouse.access.desk import Desk
from warehouse.access.mail import send_notices
from warehouse.access.reminders import remind
from warehouse.errors import CampusError, place_of

__all__ = ["sending_mail"]

_LOG = logging.getLogger("warehouse.gateway")
_SECONDS = 60.0


def send_round(desk: Desk) -> None:
    """Queue reminders, send what is due, and once a month the briefing."""
    remind(desk)
    send_notices(desk)
    send_when_due(desk)


@contextmanager
def sending_mail(
    desk: Desk, *, every: float = _SECONDS, work: Callable[[Desk], None] = send_round
) -> Iterator[None]:
    """Send in a thread of its own while the block lasts; nothing where no mail server is set.

    What fails is in the log by kind and place, and is tried again a minute later.
    """
    if desk.settings.smtp_host is None:
        yield
        return
    ended = threading.Event()

    def run() -> None:
        while not ended.wait(every):
            try:
                work(desk)
            except CampusError as error:
                _LOG.error("notices were not sent: %s", error.message)
            except Exception as error:
                _LOG.error("notices were not sent: %s", place_of(error))

    thread = threading.Thread(target=run, name="notices", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join(timeout=5)
