"""``/healthz`` of a bridge: how it and what it needs are, in words that tell a stranger nothing.

As of a web process: ``/healthz/live``, ``/healthz`` and ``/healthz/ready`` (503 while it could not do its work), and
``/healthz/all`` (503 when anything is amiss). A bridge that waits to take over is well.
"""

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from lots.telemetry.fleet import fleets
from lots.types.changes import LinkState

if TYPE_CHECKING:
    from lots.bridge.service import Bridge

OK, STANDBY, UNREACHABLE, STARTING, UNKNOWN = "ok", "standby", "unreachable", "starting", "unknown"
NEEDED = ("database", "bridge")
"""Without these it does no work. A PBX that is not heard is the PBX's business: the boards say so."""
PATHS: Mapping[str, tuple[str, ...] | None] = {
    "/healthz": NEEDED,
    "/healthz/ready": NEEDED,
    "/healthz/live": (),
    "/healthz/all": None,
}
"""What must be well there; None: everything."""
_WORST = (LinkState.REFUSED, LinkState.LOST)


def health(path: str) -> tuple[bool, bytes]:
    """Whether all is well that ``path``, one of ``PATHS``, asks for; and the answer."""
    needed, checks = PATHS[path], _checks()
    if path == "/healthz/live":
        return True, _said({"status": OK})
    amiss = [name for name, word in checks.items() if word not in {OK, STANDBY}]
    unfit = [name for name in amiss if needed is None or name in needed]
    status = "unavailable" if any(name in NEEDED for name in amiss) else "degraded" if amiss else OK
    return not unfit, _said({"status": status, "checks": checks})


def _said(answer: Mapping[str, object]) -> bytes:
    return json.dumps(answer).encode() + b"\n"


def _checks() -> dict[str, str]:
    """One word for each, of all PBXs together."""
    running = list(fleets)
    bridges = [bridge for fleet in running for bridge in fleet.bridges.values()]
    if not running or not all(fleet.has_looked for fleet in running):
        return {"database": UNKNOWN, "bridge": STARTING, "asterisk": UNKNOWN}
    answers = all(fleet.database_answers for fleet in running) and all(bridge.database_answers for bridge in bridges)
    serving = [bridge for bridge in bridges if bridge.serving.is_set()]
    word = STANDBY if bridges and not serving else OK
    return {"database": OK if answers else UNREACHABLE, "bridge": word, "asterisk": _asterisk(serving)}


def _asterisk(serving: "Iterable[Bridge]") -> str:
    """The worst of those that are served here."""
    states = {bridge.board.link.state for bridge in serving}
    return next((str(state) for state in _WORST if state in states), OK)
