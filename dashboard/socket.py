"""A browser's socket as the hub sees it."""

import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress

from dashboard.rights import Rights, Viewer
from lots.bridge.messages import NoticeFacts, OwnFacts


class Socket:
    """One open board. Sending to a browser that has gone is no error: its consumer is about to say so."""

    def __init__(
        self,
        viewer: Viewer,
        rights: Rights,
        send: Callable[[str], Awaitable[None]],
        close: Callable[[int], Awaitable[None]],
    ) -> None:
        self.id = secrets.token_hex(8)
        self.viewer = viewer
        self.rights = rights
        self.notices: list[NoticeFacts] = []
        """What this page was last told of notices."""
        self.own: list[OwnFacts] = []
        """What this page was last told of its viewer's own calls."""
        self.acked = 0
        """The last beat the page answered."""
        self.first_beat = 0
        """The first beat it was sent; 0: none yet."""
        self._send = send
        self._close = close

    async def send(self, text: str) -> None:
        """Send one text frame."""
        with suppress(Exception):  # servers differ in what they raise for a closed connection
            await self._send(text)

    async def close(self, code: int) -> None:
        """Close with ``code``."""
        with suppress(Exception):  # servers differ in what they raise for a closed connection
            await self._close(code)
