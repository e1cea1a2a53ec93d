"""What became of the calls somebody parked: whom it is told, and what."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.utils import timezone

from dashboard.hub import Hub
from lots.bridge.ledger import record
from lots.bridge.own import LISTED, own_facts
from lots.models import LotRight, ParkedCall, ParkingLot, Pbx, Phone
from lots.types.calls import Call, Leg, Party, Return, Stage
from lots.types.changes import Came, CameBack, Change, Ended, Ending, Entered, GoesBack, Outcome, Resolved
from tests.kit.hub_pages import arecord, database, joined, tell
from tests.kit.logins import phone, viewer
from tests.kit.pbx_model import call
from tests.kit.stays import stay

pytestmark = pytest.mark.django_db

NOW = timezone.now()


def mine(lot: ParkingLot, seconds: float | None = 75, **fields: Any) -> ParkedCall:
    """A call that was parked by phone 201, which is Rita's, and ended just now."""
    parked = timezone.now() - timedelta(seconds=seconds or 75)
    return stay(lot, parked, seconds, **{"parker_device": "PJSIP/201", **fields})


def told() -> list[tuple[str, str, bool]]:
    return [(fact["state"], fact["by"], fact["mine"]) for fact in own_facts()]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"seconds": None}, ("parked", "", False)),
        ({"seconds": None, "waiting_since": NOW - timedelta(minutes=9)}, ("moved", "", False)),
        ({"outcome": "retrieved", "retriever_name": "Eva", "retriever_number": "204"}, ("taken", "Eva", False)),
        ({"outcome": "retrieved", "retriever_name": "Rita", "retriever_number": "201"}, ("taken", "Rita", True)),
        ({"outcome": "abandoned"}, ("hung_up", "", False)),
        ({"outcome": "elsewhere"}, ("elsewhere", "", False)),
        ({"outcome": "unseen"}, ("unknown", "", False)),
        ({"outcome": "left"}, ("parked", "", False)),
        (
            {"outcome": "timed_out", "back_stage": "recall", "back_ringing": [["l", "PJSIP/201-1", "", ""]]},
            ("recall", "Desk 201", False),
        ),
        ({"outcome": "timed_out", "back_stage": "fallback", "back_ringing": []}, ("fallback", "", False)),
        (
            {"outcome": "timed_out", "came": "answered", "came_name": "Eva", "came_number": "204"},
            ("answered", "Eva", False),
        ),
        ({"outcome": "timed_out", "came": "answered", "came_name": "R", "came_number": "201"}, ("answered", "R", True)),
        ({"outcome": "timed_out", "came": "hung_up"}, ("hung_up", "", False)),
        ({"outcome": "timed_out", "came": "unanswered"}, ("unanswered", "", False)),
        ({"outcome": "timed_out", "came": "unknown"}, ("unknown", "", False)),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_each_ending_is_told(
    lot: ParkingLot, rita: User, fields: dict[str, Any], expected: tuple[str, str, bool]
) -> None:
    mine(lot, **fields)
    assert told() == [expected]


def test_who_clicked_is_told_by_name(lot: ParkingLot, rita: User, ron: User) -> None:
    mine(lot, outcome="ended", retrieved_by=ron)
    mine(lot, outcome="retrieved", retrieved_by=rita)
    assert sorted(told()) == [("ended", "Ron Desk", False), ("taken", "Rita Desk", True)]


def test_it_is_the_last_stay_that_counts_and_the_whole_wait(lot: ParkingLot, rita: User) -> None:
    now = timezone.now()
    stay(lot, now - timedelta(seconds=100), 40, uniqueid="u", outcome="moved", parker_device="PJSIP/201")
    since = now - timedelta(seconds=100)
    stay(lot, now - timedelta(seconds=60), 50, uniqueid="u", waiting_since=since, parker_device="PJSIP/201")
    (fact,) = own_facts()
    assert (fact["state"], fact["waited"], fact["owner"]) == ("taken", 90, rita.pk)


def test_only_calls_of_owned_phones_and_only_for_a_while(lot: ParkingLot, rita: User) -> None:
    phone(lot.pbx, "299", None)
    mine(lot, parker_device="PJSIP/299")
    mine(lot, parker_device="")
    stay(lot, timezone.now() - LISTED - timedelta(minutes=2), 60, parker_device="PJSIP/201")
    assert told() == []
    other = Pbx.objects.create(name="other")
    far = ParkingLot.objects.create(pbx=other, name="desk", label="Far", first_slot=1, last_slot=2)
    mine(far)
    assert told() == [], "another PBX has a phone of the same device"
    stay(lot, timezone.now() - LISTED - timedelta(minutes=2), None, parker_device="PJSIP/201")
    assert told() == [("parked", "", False)], "however long it waits"


def written(pbx: Pbx, *changes: Change) -> list[str]:
    return [news["kind"] for news in record(pbx, changes, {})]


def test_news_are_made_for_calls_of_owned_phones_alone(lot: ParkingLot, rita: User) -> None:
    there = call("u1", 701, timezone.now())
    assert "own" not in written(lot.pbx, Entered(there))
    ours = ritas(timezone.now())
    assert "own" in written(lot.pbx, Entered(ours))
    assert "own" in written(lot.pbx, Ended(ours, Ending(Outcome.LEFT, timezone.now())))
    assert "own" in written(lot.pbx, Resolved("r1", Ending(Outcome.ABANDONED, timezone.now())))
    again = ritas(timezone.now(), "r2")
    leg = Leg(uniqueid="l", channel="PJSIP/201-1", party=Party("201", "Rita"))
    back = Return(call=again, stage=Stage.RECALL, since=timezone.now(), ringing=(leg,))
    ended = Ended(again, Ending(Outcome.TIMED_OUT, timezone.now()))
    assert "own" in written(lot.pbx, Entered(again), ended, GoesBack(back))
    assert "own" in written(lot.pbx, CameBack(again, Came.ANSWERED, timezone.now(), leg))
    assert ("answered", "Desk 201", True) in told()


def ritas(at: datetime, uid: str = "r1") -> Call:
    """A call that Rita's phone parked."""
    return replace(call(uid, 702, at), parker_device="PJSIP/201")


@database
async def test_the_parker_is_told_whole_and_nobody_else(lot: ParkingLot, rita: User, ron: User, hub: Hub) -> None:
    pages = [await joined(hub, await sync_to_async(viewer)(user)) for user in (rita, ron)]
    news = await arecord(lot.pbx, [Entered(ritas(timezone.now()))], {})
    await tell(news)
    heard = await pages[0].until("own")
    assert [(one["state"], one["lot_label"], one["slot"]) for one in heard["own"]] == [("parked", "Desk", 702)]
    await tell({"kind": "own"})  # nothing is new
    await tell(await arecord(lot.pbx, [Ended(ritas(timezone.now()), Ending(Outcome.ABANDONED, timezone.now()))], {}))
    assert (await pages[0].until("own"))["own"][0]["state"] == "hung_up"
    assert "own" not in pages[1].copy.kinds


@database
async def test_it_needs_no_right_on_the_lot(lot: ParkingLot, rita: User, ron: User, hub: Hub) -> None:
    team = await sync_to_async(lambda: ron.groups.create(name="Others"))()
    await LotRight.objects.acreate(lot=lot, group=team, see=True, retrieve=True)
    who = await sync_to_async(viewer)(rita)
    page = await joined(hub, who)
    assert page.copy.lots == {}, "she does not see this lot"
    await tell(await arecord(lot.pbx, [Entered(ritas(timezone.now()))], {}))
    assert [one["slot"] for one in (await page.until("own"))["own"]] == [702]
    assert (await Phone.objects.aget(number="201")).owner_id == rita.pk
