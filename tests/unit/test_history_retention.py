"""What is older than the settings allow goes: names first, rows later, and never who still waits."""

from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from lots import retention
from lots.models import Act, DoorTry, Notice, ParkedCall, ParkingLot, Phone
from tests.kit.stays import stay

pytestmark = pytest.mark.django_db
OLD, NEW = 100, 10
"""Days."""


@pytest.fixture
def past(lot: ParkingLot, rita: User, settings: Settings) -> None:
    """An old and a new one of everything, and a caller who has waited since before all of them."""
    settings.HISTORY_DAYS = settings.ANONYMISE_DAYS = 0
    phone = Phone.objects.get(owner=rita)
    for days in (OLD, NEW):
        at = timezone.now() - timedelta(days=days)
        names = {"retriever_name": "Rita", "retriever_number": "201", "retriever_channel": "PJSIP/201-1"}
        people = {"retrieved_by": rita, "called_back_by": rita, "for_phone": phone}
        texts = {"note": "n", "for_name": "f", "remark": "r", "channel": "c", "parker_device": "d"}
        call = stay(lot, at, uniqueid=f"u{days}", **names, **people, **texts)
        Act.objects.create(
            at=at, user=rita, user_name="Rita", kind="note", lot=lot, caller="Maria", detail="d", code="ok"
        )
        DoorTry.objects.create(lot=lot, number="4930", caller="555", result="wrong", at=at)
        Notice.objects.create(call=call, to_user=rita, to_phone=phone, to_name="R", from_name="S", text="t", at=at)
    waiting = stay(lot, timezone.now() - timedelta(days=2 * OLD), None, caller_name="Waits", note="still")
    Notice.objects.create(call=waiting, to_name="W", from_name="S", at=timezone.now() - timedelta(days=OLD))


def run(settings: Settings, history: int = 0, anonymise: int = 0, **options: Any) -> str:
    settings.HISTORY_DAYS, settings.ANONYMISE_DAYS = history, anonymise
    said = StringIO()
    call_command("tidy_history", stdout=said, **options)
    return said.getvalue()


def counts() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (ParkedCall, Act, DoorTry, Notice))  # type: ignore[attr-defined]


def contents() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (ParkedCall, Act, DoorTry, Notice)]  # type: ignore[attr-defined]


def test_nothing_set_keeps_all(past: None, settings: Settings) -> None:
    before = contents()
    assert run(settings) == "Everything is kept: neither HISTORY_DAYS nor ANONYMISE_DAYS is set.\n"
    assert contents() == before


def test_rows_older_than_allowed_are_deleted(past: None, settings: Settings) -> None:
    said = run(settings, history=50)
    assert counts() == (2, 1, 1, 2)
    assert set(ParkedCall.objects.values_list("caller_name", flat=True)) == {"Maria Keller", "Waits"}
    assert said.splitlines() == [
        "notices: 1 deleted, 0 made anonymous",
        "parked calls: 1 deleted, 0 made anonymous",
        "board actions: 1 deleted, 0 made anonymous",
        "tries at outside numbers: 1 deleted, 0 made anonymous",
    ]


def test_names_numbers_and_notes_go_and_figures_stay(past: None, settings: Settings, lot: ParkingLot) -> None:
    before = ParkedCall.objects.get(uniqueid=f"u{OLD}")
    said = run(settings, anonymise=50)
    assert "parked calls: 0 deleted, 1 made anonymous" in said
    assert counts() == (3, 2, 2, 3)
    call = ParkedCall.objects.get(uniqueid=f"u{OLD}")
    kept = {"lot_id", "slot", "uniqueid", "parked_at", "ended_at", "outcome", "earlier", "waiting_since"}
    assert {name: getattr(call, name) for name in kept} == {name: getattr(before, name) for name in kept}
    ours = {"id", "_state", "linkedid", "timeout_at", "claim_until", "called_back_at"}
    rest = {name: value for name, value in vars(call).items() if name not in kept | ours}
    assert rest.pop("back_ringing") == []
    assert len(rest) == 23
    assert not any(rest.values()), rest
    act = Act.objects.latest("-at")
    assert (act.user, act.user_name, act.caller, act.detail) == (None, "", "", "")
    assert (act.kind, act.code, act.lot) == ("note", "ok", lot)
    assert DoorTry.objects.latest("-at").caller == ""
    notice = Notice.objects.get(call=call)
    assert (notice.to_user, notice.to_phone, notice.to_name, notice.from_name, notice.text) == (None, None, "", "", "")


def test_what_is_new_or_open_is_not_touched(past: None, settings: Settings) -> None:
    run(settings, history=90, anonymise=50)
    new = ParkedCall.objects.get(uniqueid=f"u{NEW}")
    assert (new.caller_name, new.note) == ("Maria Keller", "n")
    assert Act.objects.get().user_name == "Rita"
    waiting = ParkedCall.objects.get(ended_at=None)
    assert (waiting.caller_name, waiting.note) == ("Waits", "still")
    assert Notice.objects.get(call=waiting).to_name == "W"


def test_a_dry_run_says_the_same_and_does_nothing(past: None, settings: Settings) -> None:
    before = contents()
    dry = run(settings, history=50, anonymise=5, dry_run=True)
    assert contents() == before
    assert "parked calls: 1 would be deleted, 1 would be made anonymous" in dry
    assert run(settings, history=50, anonymise=5) == dry.replace("would be ", "")


def test_a_second_run_has_nothing_to_do(past: None, settings: Settings) -> None:
    run(settings, history=90, anonymise=5)
    assert "1 " not in run(settings, history=90, anonymise=5)


@pytest.mark.parametrize("at_once", [1, 3, 9, 100])
def test_many_rows_go_piece_by_piece(
    past: None, settings: Settings, monkeypatch: pytest.MonkeyPatch, lot: ParkingLot, at_once: int
) -> None:
    monkeypatch.setattr(retention, "AT_ONCE", at_once)
    for _ in range(8):
        stay(lot, timezone.now() - timedelta(days=OLD))
    assert "parked calls: 0 deleted, 9 made anonymous" in run(settings, anonymise=50)
    assert "parked calls: 9 deleted, 0 made anonymous" in run(settings, history=50)
    assert ParkedCall.objects.count() == 2
