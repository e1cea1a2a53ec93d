"""A call that leaves at the very moment the phone is picked up: the dialplan's guard decides, and that is told."""

from dataclasses import replace

import pytest
from django.contrib.auth.models import User

from lots.ami import Reply
from lots.bridge import command
from lots.types import events
from lots.types.calls import Party
from tests.kit.clicks import ENDS, REMINDED, hung_up, unclaimed, unparked
from tests.kit.pbx_model import START
from tests.kit.served import BOB, Served

pytestmark = pytest.mark.django_db(transaction=True)

AT_THE_PICKUP = [
    ([events.TimedOut(call=BOB, at=START)], "timed_out"),
    ([events.Swapped(call=replace(BOB, uniqueid="u9"), at=START)], "moved"),
    ([events.GaveUp(call=BOB, at=START), hung_up("u1", 16)], "caller_left"),
    ([unparked("foreign", Party("205", "Omar"))], "taken"),
]


async def picked_up(served: Served, user: int, monkeypatch: pytest.MonkeyPatch, *heard: events.Event) -> str:
    """Our leg, which has just been answered when ``heard`` is; nothing is known of it yet."""
    monkeypatch.setattr(command, "REMINDED", 0.01)
    leg = await served.ringing(user)
    served.link.answers["Getvar"] = Reply({"Value": "Up"})
    await served.link.asked("Getvar")  # the one about the device
    await served.hear(*heard)
    assert (await served.link.asked("Getvar"))["Channel"] == leg
    return leg


@pytest.mark.parametrize(("heard", "code"), AT_THE_PICKUP)
async def test_a_call_that_leaves_as_the_phone_is_picked_up_and_is_not_had(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch, heard: list[events.Event], code: str
) -> None:
    leg = await picked_up(served, rita.pk, monkeypatch, *heard)
    await served.hear(hung_up(leg, 26))
    assert await served.codes(*ENDS) == [code]
    assert "Hangup" not in served.link.actions
    assert await unclaimed(served)


async def test_a_call_that_leaves_as_the_phone_is_picked_up_may_be_parked_again_and_had(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a busy machine a reminder's park comes late, and the guard finds the call all the same."""
    timed_out, parked = REMINDED
    leg = await picked_up(served, rita.pk, monkeypatch, timed_out)
    await served.hear(parked, unparked(leg))
    assert await served.codes(*ENDS) == ["connected"]
    assert "Hangup" not in served.link.actions


async def test_whoever_hangs_up_on_a_call_that_is_parked_again_is_not_told_that_its_time_ran_out(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    timed_out, parked = REMINDED
    leg = await picked_up(served, rita.pk, monkeypatch, timed_out)
    up = events.StateChanged(uniqueid=leg, channel="x", state="Up", at=START)
    await served.hear(parked, up, hung_up(leg, 16))
    assert await served.codes(*ENDS) == ["phone_declined"]
