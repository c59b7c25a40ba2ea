"""The gateway: the only process that opens released data and answers for it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from sqlalchemy.exc import SQLAlchemyError
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from warehouse.access.archives import Archives
from warehouse.access.desk import Desk
from warehouse.access.granted_sql import SqlRunner
from warehouse.access.identity import TokenVerifier
from warehouse.access.office_signature import office_keys
from warehouse.access.reader import Reader
from warehouse.access.sessions import Sessions
from warehouse.access.signing import Signing
from warehouse.audit import Audit, head_file, job
from warehouse.audit.configuration import note_configuration
from warehouse.errors import AuditUnavailable, CampusError, place_of
from warehouse.gateway import (
    application_routes,
    archive_routes,
    audit_routes,
    care_routes,
    correction_routes,
    correction_steps,
    delegation_routes,
    draft_routes,
    export_routes,
    former_routes,
    grant_routes,
    hand_in_routes,
    history_routes,
    oa_routes,
    own_routes,
    paper_routes,
    paper_signature_routes,
    personal_routes,
    protection_routes,
    session_routes,
    signing_routes,
    sql_routes,
    statistics_routes,
    transaction_routes,
    undertaking_routes,
    unit_routes,
    use_routes,
)
from warehouse.gateway.answers import (
    answer,
    error_answer,
    on_campus_error,
    on_state_error,
    on_unexpected_error,
)
from warehouse.gateway.guard import Services
from warehouse.gateway.kept_answers import KeptAnswers
from warehouse.gateway.mail_thread import sending_mail
from warehouse.settings import Settings
from warehouse.state import open_state

__all__ = ["create_app"]

_LOG = logging.getLogger("warehouse.gateway")


def create_app(
    settings: Settings,
    *,
    reader: Reader | None = None,
    verifier: TokenVerifier | None = None,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
) -> Starlette:
    """The application over one data home.

    `reader`, `verifier` and `clock` replace the release reader, the token verifier and the time
    (UTC) in tests.
    """
    if reader is None:
        from warehouse.release.reader import ReleaseReader

        reader = ReleaseReader(settings)
    engine = open_state(settings)
    audit = Audit(engine, head_file(settings.paths), clock=clock)
    verifier = verifier or TokenVerifier(settings)
    found = Services(
        settings=settings,
        engine=engine,
        reader=reader,
        audit=audit,
        sessions=Sessions(engine, reader, verifier, audit, settings, clock=clock),
        sql=SqlRunner(settings, engine, reader, audit, clock=clock),
        signing=Signing(engine, reader, settings.paths),
        kept=KeptAnswers(),
        clock=clock,
    )

    archives = Archives(settings, engine, reader, audit, clock=clock)
    postman = Desk(settings, engine, reader, audit, "job:notices", clock=clock)

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        found.sql.open()
        try:
            archives.open()
            note_configuration(audit, settings, "gateway", job("gateway"))
        except (
            AuditUnavailable,
            SQLAlchemyError,
        ) as error:  # public figures are served all the same
            _LOG.error("%s", error if isinstance(error, AuditUnavailable) else place_of(error))
        try:
            with sending_mail(postman):
                yield
        finally:
            archives.close()
            found.sql.close()
            close = getattr(reader, "close", None)
            if close is not None:
                close()
            engine.dispose()

    app = Starlette(
        routes=[
            Route("/healthz", healthz, methods=["GET"]),
            *session_routes.ROUTES,
            *statistics_routes.ROUTES,
            *export_routes.ROUTES,
            *history_routes.ROUTES,
            *signing_routes.ROUTES,
            # Before the pages, whose address takes any name.
            *use_routes.ROUTES,
            *care_routes.ROUTES,
            *former_routes.ROUTES,
            *protection_routes.ROUTES,
            *personal_routes.ROUTES,
            *own_routes.ROUTES,
            *archive_routes.ROUTES,
            *transaction_routes.ROUTES,
            *hand_in_routes.ROUTES,
            *paper_routes.ROUTES,
            *paper_signature_routes.ROUTES,
            *oa_routes.ROUTES,
            *sql_routes.ROUTES,
            *draft_routes.ROUTES,
            *application_routes.ROUTES,
            *undertaking_routes.ROUTES,
            *grant_routes.ROUTES,
            *unit_routes.ROUTES,
            *delegation_routes.ROUTES,
            *audit_routes.ROUTES,
            *correction_routes.ROUTES,
            *correction_steps.ROUTES,
        ],
        exception_handlers={
            CampusError: on_campus_error,
            SQLAlchemyError: on_state_error,
            HTTPException: _on_http_error,
            Exception: on_unexpected_error,
        },
        lifespan=lifespan,
    )
    app.state.services = found
    app.state.archives = archives
    app.state.office = oa_routes.Office(found, office_keys(settings))
    return app


async def healthz(_request: Request) -> Response:
    """Alive. It touches no data and no state, so it also answers when the audit does not."""
    return answer({"status": "ok"})


async def _on_http_error(_request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    code = {404: "not_found", 405: "method_not_allowed"}.get(status, "request")
    return error_answer(status, code, "There is nothing at this address.")
