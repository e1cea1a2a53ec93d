"""Channels we originate: what they are called, and those that nobody minds any more.

A bridge that is stopped, or loses the link, cannot stop the phones it rings. They ring on, and once picked up the guard
decides, so no caller is lost; but nobody would stop them when the caller leaves, nor a page when the call is taken. So
with every new link those of our own that no order at work minds are ended, but never a conversation.
"""

import secrets
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING

from django.conf import settings

from lots.ami import OWN_CHANNEL_PREFIX, AmiError

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

CALL, PAGE = f"{OWN_CHANNEL_PREFIX}call-", f"{OWN_CHANNEL_PREFIX}page-"
"""How Uniqueids start: of a phone that is rung for somebody, and of one that announces."""


def new(kind: str) -> str:
    """A Uniqueid of ``kind`` that nobody else has."""
    return f"{kind}{_site()}-{secrets.token_hex(12)}"


@cache
def _site() -> str:
    """Tells our channels from those of another portal that works with the same PBX."""
    return sha256(f"channels of {settings.SECRET_KEY}".encode()).hexdigest()[:8]


async def sweep(bridge: "Bridge") -> None:
    """End what rings or announces for no order at work."""
    with suppress(AmiError):  # the link is gone again: the next one sweeps
        for channel in (await bridge.link.send("CoreShowChannels")).items:
            if _is_stray(channel) and not _is_minded(bridge, channel["Uniqueid"]):
                with suppress(AmiError):  # it may have ended by itself
                    await bridge.link.send("Hangup", [("Channel", channel["Channel"])])


def _is_stray(channel: Mapping[str, str]) -> bool:
    uniqueid = channel.get("Uniqueid", "")
    rings = uniqueid.startswith(f"{CALL}{_site()}-") and channel.get("ChannelStateDesc") != "Up"
    return rings or uniqueid.startswith(f"{PAGE}{_site()}-")


def _is_minded(bridge: "Bridge", uniqueid: str) -> bool:
    return any(order.minds(uniqueid) for order in bridge.orders.running.values())
