"""The picture in README.md: everything a tile can say, on one board. ``PICTURES=docs`` makes docs/board.png anew:

PICTURES=docs .venv/bin/python -m pytest tests/browser/test_picture.py
"""

import os
import time
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, Message, call, lot
from tests.browser.elements import tile
from tests.browser.test_returning import back

pytestmark = pytest.mark.django_db(transaction=True)

OMAR = {"name": "Omar Service", "number": "205", "device": "PJSIP/205"}
INES = {"name": "Ines Sales", "number": "204", "device": "PJSIP/204"}


def waiting(slot: int, name: str, number: str, waited: int, limit: int = 120, **changes: Any) -> Message:
    """Parked ``waited`` seconds ago; goes back after ``limit``."""
    since = int(time.time() * 1000) - waited * 1000
    ages = {"parked_at": since, "waiting_since": since, "timeout_at": since + limit * 1000}
    return call(slot, name, number, **ages, **changes)


def scene(server: BoardServer) -> Message:
    reception = [
        waiting(702, "Priya Raman", "+911123456712", 37, parker=OMAR, earlier=1),
        waiting(704, "Kenji Sato", "+81312345609", 36, parker=INES, state="claimed", claimed_by="Rita Desk", claimer=3),
        waiting(705, "City Courier", "+15550123411", 36, note="Order 4711, in a hurry", for_name="Tom Front"),
    ]
    sales = [
        waiting(721, "Pharmacy North", "+15550123408", 14, 90, parker=OMAR),
        waiting(722, "Jürgen Groß", "+498912345602", 50, 90),
        waiting(723, "Dr. Anna Lindqvist", "+4681234507", 41, 90, parker=INES, state="claimed", claimed_by="Ron Front"),
        waiting(724, "Zoë O'Brien", "+35312345603", 34, 90, parker=OMAR, note="asks for a quote", earlier=2),
    ]
    rights = {"may_page": True, "may_end": True}
    return server.snapshot(
        lot(reception, names={"701": "Front desk", "702": "Pharmacy"}, **rights),
        lot(sales, id=2, name="sales", label="Sales", first=721, last=726, names={"721": "Showroom"}, **rights),
        me={"may_look_back": True},
    )


def test_the_picture_shows_what_a_board_says(page: Page, server: BoardServer, log_in: LogIn, tmp_path: Path) -> None:
    look(page, "light", 1280, 1020)
    server.first = scene(server)
    log_in()
    goes_back = back(701, caller={"name": "Maria Keller", "number": "+493012345678"}, ringing=["Tom Front"])
    server.send(type="returning", returning=[goes_back])
    states = {702: "2nd today", 704: "You are on it", 705: "Order 4711", 701: "Going back to Tom Front"}
    for slot, words in states.items():
        expect(tile(page, slot)).to_contain_text(words)
    for slot, words in {722: "Waiting long", 723: "Ron Front is taking it", 724: "3rd today"}.items():
        expect(tile(page, slot, "sales")).to_contain_text(words)
    assert_not_cut_off(page)
    file = Path(os.environ.get("PICTURES", tmp_path)) / "board.png"
    page.screenshot(path=file)
    assert file.stat().st_size > 50_000, "more than an empty page"
