"""Calling a missed caller back, with an Asterisk that does what a real one does not do on demand."""

from typing import Any

import pytest
from django.contrib.auth.models import User

from lots.ami import ActionRefused, Reply
from lots.bridge import ringing
from lots.bridge.commands import calling_back
from lots.types import events
from tests.kit.pbx_model import START
from tests.kit.served import Served

pytestmark = pytest.mark.django_db(transaction=True)

PHONE = {"id": 5, "number": "201", "name": "Desk", "device": "SIP/201"}
"""Not PJSIP: it does not tell its context."""


async def call_back(served: Served, user: User, **fields: Any) -> None:
    order = {"missed": 7, "phone": PHONE, "number": "5551001", "context": "phones", "detail": "Bob", **fields}
    await served.order("call_back", user=user.pk, **order)


async def ringing_leg(served: Served, user: User) -> str:
    await call_back(served, user)
    leg = (await served.link.asked("Originate"))["ChannelId"]
    await served.hear(events.StateChanged(uniqueid=leg, channel="SIP/201-1", state="Ringing", at=START))
    assert await served.codes("ringing") == ["ringing"]
    return leg


def up(leg: str) -> events.StateChanged:
    return events.StateChanged(uniqueid=leg, channel="SIP/201-1", state="Up", at=START)


def hung_up(leg: str, cause: int) -> events.HungUp:
    return events.HungUp(uniqueid=leg, channel="SIP/201-1", cause=cause, at=START)


async def test_both_sides_are_shown_the_other(served: Served, rita: User) -> None:
    leg = await ringing_leg(served, rita)
    _, headers = served.link.sent[-1]
    assert {value for name, value in headers if name == "Variable"} == {
        "CONNECTEDLINE(num,i)=5551001",
        "CONNECTEDLINE(name,i)=Bob",
        "CALLERID(num)=201",
        "CALLERID(name)=Rita Desk",
    }
    assert (dict(headers)["Context"], dict(headers)["Exten"]) == ("phones", "5551001")
    await served.hear(up(leg))
    assert await served.codes("calling_back") == ["calling_back"]


@pytest.mark.parametrize(("cause", "code"), [(17, "phone_busy"), (21, "phone_declined"), (19, "phone_no_answer")])
async def test_my_phone_is_not_picked_up(served: Served, rita: User, cause: int, code: str) -> None:
    leg = await ringing_leg(served, rita)
    await served.hear(hung_up(leg, cause))
    assert await served.codes(code, "calling_back") == [code]


async def test_a_leg_that_was_never_made_says_why_when_it_is_known(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    leg = await ringing_leg(served, rita)
    failed = events.Originated(uniqueid=leg, action_id="", answered=False, reason=0, at=START)
    await served.hear(failed, hung_up(leg, 17))
    assert await served.codes("phone_busy") == ["phone_busy"]
    monkeypatch.setattr(ringing, "EXPLAIN", 0.01)
    await call_back(served, rita, command="c2")
    leg = (await served.link.asked("Originate"))["ChannelId"]
    await served.hear(events.Originated(uniqueid=leg, action_id="", answered=False, reason=0, at=START))
    assert await served.codes("phone_unregistered") == ["phone_unregistered"]


async def test_nobody_picks_up_in_time(served: Served, rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calling_back, "RING", 0.05)
    monkeypatch.setattr(calling_back, "SPARE", 0.05)
    await call_back(served, rita)
    assert await served.codes("phone_no_answer") == ["phone_no_answer"]
    assert served.link.actions[-1] == "Hangup"


async def test_it_can_be_stopped_until_the_phone_is_picked_up(served: Served, rita: User) -> None:
    leg = await ringing_leg(served, rita)
    served.link.answers["Getvar"] = Reply({"Value": "Up"})
    await served.order("cancel", command="c1")
    await served.hear(up(leg))
    assert await served.codes("calling_back", "cancelled") == ["calling_back"], "too late: they talk"
    assert "Hangup" not in served.link.actions
    served.link.answers["Getvar"] = Reply({"Value": "Ringing"})
    await ringing_leg(served, rita)
    await served.order("cancel", command="c1")
    assert await served.codes("cancelled") == ["cancelled"]


async def test_a_link_that_breaks(served: Served, rita: User) -> None:
    await ringing_leg(served, rita)
    await served.hear(events.LinkLost(reason="cut", at=START))
    assert await served.codes("link_lost") == ["link_lost"]


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"number": ""}, "not_dialable"),
        ({"number": "anonymous"}, "not_dialable"),
        ({"number": "1,2"}, "not_dialable"),
        ({"number": "123\n"}, "not_dialable"),
        ({"context": ""}, "no_context"),
    ],
)
async def test_what_cannot_be_dialled_rings_nothing(
    served: Served, rita: User, fields: dict[str, str], code: str
) -> None:
    await call_back(served, rita, **fields)
    assert await served.codes(code, "calling_back") == [code]
    assert "Originate" not in served.link.actions


async def test_a_number_the_context_does_not_have(served: Served, rita: User) -> None:
    served.link.answers["Originate"] = ActionRefused("Originate", "Extension does not exist.")
    await call_back(served, rita)
    assert await served.codes("not_dialable_here") == ["not_dialable_here"]
    served.link.answers["Originate"] = ActionRefused("Originate", "Permission denied")
    await call_back(served, rita, command="c2")
    assert await served.codes("asterisk_refused") == ["asterisk_refused"]
