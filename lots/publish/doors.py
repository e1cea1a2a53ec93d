"""Locks of the outside numbers as they stand in Asterisk's own database: read and lifted over AMI.

The account for day-to-day work is enough (write ``reporting`` to read, ``call`` to lift). Tried on 16.28 and 22.10.
"""

import re
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Protocol

from lots.ami import ActionRefused, Reply
from lots.config.outside_locks import FAMILY

_KEY = re.compile(rf"/{FAMILY}/(?:lot/(?P<whole>[a-z0-9-]+)|caller/(?P<lot>[a-z0-9-]+)/(?P<caller>[0-9A-Za-z+]+))")
_RECORD = re.compile(r"(\d{1,9})-(\d{1,11})-(\d{1,11})")


class Ami(Protocol):
    """What can send an action: ``AmiClient``, ``AmiLink``."""

    def send(self, action: str, headers: Sequence[tuple[str, str]] = ()) -> Awaitable[Reply]:
        """Send, and wait for the reply. Raises ``AmiError``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """Who is refused at the outside numbers of ``lot``: ``caller``, or everybody where that is ``""``."""

    lot: str
    caller: str
    failures: int
    """Failed calls that count."""
    until: datetime
    last: datetime
    """The last failure."""

    @property
    def key(self) -> str:
        """In AstDB, below the family."""
        return f"caller/{self.lot}/{self.caller}" if self.caller else f"lot/{self.lot}"


async def locks(ami: Ami, now: datetime) -> list[Lock]:
    """Those in force at ``now``, which should be Asterisk's time; the longest first. Raises ``AmiError``."""
    found = (_lock(key, value) for key, value in await _records(ami))
    return sorted((lock for lock in found if lock and lock.until > now), key=lambda lock: lock.until, reverse=True)


async def lift(ami: Ami, lot: str, caller: str = "") -> None:
    """Forget all failures of ``caller`` at ``lot``, or with ``""`` the lot's own. Raises ``AmiError``, ``ValueError``.

    A lock that is not there any more is no error. Writing to ``DB_DELETE`` takes no more than the right to set a
    variable; the actions ``DBDel`` and ``DBDelTree`` would need ``system``.
    """
    key = f"caller/{lot}/{caller}" if caller else f"lot/{lot}"
    if not _KEY.fullmatch(f"/{FAMILY}/{key}"):
        raise ValueError("This is no lock of an outside number.")
    await ami.send("Setvar", [("Variable", f"DB_DELETE({FAMILY}/{key})"), ("Value", "lifted")])


async def _records(ami: Ami) -> list[tuple[str, str]]:
    """Keys from the root on, and values."""
    try:
        reply = await ami.send("DBGetTree", [("Family", FAMILY)])
    except ActionRefused:
        return await records_singly(ami)
    return [(item.get("Key", ""), item.get("Val", "")) for item in reply.items]


async def records_singly(ami: Ami) -> list[tuple[str, str]]:
    """The same for Asterisk before 16.28, 18.14 and 19.6, which has no ``DBGetTree``.

    A list of keys has at most 1,023 bytes there; what is cut off comes up when others have gone.
    """
    keys = [f"lot/{lot}" for lot in await _keys(ami, "lot")]
    for lot in await _keys(ami, "caller"):
        keys += [f"caller/{lot}/{caller}" for caller in await _keys(ami, f"caller/{lot}")]
    return [(f"/{FAMILY}/{key}", value) for key in keys if (value := await _value(ami, key))]


async def _keys(ami: Ami, below: str) -> list[str]:
    reply = await ami.send("Getvar", [("Variable", f"DB_KEYS({FAMILY}/{below})")])
    return [key for key in reply.headers.get("Value", "").split(",") if key]


async def _value(ami: Ami, key: str) -> str:
    """``""``: gone meanwhile."""
    try:
        reply = await ami.send("DBGet", [("Family", FAMILY), ("Key", key)])
    except ActionRefused:
        return ""
    return reply.items[0].get("Val", "") if reply.items else ""


def _lock(key: str, value: str) -> Lock | None:
    """None for what is not ours: anybody may write there."""
    named, record = _KEY.fullmatch(key), _RECORD.fullmatch(value)
    if not named or not record:
        return None
    failures, until, last = (int(field) for field in record.groups())
    return Lock(
        lot=named["whole"] or named["lot"],
        caller=named["caller"] or "",
        failures=failures,
        until=datetime.fromtimestamp(until, UTC),
        last=datetime.fromtimestamp(last, UTC),
    )
