"""What a page may ask for beside a retrieval: form and rights, checked at that moment."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission, User

from dashboard.orders import KINDS, Refused, order_of
from dashboard.rights import Viewer
from lots.models import LotRight, Notice, PagingZone, ParkedCall, ParkingLot, Pbx, Phone
from tests.kit.logins import person, phone, viewer
from tests.kit.pbx_model import START

pytestmark = pytest.mark.django_db

CALL = {"slot": 703, "uniqueid": "u1"}


@pytest.fixture
def desk(lot: ParkingLot, rita: User) -> Viewer:
    return viewer(rita)


def ask(who: Viewer, kind: str, **fields: Any) -> dict[str, Any]:
    return dict(order_of(who, {"type": kind, "command": "c1", **fields}, "s1", "hub"))


def refusal(who: Viewer, kind: str, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        ask(who, kind, **fields)
    return str(refused.value)


def test_take_next_goes_through_the_lots_one_may_take_calls_from(
    desk: Viewer, lot: ParkingLot, rita: User, pbx: Pbx
) -> None:
    other = ParkingLot.objects.create(pbx=pbx, name="shop", label="Shop", first_slot=801, last_slot=802)
    assert ask(desk, "take_next", lot=None)["lots"] == {"desk": lot.pk, "shop": other.pk}
    assert ask(desk, "take_next", lot=other.pk)["lots"] == {"shop": other.pk}
    LotRight.objects.create(lot=other, group=Group.objects.get(name="Administrators"))
    assert ask(desk, "take_next", lot=None)["lots"] == {"desk": lot.pk}
    assert refusal(desk, "take_next", lot=other.pk) == "forbidden"
    rita.phones.all().delete()
    assert refusal(desk, "take_next", lot=None) == "no_phone"


def test_a_call_is_sent_to_a_phone_that_is_set_up(desk: Viewer, lot: ParkingLot, ron: User) -> None:
    his = Phone.objects.get(owner=ron)
    order = ask(desk, "send", lot=lot.pk, to=his.pk, **CALL)
    assert (order["phone"]["device"], order["taker"], order["user_name"]) == ("PJSIP/202", ron.pk, "Rita Desk")
    assert refusal(desk, "send", lot=lot.pk, to=0, **CALL) == "no_such_phone"
    assert refusal(desk, "send", lot=lot.pk, to="7", **CALL) == "bad_request"


def test_a_note_is_one_line_of_text_and_the_phone_gives_the_name(desk: Viewer, lot: ParkingLot, pbx: Pbx) -> None:
    tom = phone(pbx, "209", None)
    order = ask(desk, "note", lot=lot.pk, note=" a\nb\x00  c\u2028d ", for_phone=tom.pk, **CALL)
    assert order["note"] == {"note": "a b c d", "for_name": "Desk 209", "for_phone": tom.pk}
    order = ask(desk, "note", lot=lot.pk, note="", for_name="Tom", for_phone=tom.pk, **CALL)
    assert order["note"]["for_name"] == "Tom"
    assert refusal(desk, "note", lot=lot.pk, note="x" * 301, **CALL) == "bad_request"
    assert refusal(desk, "note", lot=lot.pk, note=["x"], **CALL) == "bad_request"
    assert refusal(desk, "note", lot=lot.pk, note="", for_phone=0, **CALL) == "no_such_phone"


def test_a_notice_names_phone_owner_and_sender(desk: Viewer, lot: ParkingLot, ron: User, sam: User) -> None:
    his = Phone.objects.get(owner=ron)
    order = ask(desk, "notify", lot=lot.pk, to=his.pk, text="hurry", **CALL)
    assert (order["taker"], order["notified"]["sender"], order["notified"]["text"]) == (ron.pk, "Rita Desk", "hurry")
    assert order["notified"]["phone"]["device"] == "PJSIP/202"
    assert refusal(desk, "notify", lot=lot.pk, to=0, **CALL) == "no_such_phone"
    call = ParkedCall.objects.create(lot=lot, slot=703, uniqueid="u1", parked_at=START)
    notice = Notice.objects.create(call=call, to_user=sam, to_name="Sam", from_user=ron, from_name="Ron", at=START).pk
    order = ask(viewer(sam), "seen", notice=notice, answer="coming")
    assert (order["notice"], order["pbx"]) == (notice, lot.pbx_id), "staff may answer what they are told"
    assert refusal(desk, "seen", notice=notice + 1, answer="seen") == "no_such_notice"
    for answer in ("", "maybe", None, ["seen"]):
        assert refusal(desk, "seen", notice=notice, answer=answer) == "bad_request"


def test_a_missed_call_is_settled_by_who_may_take_calls_there(desk: Viewer, lot: ParkingLot) -> None:
    row = ParkedCall.objects.create(
        lot=lot, slot=703, uniqueid="u1", parked_at=START, ended_at=START, outcome="abandoned"
    )
    order = ask(desk, "settle", missed=row.pk, remark="left a message")
    assert (order["missed"], order["remark"], order["undo"]) == (row.pk, "left a message", False)
    assert ask(desk, "settle", missed=row.pk, undo=True)["undo"] is True
    assert refusal(desk, "settle", missed=row.pk + 1) == "forbidden"
    LotRight.objects.create(lot=lot, group=Group.objects.get(name="Administrators"))
    assert refusal(desk, "settle", missed=row.pk) == "forbidden"


def test_what_is_said_before_the_end_is_one_line_and_short(desk: Viewer, lot: ParkingLot) -> None:
    order = ask(desk, "end", lot=lot.pk, message=" Good\nbye. ", **CALL)
    assert (order["message"], order["detail"]) == ("Good bye.", "Good bye.")
    assert ask(desk, "end", lot=lot.pk, **CALL)["message"] == ""
    assert refusal(desk, "end", lot=lot.pk, message=["x"], **CALL) == "bad_request"
    assert refusal(desk, "end", lot=lot.pk, message="x" * 301, **CALL) == "bad_request"


def test_who_parks_and_pages_may_do_both_there(desk: Viewer, lot: ParkingLot, pbx: Pbx) -> None:
    zone = PagingZone.objects.create(pbx=pbx, label="Hall")
    fields = {"lot": lot.pk, "call": "u1", "to_slot": None, "zone": zone.pk, "for_whom": "Tom", "for_phone": None}
    order = ask(desk, "park", **fields)
    assert (order["zone"], order["for_whom"], order["lot_label"]) == (zone.pk, "Tom", "Desk")
    assert "zone" not in ask(desk, "park", **{**fields, "zone": None})
    assert refusal(desk, "park", **{**fields, "zone": zone.pk + 1}) == "no_such_zone"
    assert refusal(desk, "park", **{**fields, "for_whom": "x" * 81}) == "bad_request"
    LotRight.objects.create(lot=lot, group=Group.objects.get(name="Receptionists"), see=True, park=True, page=False)
    assert refusal(desk, "park", **fields) == "forbidden"
    assert "zone" not in ask(desk, "park", **{**fields, "zone": None})


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"seen"}))
def test_who_may_only_look_may_order_nothing(kind: str, desk: Viewer, lot: ParkingLot, sam: User, pbx: Pbx) -> None:
    """With every field in place, so that it is the right alone which is missing."""
    phone(pbx, "205", sam)
    row = ParkedCall.objects.create(
        lot=lot, slot=703, uniqueid="u1", parked_at=START, ended_at=START, outcome="abandoned"
    )
    to = Phone.objects.get(number="201").pk
    fields = {"lot": lot.pk, "to": to, "missed": row.pk, "note": "", "to_lot": lot.pk, "seconds": 60, "call": "u1"}
    assert refusal(viewer(sam), kind, **fields, **CALL) in {"forbidden", "bad_request" if kind == "park_demo" else ""}


def test_a_right_of_another_act_opens_no_lot(lot: ParkingLot, pbx: Pbx, roles: None) -> None:
    """May park and end, may not take calls."""
    user = person("pat", "Staff")
    codes = ["park_parkedcall", "end_parkedcall", "page_parkedcall"]
    user.user_permissions.set(Permission.objects.filter(codename__in=codes))
    for kind in ("retrieve", "send", "claim", "unclaim", "note"):
        assert refusal(viewer(user), kind, lot=lot.pk, to=1, note="", **CALL) == "forbidden"
