"""One good message of every kind a board may send, about the call that waits in a lot."""

from typing import Any

from tests.kit.cast import Cast


def message(kind: str, lot: str, cast: Cast) -> dict[str, Any]:
    """``lot`` is a name of the cast's lots."""
    row, call = cast.lots[lot], cast.open[lot]
    about = {"lot": row.pk, "slot": call.slot, "uniqueid": call.uniqueid}
    assert cast.phone
    assert cast.zone
    assert cast.notice
    whom = {"to": cast.phone.pk, "zone": cast.zone.pk}
    extra: dict[str, dict[str, Any]] = {
        "take_next": {"lot": row.pk},
        "send": {**about, **whom},
        "note": {**about, "note": "blue car", "for_name": "Ann"},
        "notify": {**about, **whom, "text": "come"},
        "move": {**about, "to_lot": row.pk, "to_slot": call.slot + 1},
        "more_time": {**about, "seconds": 120},
        "park": {"lot": row.pk, "call": "elsewhere-1"},
        "page": {**about, **whom},
        "call_back": {"missed": cast.missed[lot].pk},
        "settle": {"missed": cast.missed[lot].pk, "remark": "done"},
        "seen": {"notice": cast.notice.pk, "answer": "seen"},
    }
    return {"type": kind, **extra.get(kind, about)}


def elsewhere(asked: dict[str, Any], away: int) -> dict[str, Any]:
    """The same about a lot, or a lost caller, that is not there."""
    return {**asked, **{name: away for name in ("lot", "to_lot", "missed") if name in asked}}
