"""dbt's documentation of the models: what is made of what, by whom it is owned, what is checked.

It is made from the working file's catalog (names and types, never rows) and the project, as one
static page that fetches nothing.
"""

from __future__ import annotations

import http.server
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from warehouse.errors import HomeError, UsageError
from warehouse.settings import Settings

__all__ = ["Address", "build_pages", "serve_pages"]


def _page(settings: Settings) -> Path:
    return settings.paths.root / "lineage.html"


def build_pages(settings: Settings, out: Path | None = None) -> Path:
    """Write the page and return its path. Raises `HomeError` before the first build."""
    from warehouse.dbt_process import write_docs

    home = settings.paths.require()
    if not home.warehouse_file.is_file():
        raise HomeError(
            "There is no working file to document yet.", next_step="Run: campus refresh"
        )
    target = out or _page(settings)
    made = write_docs(home.warehouse_file, settings)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(made, target)
    return target


class Address(str):
    """Where the page is served; `wait` returns when the serving ends."""

    def wait(self) -> None:
        with suppress(KeyboardInterrupt):
            threading.Event().wait()


@contextmanager
def serve_pages(settings: Settings, port: int) -> Iterator[Address]:
    """Serve the page on loopback, at `/` and nothing else. Port 0 takes a free one."""
    page = _page(settings)
    if not page.is_file():
        build_pages(settings)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path != "/":
                self.send_error(404)
                return
            content = page.read_bytes()
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Nobody keeps a log of who looked at models."""

    try:
        server = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    except OSError:
        raise UsageError(
            f"Port {port} is taken.", next_step="Choose another with --port."
        ) from None
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    address = Address(f"http://127.0.0.1:{server.server_address[1]}/")
    try:
        yield address
    finally:
        server.shutdown()
        server.server_close()
