"""A caller's earlier calls: counted when they are parked, within the lot; listed for who may look back."""

from collections import defaultdict
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from lots.bridge.earlier import WITHHELD, is_somebody
from lots.bridge.facts import occupied
from lots.bridge.rows import close, open_row, replace_row
from lots.models import LotRight, ParkedCall, ParkingLot, Pbx
from lots.types.calls import Call, Party
from lots.types.changes import Ending, Outcome
from tests.kit.stays import stay

pytestmark = pytest.mark.django_db

NOON = datetime(2025, 11, 25, 12, tzinfo=UTC)
MARIA = Party("+493012345", "Maria Keller")
CALL = Call(uniqueid="now", channel="c", lot="desk", slot=703, caller=MARIA, parked_at=NOON)


@pytest.fixture
def other(pbx: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(pbx=pbx, name="shop", label="Workshop", first_slot=801, last_slot=804)


def park(pbx: Pbx, call: Call = CALL) -> int:
    """Park; what the board is told."""
    open_row(pbx, call, defaultdict(set))
    return occupied(ParkingLot.objects.get(name=call.lot))[call.slot]["earlier"]


def before(**ago: float) -> datetime:
    return NOON - timedelta(**ago)


def test_calls_of_today_in_this_lot_are_counted(pbx: Pbx, lot: ParkingLot, other: ParkingLot) -> None:
    stay(lot, before(hours=1))
    stay(lot, before(hours=2), outcome="abandoned")
    stay(lot, before(hours=20), uniqueid="yesterday")
    stay(other, before(hours=1), uniqueid="not of this lot")
    stay(lot, before(hours=1), caller_number="+493012346", uniqueid="somebody else")
    assert park(pbx) == 2
    assert park(pbx, replace(CALL, timeout_at=NOON)) == 2, "the same stay, told again"


def test_a_call_that_moved_is_one_call(pbx: Pbx, lot: ParkingLot) -> None:
    stay(lot, before(hours=1), uniqueid="moved", outcome="moved")
    stay(lot, before(minutes=59), uniqueid="moved")
    assert park(pbx) == 1
    close(pbx, CALL, Ending(Outcome.MOVED, NOON), {}, defaultdict(set))
    assert park(pbx, replace(CALL, slot=704)) == 1, "its own earlier stay is no earlier call"


def test_whom_a_transfer_brings_is_counted_as_themselves(pbx: Pbx, lot: ParkingLot) -> None:
    stay(lot, before(hours=1))
    colleague = replace(CALL, uniqueid="colleague", caller=Party("204", "Ann"))
    assert park(pbx, colleague) == 0
    replace_row(pbx, colleague, CALL, defaultdict(set))
    assert occupied(lot)[703]["earlier"] == 1


@pytest.mark.parametrize("number", ["", "anonymous", "Anonymous", "Restricted", "unknown", "0", "0000", "+", " "])
def test_who_withholds_their_number_is_nobody(
    pbx: Pbx, lot: ParkingLot, number: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    stay(lot, before(hours=1), caller_number=number)
    assert park(pbx, replace(CALL, caller=Party(number))) == 0


@given(st.text())
def test_what_tells_callers_apart_has_a_sign_that_does(number: str) -> None:
    if is_somebody(number):
        assert number.strip().casefold() not in WITHHELD
        assert set(filter(str.isalnum, number)) - {"0"}


def ask(client: Client, lot: ParkingLot, call: str = "now") -> Any:
    return client.get(reverse("dashboard:earlier"), {"lot": lot.pk, "call": call})


@pytest.fixture
def past(pbx: Pbx, lot: ParkingLot, other: ParkingLot) -> None:
    park(pbx)
    stay(other, before(days=3), note="wants the invoice", for_name="Tom", retriever_name="Ann", retriever_number="204")
    stay(lot, before(hours=1), outcome="ended", remark="Nobody is free.")
    stay(lot, before(hours=1), caller_number="+49301234")


def test_the_latest_come_first_with_all_that_is_told(client: Client, rita: User, lot: ParkingLot, past: None) -> None:
    client.force_login(rita)
    answer = ask(client, lot).json()
    one, two = answer["stays"]
    assert (one["outcome"], one["lot"], one["remark"]) == ("ended", "Desk", "Nobody is free.")
    assert (two["lot"], two["slot"], two["note"], two["for_name"]) == ("Workshop", 801, "wants the invoice", "Tom")
    assert (two["parker"], two["taker"], two["ending"]) == ("Tom Front (203)", "Ann (204)", "retrieved")
    assert (two["waited"], two["at"]) == (60, round(before(days=3).timestamp() * 1000))
    assert answer["more"] == "/history/?caller=%2B493012345"


def test_only_lots_that_somebody_may_see(
    client: Client, rita: User, lot: ParkingLot, other: ParkingLot, past: None
) -> None:
    client.force_login(rita)
    LotRight.objects.create(lot=other, group=Group.objects.create(name="Others"), see=True)
    assert [one["lot"] for one in ask(client, lot).json()["stays"]] == ["Desk"]
    LotRight.objects.create(lot=lot, group=Group.objects.get(name="Others"), see=True)
    hidden = ask(client, lot)
    assert (hidden.status_code, hidden.json()) == (404, {"stays": [], "more": ""})


def test_who_may_not_look_back(client: Client, sam: User, lot: ParkingLot, past: None) -> None:
    assert ask(client, lot).status_code == 302, "to the login"
    sam.groups.clear()
    client.force_login(sam)
    assert ask(client, lot).status_code == 403


@pytest.mark.parametrize("lot_id", ["", "x", "-1", "9" * 30, "²"])
def test_nonsense_is_answered_like_what_is_not_there(client: Client, rita: User, past: None, lot_id: str) -> None:
    client.force_login(rita)
    assert client.get(reverse("dashboard:earlier"), {"lot": lot_id, "call": "now"}).status_code == 404


def test_a_withheld_number_has_no_past(client: Client, rita: User, pbx: Pbx, lot: ParkingLot) -> None:
    stay(lot, before(hours=1), caller_number="anonymous")
    park(pbx, replace(CALL, caller=Party("anonymous")))
    client.force_login(rita)
    assert ask(client, lot).json()["stays"] == []
    assert ParkedCall.objects.count() == 2
