"""Start the server on this machine and say where it is."""

from __future__ import annotations

import socket

import uvicorn

from exitvoice.errors import OutputError
from exitvoice.web.app import create_app
from exitvoice.web.settings import Settings

GRACE_SECONDS = 3
BACKLOG = 2048


def serve(settings: Settings) -> None:
    """Serve until Ctrl-C; jobs under way wait for the next start.

    Raises
    ------
    OutputError
        If the port is taken, or another server works in the folder.
    """
    app = create_app(settings)
    listening = _listen(settings)
    config = uvicorn.Config(
        app, log_level="warning", access_log=False, server_header=False, date_header=False, proxy_headers=False,
        timeout_graceful_shutdown=GRACE_SECONDS, timeout_keep_alive=120, backlog=BACKLOG, ws="none", lifespan="on",
    )  # fmt: skip
    uvicorn.Server(config).run(sockets=[listening])


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((settings.host, settings.port))
    except OSError as problem:
        made.close()
        raise OutputError(
            f"cannot listen on port {settings.port} of {settings.host}: {problem.strerror}; choose another one with "
            "--port, or another address of this machine with --listen"
        ) from problem
    return made
