"""Channels of ours that nobody minds end with the next link; those of others, and conversations, never."""

import pytest
from django.contrib.auth.models import User

from lots.ami import Reply
from lots.bridge import legs
from lots.types import events
from tests.kit.pbx_model import START
from tests.kit.served import Served

pytestmark = pytest.mark.django_db(transaction=True)


def channel(uniqueid: str, state: str = "Ringing") -> dict[str, str]:
    return {"Uniqueid": uniqueid, "Channel": f"name of {uniqueid}", "ChannelStateDesc": state}


async def test_a_new_link_ends_what_nobody_minds(served: Served, rita: User) -> None:
    minded = await served.ringing(rita.pk)
    rings, talks, pages = legs.new(legs.CALL), legs.new(legs.CALL), legs.new(legs.PAGE)
    others = [channel("parkinglot-call-00000000-1"), channel("1764000000.1"), channel(talks, "Up"), channel(minded)]
    there = [*others, channel(f"{minded}-2", "Down"), channel(rings), channel(pages, "Up")]
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, tuple(there))
    await served.hear(events.LinkUp(version="11.0.0", at=START))
    ended = [(await served.link.asked("Hangup"))["Channel"] for _ in range(2)]
    assert ended == [f"name of {rings}", f"name of {pages}"]
    await served.hear(events.HungUp(uniqueid=minded, channel="x", cause=17, at=START))
    assert await served.codes("phone_busy") == ["phone_busy"], "the order goes on as if nothing had been"
    assert served.link.actions.count("Hangup") == 2
