"""The door: every request passes here first, and every answer leaves through here.

In this order: the Host must be ours (else another site's name points at this machine: DNS rebinding); a request that
another site's page started is refused; the body is bounded; whoever has no cookie must bring the token of the opened
address, or, where the page is public, the password. What is refused says why in one line and gives nothing away.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs

from starlette.exceptions import HTTPException

from exitvoice.web.security.headers import with_headers
from exitvoice.web.security.rates import Rate
from exitvoice.web.security.visitors import UNKNOWN, Visitor, visitor_of
from exitvoice.web.settings import Settings

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ENTER = "/enter"
DOOR = frozenset({ENTER, *(f"/static/{name}" for name in ("style.css", "theme.js", "figures.js", "page.js"))})
"""What a public page shows to everybody: the door, and the files by which it looks like one."""
UPLOAD = "/worlds"
_SAFE = frozenset({"GET", "HEAD"})
_KNOWN = _SAFE | {"POST"}
_NAVIGATIONS = frozenset({"document", ""})
FROM_ELSEWHERE = "This request was started by another page, so it is refused."
IN_CLEAR = "This page is to be asked over TLS only: write https:// before its address."
TOO_LARGE = "The request is larger than this page takes; a scenario may have 600 KiB."
_PATIENCE = 2.0
"""Seconds that a request which is refused may take to come in."""
_LONGEST_PATH = 512
_LONGEST_QUERY = 4096


class Sessions:
    """Cookies that were handed out; a restart forgets them."""

    def __init__(self, most: int = 10_000) -> None:
        self._most = most
        self._known: dict[str, None] = {}

    def new(self) -> str:
        """Make a cookie's value."""
        made = secrets.token_urlsafe(32)
        self._known[made] = None
        while len(self._known) > self._most:
            self._known.pop(next(iter(self._known)))
        return made

    def __contains__(self, value: object) -> bool:
        return value in self._known


class Guard:
    """Wraps the whole application."""

    def __init__(self, app: App, settings: Settings, sessions: Sessions) -> None:
        self._app, self._settings, self._sessions = app, settings, sessions
        bounds = settings.bounds
        self._requests = Rate(bounds.requests_a_minute, 60.0)
        self._tries = Rate(bounds.tries_a_minute, 60.0)
        self._all_tries = Rate(bounds.all_tries_a_minute, 60.0)
        self._jobs = Rate(bounds.jobs_an_hour, 3600.0)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or say why not."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # there are no web sockets here
            await send({"type": "websocket.close", "code": 1008})
            return
        refused = self._refusal(scope)
        if refused is not None:
            await self._hear_out(scope, receive)
            await self._answer(send, *refused)
            return
        if self._brings_token(scope):
            await self._answer(send, 303, "", self._entry())
            return
        if not self._is_known(scope) and not (self._settings.public and scope["path"] in DOOR):
            await self._hear_out(scope, receive)
            await self._turn_away(send)
            return
        await self._pass_on(scope, receive, send)

    def _refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Return status and reason where a request is refused before anything is looked up."""
        hosts = _all(scope, b"host")
        if len(hosts) != 1 or hosts[0].lower() not in self._settings.hosts:
            return 421, "This page answers only to its own address."
        if scope["method"] not in _KNOWN:
            return 405, "This page knows GET, HEAD and POST."
        if len(scope["path"]) > _LONGEST_PATH or len(scope.get("query_string", b"")) > _LONGEST_QUERY:
            return 414, "The address is too long."
        visitor = self._visitor(scope)
        if visitor.is_in_clear or not self._is_from_here(scope):
            return 403, IN_CLEAR if visitor.is_in_clear else FROM_ELSEWHERE
        if _is_announced_too_large(scope, self._most_bytes(scope)):
            return 413, TOO_LARGE
        return self._too_often(scope, visitor.address)

    def _visitor(self, scope: Scope) -> Visitor:
        peer = str((scope.get("client") or (UNKNOWN,))[0])
        forwarded, schemes = _all(scope, b"x-forwarded-for"), _all(scope, b"x-forwarded-proto")
        return visitor_of(peer, forwarded, schemes, is_behind_proxy=self._settings.is_secure)

    def _is_from_here(self, scope: Scope) -> bool:
        origins, sites = _all(scope, b"origin"), _all(scope, b"sec-fetch-site")
        if len(origins) > 1 or len(sites) > 1:
            return False
        site = sites[0] if sites else ""
        if scope["method"] in _SAFE:
            if origins and origins[0].lower() not in self._settings.origins:
                return False
            is_navigation = "".join(_all(scope, b"sec-fetch-mode")) == "navigate"
            target = "".join(_all(scope, b"sec-fetch-dest"))
            is_opened = is_navigation and target in _NAVIGATIONS
            return site in ("", "same-origin", "none") or is_opened
        if origins:
            return origins[0].lower() in self._settings.origins and site in ("", "same-origin")
        return site == "same-origin"

    def _too_often(self, scope: Scope, address: str) -> tuple[int, str] | None:
        if not self._settings.public:
            return None
        if not self._requests.allows(address):
            return 429, "Too many requests from this address; wait a minute."
        if scope["method"] == "POST":
            if scope["path"] == ENTER:
                if not (self._tries.allows(address) and self._all_tries.allows("everybody")):
                    return 429, "Too many tries from this address; wait a minute."
            elif not self._jobs.allows(address):
                return 429, "Too many orders from this address; wait some minutes."
        return None

    def _most_bytes(self, scope: Scope) -> int:
        bounds = self._settings.bounds
        return bounds.upload if scope["path"] == UPLOAD else bounds.body

    def _brings_token(self, scope: Scope) -> bool:
        if (
            self._settings.public
            or scope["method"] not in _SAFE
            or b"token=" not in scope.get("query_string", b"")
        ):
            return False
        given = parse_qs(scope["query_string"].decode("latin-1")).get("token", [])
        token = self._settings.token
        return len(given) == 1 and hmac.compare_digest(given[0].encode(), token.encode())

    def _entry(self) -> list[tuple[bytes, bytes]]:
        """Hand out the cookie, and send the browser on to the same page without the token."""
        return [(b"location", b"/"), (b"set-cookie", self.cookie().encode("ascii"))]

    def cookie(self) -> str:
        """Return the header that hands out a new cookie."""
        secure = "; Secure" if self._settings.is_secure else ""
        name, value = self._settings.cookie, self._sessions.new()
        return f"{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000{secure}"

    def _is_known(self, scope: Scope) -> bool:
        for header in _all(scope, b"cookie"):
            try:
                found = SimpleCookie(header).get(self._settings.cookie)
            except CookieError:
                continue
            if found is not None and found.value in self._sessions:
                return True
        return False

    async def _hear_out(self, scope: Scope, receive: Receive) -> None:
        """Take in what is refused anyway if it is short: where a connection is closed on it the answer may be lost."""
        most, came = self._settings.bounds.body, 0
        if scope["method"] != "POST" or _is_announced_too_large(scope, most):
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                while came <= most:
                    message = await receive()
                    came += len(message.get("body", b""))
                    if not message.get("more_body", False):
                        return

    async def _turn_away(self, send: Send) -> None:
        if self._settings.public:
            await self._answer(send, 303, "", [(b"location", ENTER.encode())])
        else:
            await self._answer(
                send, 403, "Open the address that the terminal shows: it carries the key to this page."
            )

    async def _pass_on(self, scope: Scope, receive: Receive, send: Send) -> None:
        most, came = self._most_bytes(scope), 0

        async def bounded() -> Message:
            nonlocal came
            message = await receive()
            came += len(message.get("body", b""))
            if came > most:  # more than was announced, or nothing was announced
                raise HTTPException(413, TOO_LARGE)
            return message

        async def dressed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": self._dress(list(message.get("headers", ())))}
            await send(message)

        scope.setdefault("state", {})["new_cookie"] = self.cookie
        await self._app(scope, bounded, dressed)

    async def _answer(
        self, send: Send, status: int, text: str, headers: list[tuple[bytes, bytes]] | None = None
    ) -> None:
        body = f"{text}\n".encode() if text else b""
        given = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(body)).encode()),
            *(headers or []),
        ]
        await send({"type": "http.response.start", "status": status, "headers": self._dress(given)})
        await send({"type": "http.response.body", "body": body})

    def _dress(self, given: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
        return with_headers(given, is_secure=self._settings.is_secure)


def _all(scope: Scope, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _is_announced_too_large(scope: Scope, most: int) -> bool:
    announced = _all(scope, b"content-length")
    return any(not length.isdigit() or int(length) > most for length in announced)
