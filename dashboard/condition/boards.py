"""How many boards are open at this moment, wherever they are."""

import asyncio
from contextlib import suppress

from channels.layers import get_channel_layer
from django.conf import settings

from dashboard.hub import running_hub
from lots.bridge.messages import BOARDS

SOON = 0.5
"""Seconds in which each web process says how many it has. It takes milliseconds; nobody knows how many they are."""


async def open_now() -> tuple[int, int]:
    """Boards and wall screens, of all web processes."""
    if settings.REDIS_URL:
        return await _of_all()
    hub = running_hub()
    return hub.fanout.count() if hub else (0, 0)


async def _of_all() -> tuple[int, int]:
    layer = get_channel_layer()
    here = await layer.new_channel("count")
    await layer.group_send(BOARDS, {"type": "count", "reply_to": here})
    boards = walls = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(SOON):
            while True:
                more = (await layer.receive(here))["open"]
                boards, walls = boards + more[0], walls + more[1]
    return boards, walls
