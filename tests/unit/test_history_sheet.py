"""Stays and figures as files: everything that was filtered, harmless in a spreadsheet, times that are unmistakable."""

import csv
from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from asgiref.sync import sync_to_async
from django.contrib.auth.models import User
from django.http import HttpResponse
from django.test import AsyncClient
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from dashboard.history import sheet
from dashboard.history.sheet import cell, lines
from lots.models import ParkedCall, ParkingLot
from tests.kit.logins import login
from tests.kit.stays import NOON, stay

transactional = pytest.mark.django_db(transaction=True)


async def download(user: User, query: str = "", zone: str = "Europe/Berlin") -> list[dict[str, str]]:
    client = AsyncClient()
    await client.aforce_login(user)
    client.cookies["parkinglot_zone"] = zone
    answer: Any = await client.get(f"/history/stays.csv{query}")
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="parkinglot-history-20')
    return rows_of("".join([part.decode() async for part in answer.streaming_content]))


def rows_of(text: str) -> list[dict[str, str]]:
    assert text.startswith("\ufeff")
    return list(csv.DictReader(StringIO(text[1:], newline="")))


@transactional
async def test_a_stay_in_full(lot: ParkingLot, rita: User) -> None:
    fields = {"for_name": "Dr. Weber", "note": 'wants, “an” "invoice"\nsoon', "outcome": "abandoned"}
    settled = {"called_back_at": datetime(2025, 11, 25, 13, tzinfo=UTC), "called_back_by": rita, "remark": "done"}
    await sync_to_async(stay)(lot, datetime(2026, 7, 1, 22, 30, tzinfo=UTC), 95, **fields, **settled)
    (row,) = await download(rita)
    assert row == {
        "Parked at": "2026-07-02T00:30:00+02:00",
        "Lot": "Desk",
        "Slot": "701",
        "Caller's name": "Maria Keller",
        "Caller's number": "'+493012345",
        "Parked by": "Tom Front (203)",
        "Ended at": "2026-07-02T00:31:35+02:00",
        "Waited, seconds": "95",
        "How it ended": "caller hung up",
        "Taken by": "",
        "For whom": "Dr. Weber",
        "Note": fields["note"],
        "What became of it": "",
        "When that was": "",
        "Who answered": "",
        "Settled at": "2025-11-25T14:00:00+01:00",
        "Settled by": "Rita Desk",
        "Remark": "done",
    }


@transactional
async def test_what_became_of_a_call_that_waited_too_long(lot: ParkingLot, rita: User) -> None:
    at = datetime(2025, 11, 25, 13, tzinfo=UTC)
    became = {"came": "answered", "came_at": at, "came_name": "Tom Front", "came_number": "203"}
    await sync_to_async(stay)(lot, outcome="timed_out", **became)
    (row,) = await download(rita, "?q=tom+front")
    told = (row["How it ended"], row["What became of it"], row["When that was"], row["Who answered"])
    assert told == ("timed out, went back", "answered", "2025-11-25T14:00:00+01:00", "Tom Front (203)")


@transactional
async def test_what_is_filtered_and_no_more(lot: ParkingLot, rita: User) -> None:
    await sync_to_async(stay)(lot, caller_name="Ann", seconds=None)
    await sync_to_async(stay)(lot, caller_name="Bob", retrieved_by=rita)
    assert [row["Caller's name"] for row in await download(rita, "?q=ann")] == ["Ann"]
    (bob,) = await download(rita, "?outcome=retrieved")
    assert bob["Taken by"] == "Rita Desk"
    (ann,) = await download(rita, "?outcome=open")
    assert (ann["How it ended"], ann["Ended at"], ann["Waited, seconds"]) == ("still waiting", "", "")


@transactional
@pytest.mark.parametrize("apart", [0, 1])
async def test_it_comes_in_pieces_without_gap_or_repetition(
    lot: ParkingLot, rita: User, monkeypatch: pytest.MonkeyPatch, apart: int
) -> None:
    """Also when all were parked in the same moment."""
    monkeypatch.setattr(sheet, "AT_ONCE", 7)
    for number in range(30):
        await sync_to_async(stay)(lot, NOON + timedelta(seconds=number * apart), caller_name=str(number))
    names = [row["Caller's name"] for row in await download(rita)]
    assert names == [str(number) for number in range(29, -1, -1)]


@transactional
async def test_the_words_are_those_of_the_request_to_the_end(lot: ParkingLot, rita: User) -> None:
    """The stream runs when the request's language and zone are over."""
    await sync_to_async(stay)(lot)
    client = AsyncClient()
    await client.aforce_login(rita)
    client.cookies["parkinglot_zone"] = "Asia/Tokyo"
    answer: Any = await client.get("/history/stays.csv")
    with translation.override(None):
        parts = [part.decode() async for part in answer.streaming_content]
    assert "2025-11-25T21:00:00+09:00" in "".join(parts)


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_like_a_formula(first: str) -> None:
    assert cell(f"{first}1+1") == f"'{first}1+1"
    assert lines([[f'{first}HYPERLINK("x")']]).lstrip('"').startswith("'")


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1), min_size=1))
def test_every_text_comes_back_and_begins_harmlessly(table: list[list[str]]) -> None:
    read = list(csv.reader(StringIO(lines(table), newline="")))
    for given_row, row in zip(table, read, strict=True):
        if given_row == [""] and row == [""]:
            continue
        for text, back in zip(given_row, row, strict=True):
            assert not back.startswith(("=", "+", "-", "@", "\t", "\r"))
            assert back.removeprefix("'") == text.removeprefix("'") or back == text


@pytest.mark.django_db
def test_figures_as_a_file(lot: ParkingLot, rita: User) -> None:
    stay(lot, seconds=30)
    stay(lot, seconds=90, outcome="abandoned", parker_name="=1+1", parker_number="")
    client = login(rita)
    client.cookies["parkinglot_zone"] = "Europe/Berlin"
    answer: HttpResponse = client.get("/reports/figures.csv?period=own&since=2025-11-25&until=2025-11-25")  # type: ignore[assignment]
    rows = rows_of(answer.content.decode())
    whole = next(row for row in rows if row["Of"] == "all")
    assert (whole["Parked"], whole["Retrieved"], whole["Hung up"]) == ("2", "1", "1")
    assert (whole["Median wait, seconds"], whole["95 % waited at most, seconds"]) == ("60", "90")
    assert whole["Share that hung up"] == "0.5000"
    assert [row["Parked"] for row in rows if row["Of"] == "hour of the day"].index("2") == 13
    assert {row["Name"]: row["Parked"] for row in rows if row["Of"] == "parked by"} == {
        "Tom Front (203)": "1",
        "'=1+1": "1",
    }
    assert ParkedCall.objects.count() == 2
