"""One line for each stay and each order: who asks what became of a call finds it by its id."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any

from lots.telemetry.logs import about
from lots.types.calls import Call
from lots.types.changes import Change, Ended, Entered, Replaced, Resolved

log = logging.getLogger("lots.journal")


def stays(pbx: str, changes: Iterable[Change]) -> None:
    """What is written down now."""
    for change in changes:
        match change:
            case Entered(call):
                log.info("Parked.", extra=_of(pbx, call))
            case Replaced(_, call):
                log.info("Parked in another's place.", extra=_of(pbx, call))
            case Ended(call, ending):
                log.info("Left the slot.", extra={**_of(pbx, call), "code": ending.outcome.value})
            case Resolved(uniqueid, ending):
                log.info("Known how it left.", extra={"pbx": pbx, "call": uniqueid, "code": ending.outcome.value})


def _of(pbx: str, call: Call) -> dict[str, Any]:
    return {"pbx": pbx, "lot": call.lot, "slot": call.slot, "call": call.uniqueid}


def order_fields(pbx: str, order: Mapping[str, Any]) -> dict[str, Any]:
    """For ``about``: of an order all that may be written down."""
    named = {
        "lot": "lot_name",
        "slot": "slot",
        "call": "uniqueid",
        "command": "command",
        "kind": "kind",
        "user": "user",
    }
    return {"pbx": pbx, **{name: order.get(key) for name, key in named.items()}}


def order_ended(code: str) -> None:
    """Written inside ``about``."""
    with about(code=code):
        log.info("Order ended.")
