"""All of Asterisk's channels, asked for together: however many pages watch, it is one ``CoreShowChannels`` a second."""

import asyncio
from collections.abc import Mapping, Sequence
from time import monotonic
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

LEAST = 1.0
"""Seconds between two questions."""


class Channels:
    """What is answered is never older than the question it answers."""

    def __init__(self, bridge: "Bridge") -> None:
        self._bridge = bridge
        self._lock = asyncio.Lock()
        self._asked = -LEAST
        self._items: Sequence[Mapping[str, str]] = ()

    async def look(self) -> Sequence[Mapping[str, str]]:
        """Asterisk's channels, as of now or of a moment later. Raises ``AmiError``."""
        wanted = monotonic()
        async with self._lock:
            if self._asked < wanted:
                await asyncio.sleep(max(0.0, self._asked + LEAST - monotonic()))
                self._asked = monotonic()
                self._items = (await self._bridge.link.send("CoreShowChannels")).items
            return self._items
