"""Several PBXs on one board: each with its own link, and orders that stay on the call's own."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from dashboard.audience import Audience
from dashboard.links import SILENT_AFTER, Known, Links, read_links
from dashboard.orders import Refused, order_of
from dashboard.rights import Viewer
from lots.bridge.facts import board_lots
from lots.bridge.missed import missed_facts
from lots.bridge.returning import returning_facts
from lots.models import PagingZone, ParkedCall, ParkingLot, Pbx
from lots.publish.accounts import where_set
from tests.kit.logins import phone, viewer

MAIN, BERLIN = 1, 2
HEARING: Any = {"state": "hearing", "since": 5, "reason": ""}
LOST: Any = {"state": "lost", "since": 7, "reason": "no route"}
REFUSED: Any = {"state": "refused", "since": 3, "reason": "wrong password"}
BOTH = Audience(see=frozenset({10, 20}))


def links(main: Any, berlin: Any) -> Links:
    return Links(
        {MAIN: Known("main", "Main", dict(main)), BERLIN: Known("berlin", "Berlin", dict(berlin))},
        {10: MAIN, 20: BERLIN},
    )


@pytest.mark.parametrize(
    ("main", "berlin", "whole"),
    [
        (HEARING, LOST, HEARING),
        (LOST, HEARING, HEARING),
        (LOST, REFUSED, REFUSED),
        (LOST, {**LOST, "since": 9}, {**LOST, "since": 9}),
    ],
)
def test_a_board_hears_while_it_hears_any(main: Any, berlin: Any, whole: Any) -> None:
    assert links(main, berlin).overall(BOTH) == whole


def test_each_is_told_by_its_name() -> None:
    assert links(HEARING, LOST).seen_by(BOTH) == [
        {"pbx": MAIN, "name": "Main", **HEARING},
        {"pbx": BERLIN, "name": "Berlin", **LOST},
    ]


def test_who_sees_none_of_its_lots_hears_nothing_of_a_pbx() -> None:
    some = links(HEARING, LOST)
    assert [one["name"] for one in some.seen_by(Audience(see=frozenset({20})))] == ["Berlin"]
    assert some.overall(Audience(see=frozenset({20}))) == LOST
    some.lots = {10: MAIN}
    assert [one["name"] for one in some.seen_by(Audience(see=frozenset({10})))] == ["Main", "Berlin"], "no lots yet"


def test_silence_of_one_is_not_silence_of_another() -> None:
    some = links(HEARING, HEARING)
    assert not some.notice_silence()
    some.known[BERLIN].heard -= SILENT_AFTER + 1
    assert some.notice_silence()
    assert not some.notice_silence(), "said once"
    assert (some.is_silent(MAIN), some.is_silent(BERLIN), some.is_silent(3)) == (False, True, True)


@pytest.fixture
def berlin(pbx: Pbx) -> Pbx:
    alive = {"lease_holder": "elsewhere:2", "lease_until": timezone.now() + timedelta(hours=1)}
    return Pbx.objects.create(name="berlin", label="Berlin", link_state="lost", **alive)


@pytest.fixture
def far(berlin: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(pbx=berlin, name="desk", label="Desk in Berlin", first_slot=701, last_slot=704)


CALL = {"slot": 703, "uniqueid": "u1"}


def ask(who: Viewer, kind: str, **fields: Any) -> dict[str, Any]:
    return dict(order_of(who, {"type": kind, "command": "c1", **fields}, "socket", "hub"))


def refusal(who: Viewer, kind: str, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        ask(who, kind, **fields)
    return str(refused.value)


def test_a_pbx_that_is_not_in_use_is_on_no_board(lot: ParkingLot, far: ParkingLot, berlin: Pbx) -> None:
    assert board_lots() == [lot, far]
    assert {known.label for known in read_links().values()} == {"main", "Berlin"}
    Pbx.objects.filter(pk=berlin.pk).update(active=False)
    assert board_lots() == [lot]
    assert {known.name for known in read_links().values()} == {"main"}


def test_nor_are_the_callers_who_left_it(far: ParkingLot, berlin: Pbx) -> None:
    now = timezone.now()
    gone = {"lot": far, "slot": 701, "parked_at": now, "ended_at": now}
    ParkedCall.objects.create(uniqueid="u1", outcome="abandoned", **gone)
    ParkedCall.objects.create(uniqueid="u2", outcome="timed_out", back_stage="recall", **gone)
    assert (len(missed_facts()), len(returning_facts())) == (1, 1)
    Pbx.objects.filter(pk=berlin.pk).update(active=False)
    assert (missed_facts(), returning_facts()) == ([], [])


def test_a_refused_account_is_looked_for_where_it_was_named(settings: Any, pbx: Pbx, berlin: Pbx) -> None:
    settings.ASTERISK_AMI_URL = "ami://a:b@192.0.2.1"
    pbx.host = "192.0.2.9"  # does not count: the environment says where it is
    assert where_set(pbx, "ASTERISK_AMI_URL") == "ASTERISK_AMI_URL"
    assert where_set(berlin, "ASTERISK_AMI_URL") == "The account of Berlin"


def test_orders_go_to_the_calls_own_pbx_with_a_phone_of_it(lot: ParkingLot, far: ParkingLot, rita: User) -> None:
    desk = viewer(rita)
    assert ask(desk, "retrieve", lot=lot.pk, **CALL)["pbx"] == lot.pbx_id
    assert refusal(desk, "retrieve", lot=far.pk, **CALL) == "no_phone"
    there = phone(far.pbx, "201", rita)
    order = ask(desk, "retrieve", lot=far.pk, phone=rita.phones.first().pk, **CALL)  # type: ignore[attr-defined]
    assert (order["pbx"], order["phone"]["id"]) == (far.pbx_id, there.pk)


def test_nothing_crosses_from_one_pbx_to_another(lot: ParkingLot, far: ParkingLot, rita: User, ron: User) -> None:
    desk, near = viewer(rita), ron.phones.first()  # type: ignore[attr-defined]
    for kind in ("send", "notify"):
        assert ask(desk, kind, lot=lot.pk, to=near.pk, text="", **CALL)["pbx"] == lot.pbx_id
        assert refusal(desk, kind, lot=far.pk, to=near.pk, text="", **CALL) == "other_pbx"
    assert refusal(desk, "move", lot=lot.pk, to_lot=far.pk, **CALL) == "other_pbx"
    zone = PagingZone.objects.create(pbx=lot.pbx, label="Hall")
    assert ask(desk, "page", lot=lot.pk, zone=zone.pk, **CALL)["zone"] == zone.pk
    assert refusal(desk, "page", lot=far.pk, zone=zone.pk, **CALL) == "no_such_zone"


def test_take_next_goes_where_the_longest_waits_and_i_have_a_phone(
    lot: ParkingLot, far: ParkingLot, rita: User
) -> None:
    desk, now = viewer(rita), timezone.now()
    for number, where in enumerate((far, lot)):
        since = now + timedelta(seconds=number)
        ParkedCall.objects.create(lot=where, slot=701, uniqueid=f"u{number}", parked_at=since)
    order = ask(desk, "take_next", lot=None)
    assert (order["pbx"], order["lots"]) == (lot.pbx_id, {"desk": lot.pk}), "no phone in Berlin"
    phone(far.pbx, "201", rita)
    order = ask(desk, "take_next", lot=None)
    assert (order["pbx"], order["lots"]) == (far.pbx_id, {"desk": far.pk})
