"""``/healthz``: how this process and what it needs are, in words that tell a stranger nothing.

``/healthz/live``: the process answers. ``/healthz`` and ``/healthz/ready``: it can serve people, 503 when it cannot; a
bridge or an Asterisk that is not heard is no reason to take the boards away, which say so. ``/healthz/all``: 503 when
anything is amiss, for who watches. Looked at once in ``FRESH`` seconds, however often it is asked.
"""

import asyncio
import json
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import cast

import redis.asyncio
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError
from django.db import OperationalError, ProgrammingError, connection
from django.utils import timezone

from dashboard.hub import running_hub
from dashboard.links import SILENT_AFTER
from lots.models import Pbx
from parkinglot.reply import Send, reply_now

log = logging.getLogger("lots.health")

FRESH = 2.0
"""Seconds an answer counts."""
PATIENCE = 3.0
"""Seconds database or Redis may take."""
NEEDED = ("database", "channel_layer")
"""Without these no page can be served."""
PATHS = {"/healthz": NEEDED, "/healthz/ready": NEEDED, "/healthz/live": (), "/healthz/all": None}
"""What must be well there; None: everything."""
OK, UNREACHABLE, UNKNOWN = "ok", "unreachable", "unknown"

Checks = Mapping[str, str]


class Health:
    """Of one web process."""

    def __init__(self, database: "Look | None" = None, layer: "Look | None" = None) -> None:
        self._database, self._layer = Part(database or look_at_database), Part(layer or look_at_layer)
        self._checks: Checks = {}
        self._until = 0.0
        self._looking: asyncio.Task[None] | None = None

    async def __call__(self, path: str, method: str, send: Send) -> None:
        """Answer one request for one of ``PATHS``."""
        needed = PATHS[path]
        checks = {} if path == "/healthz/live" else await self._fresh()
        amiss = [name for name, word in checks.items() if word != OK]
        unfit = [name for name in amiss if needed is None or name in needed]
        status = "unavailable" if any(name in NEEDED for name in amiss) else "degraded" if amiss else OK
        body = json.dumps({"status": status, "checks": checks} if checks else {"status": OK}).encode() + b"\n"
        await reply_now(send, method, 503 if unfit else 200, b"application/json", body)

    async def _fresh(self) -> Checks:
        """One look at a time serves all who ask meanwhile; it goes on when one of them goes away."""
        if time.monotonic() >= self._until:
            if self._looking is None or self._looking.done():
                self._looking = asyncio.ensure_future(self._look())
            await asyncio.shield(self._looking)
        return self._checks

    async def _look(self) -> None:
        before, (row, layer) = self._checks, await asyncio.gather(self._database(), self._layer())
        self._checks = _words(row, str(layer))
        self._until = time.monotonic() + FRESH
        if {name: before.get(name, OK) for name in self._checks} != self._checks:
            log.warning("Health: %s.", ", ".join(f"{name} {word}" for name, word in self._checks.items()))


Row = tuple[bool, str]
"""Whether bridges hold the leases of all PBXs in use, and the worst state of the links they wrote down."""
Look = Callable[[], Awaitable[Row | str]]


class Part:
    """Something that may hang: nobody waits longer than ``PATIENCE``, and it is not asked again before it answered."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._asked: asyncio.Future[Row | str] | None = None

    async def __call__(self) -> Row | str:
        """What it says, or ``UNREACHABLE``."""
        if self._asked is None or self._asked.done():
            self._asked = asyncio.ensure_future(self._look())
        try:
            async with asyncio.timeout(PATIENCE):
                return await asyncio.shield(self._asked)
        except Exception:
            log.debug("A part does not answer.", exc_info=True)
            return UNREACHABLE


def _words(row: Row | str, layer: str) -> Checks:
    """One word for each, ``ok`` when well."""
    if isinstance(row, str):
        return {"database": row, "channel_layer": layer, "bridge": UNKNOWN, "asterisk": UNKNOWN}
    bridge, link = _bridge(row), OK if row[1] == "hearing" else row[1] or UNKNOWN
    asterisk = link if bridge == OK else UNKNOWN
    return {"database": OK, "channel_layer": layer, "bridge": bridge, "asterisk": asterisk}


async def look_at_database() -> Row | str:
    """In a thread of its own: what the hub has to wait for must not make the health wait."""
    return await sync_to_async(_row, thread_sensitive=False)()


def _row() -> Row | str:
    try:
        rows = list(Pbx.objects.filter(active=True).values_list("lease_until", "link_state"))
        states = {state for _until, state in rows}
        worst = next((state for state in ("refused", "lost", "hearing") if state in states), "")
        return bool(rows) and all(until and until > timezone.now() for until, _state in rows), worst
    except (ProgrammingError, OperationalError) as error:
        return "not migrated" if "no such" in str(error) or "does not exist" in str(error) else UNREACHABLE
    except DatabaseError:
        return UNREACHABLE
    finally:
        connection.close()


async def look_at_layer() -> str:
    """The layer inside one process always answers."""
    if settings.REDIS_URL:
        async with redis.asyncio.Redis.from_url(settings.REDIS_URL) as client:
            await cast("Awaitable[bool]", client.ping())
    return OK


def _bridge(row: Row) -> str:
    """Silent also when it lives, but what it says does not arrive here."""
    hub = running_hub()
    silent = hub is not None and any(seconds > SILENT_AFTER for seconds in hub.replica.links.silences().values())
    return OK if row[0] and not silent else "silent"
