"""What callers from outside tried: Asterisk's word for it becomes a row, and only the newest are kept."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lots.ami.message import Headers
from lots.ami.translate import event
from lots.board.apply import apply
from lots.board.state import Board
from lots.bridge.ledger import record
from lots.models import DoorTry, ParkingLot, Pbx
from lots.types.changes import Door, DoorTried, Entered, Link, LinkState
from tests.kit.pbx_model import call

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
WORD = {"Event": "UserEvent", "UserEvent": "ParkinglotDoor", "Channel": "PJSIP/trunk-00000001"}
TRIED = DoorTried(lot="desk", number="+4930100", caller="5551001", result=Door.WRONG, at=AT)


def heard(**fields: str) -> object:
    return event(Headers({**WORD, **fields}), AT)


def test_asterisks_word_for_it() -> None:
    assert heard(Lot="desk", Number="+4930100", Caller="5551001", Result="wrong") == TRIED


@pytest.mark.parametrize(
    "fields", [{"UserEvent": "SomebodyElses", "Result": "wrong"}, {"Result": "odd"}, {}], ids=["other", "odd", "none"]
)
def test_other_words_are_not_ours(fields: dict[str, str]) -> None:
    assert heard(**fields) is None


def test_the_board_passes_it_on_and_stays_as_it_is() -> None:
    board = Board(link=Link(LinkState.HEARING, AT))
    assert apply(board, TRIED) == (board, [TRIED])


@pytest.mark.django_db
def test_tries_are_written_with_what_else_happened(pbx: Pbx, lot: ParkingLot) -> None:
    news = record(pbx, [TRIED, Entered(replace(call("u1", 701), lot=lot.name)), TRIED], {})
    assert [one["kind"] for one in news] == ["change"]
    row = DoorTry.objects.all()[0]
    assert (row.lot, row.number, row.caller, row.result, row.at) == (lot, "+4930100", "5551001", "wrong", AT)
    assert str(row) == "5551001 → +4930100: wrong PIN"
    assert DoorTry.objects.count() == 2


@pytest.mark.django_db
def test_of_another_pbx_or_a_lot_that_is_gone_nothing_is_written(pbx: Pbx, lot: ParkingLot) -> None:
    other = Pbx.objects.create(name="other")
    record(other, [TRIED], {})
    lot.delete()
    record(pbx, [TRIED], {})
    assert not DoorTry.objects.exists()


@pytest.mark.django_db
def test_texts_of_any_length_stop_nothing(pbx: Pbx, lot: ParkingLot) -> None:
    long = DoorTried(lot="desk", number="1" * 100, caller="2" * 100, result=Door.OPENED, at=AT)
    record(pbx, [long], {})
    row = DoorTry.objects.get()
    row.full_clean()
    assert (row.number, row.caller) == ("1" * 40, "2" * 40)


@pytest.mark.django_db
def test_only_the_newest_are_kept(pbx: Pbx, lot: ParkingLot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(DoorTry, "KEPT", 3)
    times = [AT + timedelta(minutes=minute) for minute in range(5)]
    for time in times:
        record(pbx, [DoorTried(lot="desk", number="1", caller="2", result=Door.LOCKED, at=time)], {})
    assert sorted(DoorTry.objects.values_list("at", flat=True)) == times[2:]
