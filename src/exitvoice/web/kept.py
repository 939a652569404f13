"""Pages that are the same for everybody are made once: a thousand visitors ask for them, one waits for the making.

Kept are the worlds, claims, evidence and traces, until a scenario is brought or a board is made. Jobs are never kept.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Hashable

from exitvoice.web.security.guard import App, Message, Receive, Scope, Send

PLACES = ("/worlds/", "/claims", "/evidence", "/trace/", "/run", "/twins")
MOST_BYTES = 64 * 2**20
_Answer = tuple[Message, ...]


class Kept:
    """Answers what was answered before; stands behind the door.

    Parameters
    ----------
    app : callable
    edition : callable
        Returns something that changes when the pages change.
    """

    def __init__(self, app: App, edition: Callable[[], Hashable]) -> None:
        self._app, self._edition = app, edition
        self._answers: OrderedDict[tuple[Hashable, bytes, bytes], _Answer] = OrderedDict()
        self._making: defaultdict[tuple[Hashable, bytes, bytes], asyncio.Lock] = defaultdict(asyncio.Lock)
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer from what is kept, or make it."""
        if scope["type"] != "http" or scope["method"] != "GET" or not _may_be_kept(scope["path"]):
            await self._app(scope, receive, send)
            return
        key = (self._edition(), scope["path"].encode(), scope.get("query_string", b""))
        if key not in self._answers:
            async with self._making[key]:  # whoever comes meanwhile waits for the one who makes it
                if key not in self._answers:
                    await self._make(key, scope, receive)
            self._making.pop(key, None)
        for message in self._answers.get(key) or await self._once(scope, receive):
            await send(message)

    async def _make(self, key: tuple[Hashable, bytes, bytes], scope: Scope, receive: Receive) -> None:
        answer = await self._once(scope, receive)
        size = _size(answer)
        if answer[0]["status"] == 200 and size < MOST_BYTES // 8:
            self._answers[key] = answer
            self._bytes += size
        while self._bytes > MOST_BYTES:
            self._bytes -= _size(self._answers.popitem(last=False)[1])

    async def _once(self, scope: Scope, receive: Receive) -> _Answer:
        messages: list[Message] = []

        async def take(message: Message) -> None:
            messages.append(message)

        await self._app(scope, receive, take)
        return tuple(messages)


def _may_be_kept(path: str) -> bool:
    return path == "/" or path.startswith(PLACES)


def _size(answer: _Answer) -> int:
    return sum(len(message.get("body", b"")) for message in answer)
