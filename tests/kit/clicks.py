"""What Asterisk tells while an order is at work, and how orders end."""

import asyncio

from lots.models import ParkedCall
from lots.types import events
from lots.types.calls import Party
from tests.kit.pbx_model import START
from tests.kit.served import BOB, Served

ENDS = [
    "connected",
    "taken",
    "claimed_by",
    "caller_left",
    "timed_out",
    "moved",
    "not_parked",
    "phone_unregistered",
    "phone_busy",
    "phone_declined",
    "phone_no_answer",
    "link_lost",
    "cancelled",
    "bad_request",
    "busy_already",
    "asterisk_refused",
    "parked_demo",
]


async def unclaimed(served: Served) -> bool:
    """Whether nobody holds a call and no click is under way."""
    while served.bridge.orders.tasks:
        await asyncio.wait(served.bridge.orders.tasks, timeout=5)
    return not await ParkedCall.objects.exclude(claimed_by=None).aexists()


def unparked(leg: str, by: Party = Party("201", "Rita")) -> events.Unparked:  # noqa: B008  (frozen)
    return events.Unparked(call=BOB, retriever=by, retriever_channel="PJSIP/9-1", retriever_uniqueid=leg, at=START)


def hung_up(leg: str, cause: int) -> events.HungUp:
    return events.HungUp(uniqueid=leg, channel="PJSIP/201-1", cause=cause, at=START)


REMINDED = (events.TimedOut(call=BOB, at=START), events.Parked(call=BOB, at=START))
"""The parker is reminded: out of the slot for a moment, and in again."""
