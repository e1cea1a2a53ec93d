"""A link to no Asterisk: remembers what was asked of it and answers as told."""

import asyncio
from collections import defaultdict
from collections.abc import Sequence

from lots.ami import Reply
from tests.kit.layer import PATIENCE

Headers = list[tuple[str, str]]
Answer = Reply | Exception


class FakeLink:
    """``answers`` by action, ``variables`` by name; what has none is answered with success."""

    def __init__(self) -> None:
        self.is_up = True
        self.version = "11.0.0"
        self.sent: list[tuple[str, Headers]] = []
        self.answers: dict[str, Answer] = {"Getvar": Reply({"Response": "Success", "Value": "NOT_INUSE"})}
        self.variables: dict[str, str] = {}
        self.relisted = asyncio.Event()
        self._asked: dict[str, asyncio.Queue[Headers]] = defaultdict(asyncio.Queue)

    async def run(self) -> None:
        """Until cancelled."""
        await asyncio.Event().wait()

    def relist(self) -> None:
        self.relisted.set()

    async def send(self, action: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
        self.sent.append((action, list(headers)))
        self._asked[action].put_nowait(list(headers))
        answer = self.answers.get(action, Reply({"Response": "Success"}))
        if action == "Getvar" and (value := self.variables.get(dict(headers)["Variable"])) is not None:
            answer = Reply({"Value": value})
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def asked(self, action: str) -> dict[str, str]:
        """The headers of the next ``action``; waits for it to be sent. Of repeated headers the last."""
        async with asyncio.timeout(PATIENCE):
            return dict(await self._asked[action].get())

    def written(self, variable: str) -> list[str]:
        """The values a channel variable was given, in order."""
        asked = [dict(headers) for action, headers in self.sent if action == "Setvar"]
        return [headers["Value"] for headers in asked if headers["Variable"] == variable]

    @property
    def actions(self) -> list[str]:
        """What was sent, in order."""
        return [action for action, _ in self.sent]
