"""What changed becomes rows, revisions and news; nothing twice, nothing lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone, translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lots.ami.address import AmiAddress
from lots.ami.reasons import why
from lots.bridge.ledger import close_interrupted, open_calls, record, revisions, start_deaf
from lots.bridge.missed import missed_facts
from lots.models import ParkedCall, ParkingLot, Pbx
from lots.types.calls import Call, Lot, Party
from lots.types.changes import (
    PROVISIONAL,
    Change,
    Ended,
    Ending,
    Entered,
    Link,
    LinkChanged,
    LinkState,
    ListWanted,
    LotsChanged,
    Outcome,
    Replaced,
    Resolved,
    Resumed,
)
from tests.kit.pbx_model import LOT, START, call
from tests.kit.pbx_model import Pbx as Model
from tests.unit.test_board_properties import STEPS, come_to_rest

pytestmark = pytest.mark.django_db
LATER = START + timedelta(seconds=7)
BOB = replace(
    call("u1", 703),
    caller=Party("5551001", "Bob"),
    parker=Party("203", "Tom"),
    parker_device="PJSIP/203",
    linkedid="l1",
    timeout_at=START + timedelta(seconds=45),
)
FREE = {"slot": 703, "state": "free"}


def write(pbx: Pbx, *changes: Change, **takers: int) -> list[dict[str, object]]:
    return list(record(pbx, changes, takers))  # type: ignore[arg-type]


def ended(outcome: Outcome, who: Call = BOB, **ending: object) -> Ended:
    return Ended(who, Ending(outcome, LATER, **ending))  # type: ignore[arg-type]


def test_a_call_that_enters_is_a_row_and_a_slot(pbx: Pbx, lot: ParkingLot) -> None:
    (news,) = write(pbx, Entered(BOB))
    row = ParkedCall.objects.get()
    assert (row.lot, row.slot, row.uniqueid, row.linkedid, row.channel) == (lot, 703, "u1", "l1", "PJSIP/x-u1")
    assert (row.outcome, row.ended_at, row.waited_seconds) == ("", None, None)
    at = int(START.timestamp() * 1000)
    assert news == {
        "kind": "change",
        "lot": lot.pk,
        "after": 0,
        "revision": 1,
        "slots": [
            {
                "slot": 703,
                "state": "parked",
                "uniqueid": "u1",
                "caller": {"name": "Bob", "number": "5551001"},
                "parker": {"name": "Tom", "number": "203", "device": "PJSIP/203"},
                "parked_at": at,
                "waiting_since": at,
                "timeout_at": at + 45_000,
                "claimed_by": None,
                "claimer": None,
                "note": "",
                "for_name": "",
                "for_phone": None,
                "earlier": 0,
            }
        ],
    }
    assert open_calls(pbx) == [BOB], "a bridge that starts now believes what this one believed"


def test_the_same_stay_told_twice_is_one_row(pbx: Pbx, lot: ParkingLot) -> None:
    write(pbx, Entered(BOB))
    write(pbx, Entered(replace(BOB, channel="PJSIP/y")))
    assert ParkedCall.objects.get().channel == "PJSIP/y"


@pytest.mark.parametrize("outcome", list(Outcome))
def test_a_stay_that_ends_keeps_how_and_when_and_frees_the_slot(pbx: Pbx, lot: ParkingLot, outcome: Outcome) -> None:
    write(pbx, Entered(BOB))
    *missed, news = write(pbx, ended(outcome))
    assert missed == ([{"kind": "missed"}] if outcome is Outcome.ABANDONED else [])
    row = ParkedCall.objects.get()
    assert (row.outcome, row.ended_at, row.waited_seconds) == (outcome.value, LATER, 7)
    assert (news["after"], news["revision"], news["slots"]) == (1, 2, [FREE])
    assert outcome in dict(ParkedCall.OUTCOMES), "the admin has a word for it"


def test_who_took_the_call_is_the_user_behind_the_channel(pbx: Pbx, lot: ParkingLot, rita: User) -> None:
    other = replace(BOB, uniqueid="u2", slot=704)
    write(pbx, Entered(BOB), Entered(other))
    ParkedCall.objects.update(claimed_by=rita, claim_until=LATER)
    by = {"retriever": Party("201", "Rita"), "retriever_channel": "PJSIP/201-1"}
    write(
        pbx,
        ended(Outcome.RETRIEVED, retriever_uniqueid="ours", **by),
        ended(Outcome.RETRIEVED, other, retriever_uniqueid="a phone's own", **by),
        ours=rita.pk,
    )
    mine, foreign = ParkedCall.objects.order_by("slot")
    assert mine.retrieved_by == rita
    assert foreign.retrieved_by is None
    for row in (mine, foreign):
        assert (row.retriever_number, row.retriever_name, row.retriever_channel) == ("201", "Rita", "PJSIP/201-1")
        assert (row.claimed_by, row.claim_until) == (None, None), "an ended stay is claimed by nobody"


@pytest.mark.parametrize("first", list(Outcome))
def test_only_provisional_outcomes_are_corrected(pbx: Pbx, lot: ParkingLot, rita: User, first: Outcome) -> None:
    write(pbx, Entered(BOB), ended(first))
    taken = Ending(Outcome.RETRIEVED, LATER + timedelta(seconds=1), Party("201"), "c", "ours")
    assert write(pbx, Resolved("u1", taken), ours=rita.pk) == [], "no slot changed"
    row = ParkedCall.objects.get()
    corrected = first in PROVISIONAL
    assert row.outcome == (Outcome.RETRIEVED.value if corrected else first.value)
    assert row.retrieved_by == (rita if corrected else None)
    assert row.ended_at == LATER, "the slot was free since then"


def test_a_correction_is_for_the_last_stay_and_never_for_an_open_one(pbx: Pbx, lot: ParkingLot) -> None:
    moved = replace(BOB, slot=704, parked_at=LATER)
    write(pbx, Entered(BOB), ended(Outcome.LEFT), Entered(moved), ended(Outcome.LEFT, moved))
    write(pbx, Resolved("u1", Ending(Outcome.ABANDONED, LATER)), Resolved("nobody", Ending(Outcome.MOVED, LATER)))
    assert list(ParkedCall.objects.order_by("slot").values_list("outcome", flat=True)) == ["left", "abandoned"]
    write(pbx, Entered(replace(moved, slot=701)), Resolved("u1", Ending(Outcome.RETRIEVED, LATER)))
    assert ParkedCall.objects.get(slot=701).outcome == ""


def test_the_last_stay_is_the_one_written_last(pbx: Pbx, lot: ParkingLot) -> None:
    """A list tells ages in whole seconds: a stay it speaks of may seem to begin before the one it ended."""
    moved = replace(BOB, slot=704, parked_at=BOB.parked_at - timedelta(seconds=0.4))
    write(pbx, Entered(BOB), ended(Outcome.MOVED), Entered(moved), ended(Outcome.LEFT, moved))
    write(pbx, Resolved("u1", Ending(Outcome.ABANDONED, LATER)))
    assert list(ParkedCall.objects.order_by("slot").values_list("outcome", flat=True)) == ["moved", "abandoned"]


def test_a_move_is_two_stays_and_one_revision(pbx: Pbx, lot: ParkingLot) -> None:
    write(pbx, Entered(BOB))
    (news,) = write(pbx, ended(Outcome.MOVED), Entered(replace(BOB, slot=701, parked_at=LATER)))
    assert [(s["slot"], s["state"]) for s in news["slots"]] == [(701, "parked"), (703, "free")]  # type: ignore[attr-defined]
    assert (news["after"], news["revision"]) == (1, 2)
    assert list(ParkedCall.objects.order_by("pk").values_list("slot", "outcome")) == [(703, "moved"), (701, "")]


def test_a_moved_caller_waits_since_the_first_stay_also_for_a_bridge_that_starts_now(pbx: Pbx, lot: ParkingLot) -> None:
    write(pbx, Entered(BOB))
    moved = replace(BOB, slot=701, parked_at=LATER, waiting_since=START)
    (news,) = write(pbx, ended(Outcome.MOVED), Entered(moved))
    shown = news["slots"][0]  # type: ignore[attr-defined]
    assert shown["parked_at"] - shown["waiting_since"] == 7000
    assert open_calls(pbx) == [moved]
    write(pbx, Ended(moved, Ending(Outcome.ABANDONED, LATER + timedelta(seconds=5))))
    ParkedCall.objects.update(ended_at=timezone.now())  # the list goes by the clock
    (missed,) = missed_facts()
    row = ParkedCall.objects.get(slot=701)
    assert missed["waited"] == int((row.ended_at - START).total_seconds()), "the whole wait"  # type: ignore[operator]


def test_a_replaced_call_is_the_same_row_and_keeps_its_parker(pbx: Pbx, lot: ParkingLot) -> None:
    write(pbx, Entered(BOB))
    pk = ParkedCall.objects.get().pk
    after = replace(BOB, uniqueid="u9", channel="c9", caller=Party("1", "New"), parker=Party("", ""), parker_device="")
    (news,) = write(pbx, Replaced(BOB, after))
    row = ParkedCall.objects.get()
    assert (row.pk, row.uniqueid, row.caller_name, row.channel) == (pk, "u9", "New", "c9")
    assert (row.parker_number, row.parker_name, row.parker_device) == ("203", "Tom", "PJSIP/203")
    assert [s["uniqueid"] for s in news["slots"]] == ["u9"]  # type: ignore[attr-defined]
    write(pbx, Replaced(after, replace(after, uniqueid="u10", parker=Party("204", "Ines"))))
    row.refresh_from_db()
    assert (row.parker_number, row.parker_name, row.parker_device) == ("204", "Ines", "PJSIP/203")


def test_a_stay_that_goes_on_after_a_reminder_is_the_same_row_with_its_claim(
    pbx: Pbx, lot: ParkingLot, rita: User
) -> None:
    later = LATER + timedelta(minutes=2)
    write(pbx, Entered(BOB))
    ParkedCall.objects.update(claimed_by=rita, claim_until=later)
    (news,) = write(pbx, ended(Outcome.TIMED_OUT), Resumed(replace(BOB, channel="c2", timeout_at=later)))
    row = ParkedCall.objects.get()
    assert (row.ended_at, row.outcome, row.parked_at, row.timeout_at) == (None, "", START, later)
    assert (row.claimed_by, row.channel, row.parker_name) == (rita, "c2", "Tom")
    assert [s["state"] for s in news["slots"]] == ["parked"], "boards never saw it go"  # type: ignore[attr-defined]


@pytest.mark.parametrize(("timeout", "shown"), [(120, 120_000), (0, None)])
def test_boards_show_when_a_call_goes_back_and_not_when_its_parker_is_reminded(
    pbx: Pbx, lot: ParkingLot, timeout: int, shown: int | None
) -> None:
    """Asterisk knows of 40 seconds until the reminder, and of what is left after it."""
    settings = {"observed": False, "live_reminder": 40, "live_timeout": 40, "live_total": timeout, "timeout": 999}
    ParkingLot.objects.filter(pk=lot.pk).update(**settings)
    at, moment = int(START.timestamp() * 1000), timedelta(seconds=41)
    due = at + shown if shown else None
    (news,) = write(pbx, Entered(replace(BOB, timeout_at=START + moment)))
    assert news["slots"][0]["timeout_at"] == due  # type: ignore[index]
    left = START + timedelta(seconds=timeout) if timeout else None
    (news,) = write(pbx, ended(Outcome.TIMED_OUT), Resumed(replace(BOB, timeout_at=left)))
    assert news["slots"][0]["timeout_at"] == due  # type: ignore[index]
    ParkingLot.objects.filter(pk=lot.pk).update(live_timeout=120)
    (news,) = write(pbx, Entered(replace(BOB, uniqueid="u2", slot=704, timeout_at=START + moment)))
    assert news["slots"][0]["timeout_at"] == at + 41_000, "not published yet"  # type: ignore[index]


def test_only_the_latest_stay_in_the_slot_goes_on(pbx: Pbx, lot: ParkingLot) -> None:
    again = replace(BOB, parked_at=LATER)
    write(pbx, Entered(BOB), ended(Outcome.TIMED_OUT), Entered(again), ended(Outcome.TIMED_OUT, again), Resumed(again))
    assert list(ParkedCall.objects.order_by("pk").values_list("outcome", flat=True)) == ["timed_out", ""]
    write(pbx, Resumed(replace(again, timeout_at=None)))
    assert list(ParkedCall.objects.order_by("pk").values_list("outcome", "timeout_at"))[1] == ("", None)


def test_a_stay_that_goes_on_and_was_never_written_down_begins(pbx: Pbx, lot: ParkingLot) -> None:
    write(pbx, Entered(BOB), ended(Outcome.RETRIEVED), Resumed(BOB))
    assert list(ParkedCall.objects.order_by("pk").values_list("outcome", flat=True)) == ["retrieved", ""]


def test_each_touched_lot_gets_one_revision_a_transaction(pbx: Pbx, lot: ParkingLot) -> None:
    far = replace(BOB, lot="far", uniqueid="u2", slot=1)
    news = write(pbx, Entered(BOB), Entered(replace(BOB, uniqueid="u3", slot=704)), Entered(far), ended(Outcome.LEFT))
    assert [(n["revision"], n["after"]) for n in news] == [(1, 0), (1, 0)]
    write(pbx, Entered(replace(far, uniqueid="u4", slot=2)))
    assert revisions(pbx) == {str(lot.pk): 1, str(ParkingLot.objects.get(name="far").pk): 2}


def test_a_lot_unknown_so_far_is_made_and_the_next_list_completes_it(pbx: Pbx) -> None:
    (news,) = write(pbx, Entered(replace(BOB, lot="new-lot")))
    made = ParkingLot.objects.get()
    assert (made.first_slot, made.last_slot, news["lot"]) == (703, 703, made.pk)
    assert write(pbx, LotsChanged((Lot(name="new-lot", first=701, last=709, timeout=30),))) == [{"kind": "lots"}]
    made.refresh_from_db()
    assert (made.first_slot, made.last_slot, made.timeout) == (701, 709, 30)


def test_lots_that_vanish_are_kept_unseen_and_return_with_their_label(pbx: Pbx) -> None:
    sales = Lot(name="sales_floor-2", first=721, last=726, timeout=0)
    write(pbx, LotsChanged((LOT, sales)))
    shown = ParkingLot.objects.get(name="sales_floor-2")
    assert (shown.label, shown.timeout, shown.present) == ("Sales floor 2", 0, True)
    ParkingLot.objects.filter(pk=shown.pk).update(label="Ours", on_board=False)
    write(pbx, Entered(BOB), LotsChanged((sales,)))
    gone = ParkingLot.objects.get(name="desk")
    assert not gone.present
    assert gone.calls.count() == 1
    assert write(pbx, ended(Outcome.LEFT)) == [], "boards do not show the lot"
    assert revisions(pbx)[str(gone.pk)] == 2, "but its history goes on"
    write(pbx, LotsChanged((LOT, sales)))
    gone.refresh_from_db()
    shown.refresh_from_db()
    assert gone.present
    assert (shown.label, shown.on_board) == ("Ours", False), "what an administrator decided stays"


def test_lots_of_another_pbx_are_left_alone(pbx: Pbx, lot: ParkingLot) -> None:
    other = Pbx.objects.create(name="other")
    write(other, LotsChanged(()), Entered(BOB))
    lot.refresh_from_db()
    assert (lot.present, lot.revision) == (True, 0)
    assert open_calls(pbx) == []


def test_the_link_is_written_and_told(pbx: Pbx) -> None:
    link = Link(LinkState.LOST, LATER, "x" * 400)
    (news,) = write(pbx, LinkChanged(link))
    assert news["link"] == {"state": "lost", "since": int(LATER.timestamp() * 1000), "reason": "x" * 300}
    pbx.refresh_from_db()
    assert (pbx.link_state, pbx.link_since, pbx.link_reason) == ("lost", LATER, "x" * 300)


def test_the_reason_is_kept_in_the_portals_own_language(pbx: Pbx) -> None:
    reason = why(ConnectionRefusedError(), AmiAddress.parse("ami://u:s@pbx.example"))
    with translation.override("de"):
        write(pbx, LinkChanged(Link(LinkState.LOST, LATER, reason)))
    pbx.refresh_from_db()
    assert pbx.link_reason.startswith("Auf pbx.example:5038 nimmt niemand Verbindungen an")


def test_a_wish_for_a_list_is_nothing_to_write(pbx: Pbx, lot: ParkingLot) -> None:
    assert write(pbx, ListWanted()) == []
    assert revisions(pbx) == {str(lot.pk): 0}


def test_texts_longer_than_their_columns_are_cut_not_refused(pbx: Pbx, lot: ParkingLot) -> None:
    """A strict database refuses them, and one such caller would stop the bridge for good."""
    long = "n\0" + "n" * 999
    huge = replace(BOB, caller=Party(long, long), parker=Party(long, long), parker_device=long, channel=long)
    write(pbx, Entered(huge))
    write(pbx, Ended(huge, Ending(Outcome.RETRIEVED, LATER, Party(long, long), long)))
    row = ParkedCall.objects.get()
    for field in ParkedCall._meta.concrete_fields:
        value = getattr(row, field.name)
        if isinstance(value, str) and field.max_length is not None:
            assert len(value) <= field.max_length, field.name
            assert "\0" not in value, field.name
    assert row.caller_name == "n" * 200


def test_what_a_dead_bridge_left_open_is_closed(pbx: Pbx, lot: ParkingLot) -> None:
    write(pbx, Entered(BOB), ended(Outcome.LEFT), Entered(call("u2", 704)))
    close_interrupted(pbx)
    assert list(ParkedCall.objects.order_by("pk").values_list("outcome", flat=True)) == ["unseen", ""]
    start_deaf(pbx)
    pbx.refresh_from_db()
    assert pbx.link_state == "lost"
    since = pbx.link_since
    start_deaf(pbx)
    pbx.refresh_from_db()
    assert pbx.link_since == since, "an outage goes on since it began"


def stays(changes: list[Change]) -> list[tuple[str, str]]:
    """Uniqueid and outcome of each stay, in the order they began: the ledger's rules without a database."""
    told: list[list[str]] = []
    for change in changes:
        match change:
            case Entered(who):
                told.append([who.uniqueid, ""])
            case Ended(who, ending):
                next(s for s in told if s == [who.uniqueid, ""])[1] = ending.outcome.value
            case Resumed(who):
                next(s for s in reversed(told) if s[0] == who.uniqueid)[1] = ""
            case Replaced(before, who):
                next(s for s in told if s == [before.uniqueid, ""])[0] = who.uniqueid
            case Resolved(uid, ending):
                last = next((s for s in reversed(told) if s[0] == uid and s[1]), None)
                if last and Outcome(last[1]) in PROVISIONAL:
                    last[1] = ending.outcome.value
    return [(uid, outcome) for uid, outcome in told]


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.one_of(STEPS, STEPS, st.just(("write",))), max_size=40))
def test_whatever_happens_the_rows_are_the_truth(db: None, steps: list[tuple[object, ...]]) -> None:
    """However the changes are cut into transactions; the constraints of the tables hold at every write."""
    with transaction.atomic():
        pbx, model, written, told = Pbx.objects.create(name="model"), Model(), list[Change](), list[tuple[int, int]]()

        def put_down() -> None:
            for news in record(pbx, model.changes, {}):
                if news["kind"] == "change":
                    told.append((news["after"], news["revision"]))
            written.extend(model.changes)
            model.changes.clear()
            rows = ParkedCall.objects.filter(ended_at=None).select_related("lot")
            assert {row.uniqueid: (row.lot.name, row.slot) for row in rows} == model.believed()
            assert len(rows) == len(model.believed())

        model.come_back()
        for name, *rest in steps:
            if name == "write":
                put_down()
            elif name == "close_list":
                model.close_list(late=bool(rest[0]))
            else:
                getattr(model, str(name))(*rest)
        come_to_rest(model)
        put_down()
        assert model.believed() == model.truth()
        assert list(ParkedCall.objects.order_by("pk").values_list("uniqueid", "outcome")) == stays(written)
        assert told == [(n, n + 1) for n in range(len(told))]
        assert ParkingLot.objects.get().revision == len(told)
        transaction.set_rollback(True)
