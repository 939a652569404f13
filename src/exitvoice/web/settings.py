"""What the page is told when it starts: where it keeps its things, who may come in, how much may be asked."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from exitvoice.errors import InputError
from exitvoice.web.security.password import PasswordHash

LOOPBACK = ("127.0.0.1", "localhost", "[::1]")


@dataclass(frozen=True)
class Bounds:
    """How much one visitor may ask of the machine. All are assumed: what a laptop of 8 GB bears.

    Attributes
    ----------
    person_steps : float
        Simulated persons x steps x runs of one job.
    persons : int
        Simulated persons of one run.
    runs : int
        Runs of one job.
    workers : int
        Jobs at a time, each in a process of its own.
    waiting : int
        Jobs that may wait.
    kept : int
        Jobs that are over and kept; only where the page is public.
    memory : int
        Bytes of data a worker process may hold.
    body, upload : int
        Bytes of a request; of one that brings a scenario.
    own_worlds : int
        Scenarios that visitors have brought.
    requests_a_minute, tries_a_minute, jobs_an_hour : int
        From one visitor; only where the page is public.
    all_tries_a_minute : int
        Tries of the password by all visitors together: each costs 32 MiB and a tenth of a second.
    """

    person_steps: float = 6e9
    persons: int = 5_000_000
    runs: int = 2_000
    workers: int = 1
    waiting: int = 200
    kept: int = 1_000
    memory: int = 4 * 2**30
    body: int = 64 * 1024
    upload: int = 640 * 1024
    own_worlds: int = 100
    requests_a_minute: int = 600
    tries_a_minute: int = 5
    jobs_an_hour: int = 30
    all_tries_a_minute: int = 60


@dataclass(frozen=True)
class Settings:
    """One server.

    Attributes
    ----------
    folder : Path
        Where jobs, own worlds and results are kept; only the owner may read it.
    port : int
    board : Path or None
        A claims board of `exitvoice claims` to show.
    token : str
        What the opened address must carry; drawn anew at each start.
    public : str or None
        The address by which visitors reach a public page (`https://lab.example.org`); None for this machine only.
    password : PasswordHash or None
        Needed where the page is public.
    listen : str or None
        Address of this machine at which it listens. If not given: where visitors come over TLS, loopback, as the proxy
        that speaks it is the only one that may ask; every address where the page is public without; else loopback.
    """

    folder: Path
    port: int = 8765
    board: Path | None = None
    token: str = field(default_factory=lambda: secrets.token_urlsafe(32), repr=False)
    public: str | None = None
    password: PasswordHash | None = field(default=None, repr=False)
    bounds: Bounds = field(default_factory=Bounds)
    listen: str | None = None

    def __post_init__(self) -> None:
        if self.public is not None and self.password is None:
            raise InputError.of(
                "--public", "a public page needs a password", why="anybody who finds it could use this machine",
                mend="write one with `exitvoice serve --set-password FILE` and name it with --password-file FILE",
            )  # fmt: skip
        if self.public is not None and not _is_origin(self.public):
            raise InputError.of(
                "--public", f"{self.public!r} is not an address", why="requests are held against it",
                mend="write it as visitors see it, such as https://lab.example.org",
            )  # fmt: skip
        if self.listen is not None and self.public is None:
            raise InputError.of(
                "--listen", "a page for this machine alone listens at loopback", why="others shall not reach it",
                mend="leave it out, or let others in with --public and --password-file",
            )  # fmt: skip

    @property
    def origins(self) -> frozenset[str]:
        """Scheme, host and port under which the page may be asked; everything else is refused."""
        if self.public is not None:
            return frozenset({_origin(self.public)})
        return frozenset(f"http://{host}:{self.port}" for host in LOOPBACK)

    @property
    def hosts(self) -> frozenset[str]:
        """What a request may have as its Host."""
        return frozenset(origin.partition("//")[2] for origin in self.origins)

    @property
    def is_secure(self) -> bool:
        """Whether visitors come over TLS, so that the cookie may say so."""
        return bool(self.public and self.public.startswith("https://"))

    @property
    def host(self) -> str:
        """Address of this machine at which it listens."""
        return self.listen or ("0.0.0.0" if self.public and not self.is_secure else "127.0.0.1")

    @property
    def cookie(self) -> str:
        """Name of the cookie: browsers share cookies between the ports of a host, so it names the port.

        Over TLS its name lets browsers take it from this very host only, and only over TLS (RFC 6265bis, `__Host-`).
        """
        return f"{'__Host-' if self.is_secure else ''}exitvoice-{self.port}"

    @property
    def address(self) -> str:
        """The address to open."""
        return self.public or f"http://127.0.0.1:{self.port}/?token={self.token}"

    def prepare(self) -> None:
        """Make the folder, for its owner alone."""
        self.folder.mkdir(parents=True, exist_ok=True)
        os.chmod(self.folder, 0o700)


def _origin(public: str) -> str:
    """Return an address as browsers write it: in small letters, without the port that its scheme has anyway."""
    parts = urlsplit(public.rstrip("/").lower())
    usual = {"http": ":80", "https": ":443"}[parts.scheme]
    return f"{parts.scheme}://{parts.netloc.removesuffix(usual)}"


def _is_origin(text: str) -> bool:
    parts = urlsplit(text)
    return (
        parts.scheme in ("http", "https")
        and bool(parts.hostname)
        and parts.path in ("", "/")
        and not parts.query
        and "@" not in parts.netloc
    )
