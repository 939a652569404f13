"""Pages that are the same for everybody are made once: a thousand visitors ask for them, one waits for the making.

Kept are the worlds, claims, evidence and traces, until a scenario is brought or a board is made; and the list of jobs,
until a job says something new. A job's own page is never kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable

from exitvoice.web.security.guard import App, Message, Receive, Scope, Send

JOBS = "/jobs"
PLACES = ("/worlds/", "/claims", "/evidence", "/trace/", "/run", "/twins")
MOST_BYTES = 64 * 2**20
OK = 200
_Answer = tuple[Message, ...]
_Key = tuple[bytes, bytes]


class Kept:
    """Answers what was answered before; stands behind the door.

    Parameters
    ----------
    app : callable
    edition, jobs_edition : callable
        Return something that changes when the pages change, and when the list of jobs does.
    """

    def __init__(
        self, app: App, edition: Callable[[], Hashable], jobs_edition: Callable[[], Hashable]
    ) -> None:
        self._app, self._edition, self._jobs_edition = app, edition, jobs_edition
        self._answers: OrderedDict[_Key, tuple[Hashable, _Answer]] = OrderedDict()
        self._making: defaultdict[_Key, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or make it."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _may_be_kept(scope["path"]):
            await self._app(scope, receive, send)
            return
        key = (scope["path"].encode(), scope.get("query_string", b""))
        answer = self._kept(key, scope["path"])
        if answer is None:
            async with self._making[key]:  # whoever comes meanwhile waits for the one who makes it
                answer = self._kept(key, scope["path"]) or await self._make(key, scope, receive)
            self._making.pop(key, None)
        for message in answer:
            await send(message)

    def _edition_of(self, path: str) -> Hashable:
        return self._jobs_edition() if path == JOBS else self._edition()

    def _kept(self, key: _Key, path: str) -> _Answer | None:
        edition, answer = self._answers.get(key, (None, None))
        return answer if answer is not None and edition == self._edition_of(path) else None

    async def _make(self, key: _Key, scope: Scope, receive: Receive) -> _Answer:
        edition = self._edition_of(scope["path"])
        answer = await self._once(scope, receive)
        size = _size(answer)
        if answer[0]["status"] == OK and size < MOST_BYTES // 8:
            self._bytes -= _size(self._answers.pop(key, (None, ()))[1])
            self._answers[key] = (edition, answer)
            self._bytes += size
        while self._bytes > MOST_BYTES:
            self._bytes -= _size(self._answers.popitem(last=False)[1][1])
        return answer

    async def _once(self, scope: Scope, receive: Receive) -> _Answer:
        messages: list[Message] = []

        async def take(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, take)
        return tuple(messages)


def _may_be_kept(path: str) -> bool:
    return path in ("/", JOBS) or path.startswith(PLACES)


def _size(answer: _Answer) -> int:
    return sum(len(message.get("body", b"")) for message in answer)
