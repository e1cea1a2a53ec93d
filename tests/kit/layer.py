"""What the channel layer carries, heard from outside: the news for boards, and the answers for one page."""

import asyncio
from typing import Any, Self

from channels.layers import get_channel_layer

from lots.bridge.messages import BOARDS, News, Progress

PATIENCE = 30.0
"""Seconds to wait for something that should happen at once."""


class Ear:
    """Listens as a hub does. ``heard`` is every news item in order, the bridge's beats left out unless asked for."""

    def __init__(self) -> None:
        self.layer = get_channel_layer()
        self.channel = ""
        self.heard: list[News] = []

    async def listen(self) -> Self:
        self.channel = await self.layer.new_channel("ear")
        await self.layer.group_add(BOARDS, self.channel)
        return self

    async def next(self) -> News:
        """The next news item of any kind."""
        async with asyncio.timeout(PATIENCE):
            message: dict[str, Any] = await self.layer.receive(self.channel)
        news: News = message["news"]
        if news["kind"] != "beat":
            self.heard.append(news)
        return news

    async def until(self, kind: str) -> Any:
        """The next news item of this kind."""
        async with asyncio.timeout(PATIENCE):
            while (news := await self.next())["kind"] != kind:
                pass
        return news


class Pages:
    """The reply channel of a web process: what the pages behind it are told."""

    def __init__(self) -> None:
        self.layer = get_channel_layer()
        self.channel = "hub.inmemory!pages"

    async def next(self) -> Progress:
        """The next progress of any order."""
        async with asyncio.timeout(PATIENCE):
            message: dict[str, Any] = await self.layer.receive(self.channel)
        progress: Progress = message["progress"]
        return progress

    async def codes(self, *, until: set[str]) -> list[str]:
        """The codes heard, up to and with the first that is in ``until``."""
        codes: list[str] = []
        while not codes or codes[-1] not in until:
            codes.append((await self.next())["code"])
        return codes
