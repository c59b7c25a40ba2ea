"""Every error this package raises on purpose.

CampusError
├── UsageError            the caller's words are off (exit code 2)
├── SettingsError         a setting is missing, wrong, or unsafe where it is used
│   └── SourcesError      sources.toml is wrong; carries every problem found, not only the first
├── HomeError             the data home is missing, locked or damaged
├── AuthorityError        a change to the annexes is wrong; carries every problem found
├── ContractError         a contract is wrong; carries every problem found, not only the first
├── SimulationError       the synthetic college cannot be made as asked
├── IngestError           the inbox or the lake cannot be worked on
│   └── FileRefused       one file is refused whole (reason code + message); others go on
├── PullError             a source database cannot be read, or does not hold what it should
├── TransformError        dbt could not run, or a model or a severity-error test failed
├── ReleaseError          a candidate may not be published, or a release cannot be opened
├── MailError             the college's mail server cannot be used
├── PaperError            a form cannot be printed: no Chinese font, or a template that fails
├── StateError            the state database is missing, too new, or refuses a change
├── AccessError           somebody asked for what they may not have
│   ├── NotSignedIn       no session, an ended one, or a token that does not verify (HTTP 401)
│   │   └── NotAdmitted   known to the identity provider, but to nobody here (HTTP 401)
│   │       └── NothingKept  left, and the retention of all that was held is over (HTTP 401)
│   ├── Forbidden         signed in, but policy says no (HTTP 403)
│   ├── NotFound          nothing there that this person may know of (HTTP 404)
│   ├── Conflict          what it was decided on has changed meanwhile (HTTP 409)
│   ├── QueryCancelled    ended by whoever had started it (HTTP 409)
│   ├── QueryBusy         no slot for one more query at this moment (HTTP 429)
│   ├── TooOften          asked for again before its time (HTTP 429)
│   └── QueryRefused      a statement that is not run (HTTP 400)
│       ├── QueryFailed   one that was run, and that the engine gave up (HTTP 400)
│       └── QueryLimit    stopped by a limit: time, memory, rows, bytes (HTTP 413)
├── QueryUnconfined       this machine cannot confine a query, so none is run (HTTP 503)
├── AuditUnavailable      the audit log cannot be written, so nothing personal is served (HTTP 503)
└── SealError             a daily seal of the log is missing, damaged, or differs from the log

A message names system, table, column, what was expected, what was found and what to do next.
It never holds a person's value.
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = [
    "AccessError",
    "AuditUnavailable",
    "AuthorityError",
    "CampusError",
    "Conflict",
    "ContractError",
    "FileRefused",
    "Forbidden",
    "HomeError",
    "IngestError",
    "MailError",
    "NotAdmitted",
    "NotFound",
    "NotSignedIn",
    "NothingKept",
    "PaperError",
    "PullError",
    "QueryBusy",
    "QueryCancelled",
    "QueryFailed",
    "QueryLimit",
    "QueryRefused",
    "QueryUnconfined",
    "ReleaseError",
    "SealError",
    "SettingsError",
    "SimulationError",
    "SourcesError",
    "StateError",
    "TooOften",
    "TransformError",
    "UsageError",
    "place_of",
]


def place_of(error: BaseException) -> str:
    """Kind and place of an error nobody foresaw, without its words, which may quote data."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "nowhere"
    return f"{type(error).__name__} at {place}"


class CampusError(Exception):
    """Base of all errors raised on purpose.

    `next_step` says what the reader can do about it; the command line and the pages show it
    after the message. `exit_code` is what a command ends with (1 data or policy failure, 2 usage).
    """

    exit_code = 1

    def __init__(self, message: str, *, next_step: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}" if self.next_step else self.message


class UsageError(CampusError):
    exit_code = 2


class SettingsError(CampusError):
    exit_code = 2


class SourcesError(SettingsError):
    """`problems` holds one line per fault of sources.toml: key, what is wrong."""

    def __init__(self, file: str, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{file} has {len(self.problems)} problem(s):\n"
            + "\n".join(f"{file}: {problem}" for problem in self.problems),
            next_step="Mend them all, then look with: campus pull --dry-run (see docs/pull.md)",
        )


class HomeError(CampusError):
    pass


class AuthorityError(CampusError):
    """`problems` holds one line per fault of a file of changes: entry, what is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{len(self.problems)} problem(s) in the changes to the annexes:\n"
            + "\n".join(self.problems),
            next_step="Mend them all; see the examples in warehouse/authority/changes.yaml.",
        )


class ContractError(CampusError):
    """`problems` holds one line per fault: file, place, what is wrong."""

    def __init__(self, problems: Sequence[str], *, next_step: str | None = None) -> None:
        self.problems = tuple(problems)
        super().__init__(
            f"{len(self.problems)} contract problem(s):\n" + "\n".join(self.problems),
            next_step=next_step,
        )


class SimulationError(CampusError):
    pass


class IngestError(CampusError):
    pass


class FileRefused(IngestError):
    """A file that is refused whole.

    `reason` is one of structure, unreadable, too_many_refused, mass_deletion, undeclared.
    `row_count` is the number of data rows where the file could be read that far, else None.
    """

    def __init__(
        self,
        reason: str,
        message: str,
        *,
        row_count: int | None = None,
        next_step: str | None = None,
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.reason = reason
        self.row_count = row_count


class PullError(CampusError):
    """Why a table, or a whole source, was not pulled.

    `reason` is one of unreachable, silent, login, structure, statement, value, secret, busy,
    driver, disk, state, interrupted. `retry` says that the same may succeed in a moment.
    """

    def __init__(
        self, reason: str, message: str, *, next_step: str | None = None, retry: bool = False
    ) -> None:
        super().__init__(message, next_step=next_step)
        self.reason = reason
        self.retry = retry


class TransformError(CampusError):
    pass


class ReleaseError(CampusError):
    pass


class MailError(CampusError):
    pass


class PaperError(CampusError):
    status = 503


class StateError(CampusError):
    pass


class AccessError(CampusError):
    status = 403


class NotSignedIn(AccessError):
    status = 401


class NotAdmitted(NotSignedIn):
    pass


class NothingKept(NotAdmitted):
    pass


class Forbidden(AccessError):
    status = 403


class NotFound(AccessError):
    status = 404


class Conflict(AccessError):
    status = 409


class QueryCancelled(AccessError):
    status = 409


class QueryBusy(AccessError):
    status = 429


class TooOften(AccessError):
    status = 429


class QueryRefused(AccessError):
    status = 400


class QueryFailed(QueryRefused):
    pass


class QueryLimit(QueryRefused):
    status = 413


class QueryUnconfined(CampusError):
    status = 503


class AuditUnavailable(CampusError):
    status = 503


class SealError(CampusError):
    pass
