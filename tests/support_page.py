"""A real server of the page for tests: on a port of its own, with a folder of its own."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import uvicorn

from exitvoice.web import Settings, create_app


def free_port() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


@contextmanager
def serving(folder: Path, *, with_workers: bool = False, **more: object) -> Iterator[Settings]:
    """Serve from a thread of this process until the end of the block."""
    settings = Settings(folder=folder, port=free_port(), **more)  # type: ignore[arg-type]
    app = create_app(settings, with_workers=with_workers)
    config = uvicorn.Config(
        app, port=settings.port, log_level="error", server_header=False, date_header=False, lifespan="on",
        ws="none", timeout_graceful_shutdown=1,
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    try:
        yield settings
    finally:
        server.should_exit = True
        thread.join(timeout=20)


@contextmanager
def visitor(settings: Settings, *, is_known: bool = True) -> Iterator[httpx.Client]:
    """Ask as a browser that has opened the address would; without the key if not known."""
    origin = f"http://127.0.0.1:{settings.port}"
    with httpx.Client(
        base_url=origin, headers={"origin": origin}, timeout=30.0, trust_env=False, verify=False
    ) as client:
        if is_known:
            client.get(f"/?token={settings.token}")
        yield client


def wait_until(is_so: Callable[[], bool], seconds: float = 120.0) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it did not come to that in time"
        time.sleep(0.05)
