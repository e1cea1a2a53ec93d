"""My calls while they are watched: told when they change, asked for together, and never for longer than wanted."""

import asyncio
from typing import Any

import pytest
from django.contrib.auth.models import User

from lots.ami import Reply
from lots.bridge import channels
from lots.bridge.commands import parking
from lots.types import events
from tests.kit.pbx_model import START
from tests.kit.served import Served
from tests.unit.test_console_moving import OURS, PHONE, THEIRS

pytestmark = pytest.mark.django_db(transaction=True)

HUNG_UP = events.HungUp(uniqueid="x", channel="x", cause=16, at=START)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only what is heard makes it look again."""
    monkeypatch.setattr(parking, "AGAIN", 60.0)
    monkeypatch.setattr(channels, "LEAST", 0.0)


def shows(served: Served, *there: dict[str, str]) -> None:
    served.link.answers["CoreShowChannels"] = Reply({"Response": "Success"}, list(there))


async def watch(served: Served, user: User, command: str = "c1", **fields: Any) -> None:
    await served.order("calls", user=user.pk, phones=[PHONE], watch=True, command=command, **fields)


async def told(served: Served) -> tuple[str, list[str]]:
    heard = await served.pages.next()
    return heard["state"], [call["name"] for call in heard["params"]["calls"]]


async def test_a_call_that_begins_and_ends_is_told(served: Served, rita: User) -> None:
    shows(served)
    await watch(served, rita)
    assert await told(served) == ("watching", [])
    shows(served, OURS, THEIRS)
    await served.hear(HUNG_UP)
    assert await told(served) == ("watching", ["Bob"])
    await served.hear(HUNG_UP)  # nothing of ours: nothing is told
    await served.link.asked("CoreShowChannels")
    shows(served)
    await served.hear(HUNG_UP)
    assert await told(served) == ("watching", [])


async def test_it_is_looked_at_though_nothing_is_heard(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "AGAIN", 0.01)
    shows(served)
    await watch(served, rita)
    assert await told(served) == ("watching", [])
    shows(served, OURS, {**THEIRS, "Duration": "00:09:09"})
    assert await told(served) == ("watching", ["Bob"])


async def test_it_ends_when_nobody_wants_it_any_more(served: Served, rita: User) -> None:
    shows(served, OURS, THEIRS)
    await watch(served, rita)
    assert await told(served) == ("watching", ["Bob"])
    await served.order("cancel", command="c1")
    assert await told(served) == ("done", ["Bob"])
    assert served.bridge.orders.running == {}


async def test_a_page_that_has_gone_costs_nothing_for_long(
    served: Served, rita: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parking, "WATCHED", 0.05)
    shows(served)
    await watch(served, rita)
    assert [await told(served), await told(served)] == [("watching", []), ("done", [])]


async def test_without_asterisk_it_says_so(served: Served, rita: User) -> None:
    shows(served)
    await watch(served, rita)
    await told(served)
    await served.hear(events.LinkLost(reason="cut", at=START))
    assert (await served.pages.next())["code"] == "link_lost"


async def test_many_who_look_are_one_question(served: Served, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(channels, "LEAST", 0.05)
    shows(served, OURS, THEIRS)
    look = served.bridge.orders.channels.look
    await look()
    assert [len(found) for found in await asyncio.gather(*(look() for _ in range(20)))] == [2] * 20
    assert served.link.actions.count("CoreShowChannels") == 2


async def test_what_is_answered_is_no_older_than_the_question(served: Served) -> None:
    shows(served)
    look = served.bridge.orders.channels.look
    assert list(await look()) == []
    shows(served, OURS)
    assert len(await look()) == 1
