"""Fallbacks that lead to where the PBX has nothing, looked for before a publication if the PBX can be asked."""

import asyncio

from asgiref.sync import async_to_sync

from lots.ami import AmiClient, AmiError
from lots.config.places import places
from lots.config.setup import Setup
from lots.models import Pbx
from lots.publish.accounts import CannotStart, publish_address, watch_address
from lots.publish.places import lost_places

PATIENCE = 3.0
"""Seconds the page waits for the PBX: it is only asked for a warning."""


def lost_now(pbx: Pbx, setup: Setup) -> tuple[str, ...]:
    """Sentences; none as well when nobody can tell. Asks nothing when no fallback leads into the dialplan."""
    return async_to_sync(_asked)(pbx, setup) if places(setup) else ()


async def _asked(pbx: Pbx, setup: Setup) -> tuple[str, ...]:
    try:
        address = publish_address(pbx) or watch_address(pbx)
        if address is None:
            return ()
        async with asyncio.timeout(PATIENCE), AmiClient(address) as ami:
            return await lost_places(ami, setup)
    except (AmiError, CannotStart, TimeoutError):
        return ()
