"""Several PBXs on one board: what one of them does not say greys its own lots, and nothing else."""

import time
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import assert_accessible
from tests.browser.conftest import BoardServer, LogIn, call, link, lot
from tests.browser.elements import board

pytestmark = pytest.mark.django_db(transaction=True)

MAIN, BERLIN = 1, 2
ON_BERLIN = {"id": 2, "pbx": BERLIN, "name": "berlin", "label": "Berlin", "first": 801, "last": 804, "revision": 3}


def links(berlin: str) -> dict[str, Any]:
    pbxs = ((MAIN, "Main", "hearing"), (BERLIN, "Berlin", berlin))
    return {"link": link(), "links": [{"pbx": pk, "name": name, **link(state)} for pk, name, state in pbxs]}


def retrieve_in(page: Page, lot_id: int) -> Any:
    return page.locator(f'.lot[data-lot-id="{lot_id}"]').get_by_role("button", name="Retrieve")


@pytest.fixture
def two(page: Page, server: BoardServer, log_in: LogIn) -> BoardServer:
    lots = lot([call(703)], pbx=MAIN), lot([call(801, "Ben Berlin")], **ON_BERLIN, may_page=True)
    tom, bea = ({"id": pk, "pbx": pbx, "number": "203", "name": who} for pk, pbx, who in ((7, 1, "Tom"), (8, 2, "Bea")))
    zones = [{"id": 4, "pbx": MAIN, "label": "Hall", "repeats": 0}]
    server.first = server.snapshot(*lots, colleagues=[tom, bea], zones=zones, **links("hearing"))
    log_in()
    expect(retrieve_in(page, 2)).to_be_enabled()
    return server


def test_one_that_is_lost_greys_its_own_lots_alone(page: Page, two: BoardServer) -> None:
    expect(page.get_by_role("alert")).to_be_hidden()
    two.send(type="link", now=int(time.time() * 1000), **links("lost"))
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("Berlin cannot be heard since")
    expect(board(page)).to_have_attribute("data-link", "hearing")
    expect(retrieve_in(page, 1)).to_be_enabled()
    expect(retrieve_in(page, 2)).to_be_disabled()
    waited, other = (page.locator(f'.tile[data-slot="{slot}"] [data-part="waited"]') for slot in (801, 703))
    stood, ran = waited.inner_text(), other.inner_text()
    expect(other).not_to_have_text(ran)  # the clock of the one runs, that of the other has stopped
    expect(waited).to_have_text(stood)
    assert_accessible(page)
    two.send(type="link", now=int(time.time() * 1000), **links("hearing"))
    expect(alert).to_be_hidden()
    expect(retrieve_in(page, 2)).to_be_enabled()


def test_take_next_leaves_out_what_cannot_be_heard(page: Page, two: BoardServer) -> None:
    two.send(type="link", now=int(time.time() * 1000), **links("lost"))
    expect(page.locator('.lot[data-lot-id="1"] [data-act="next"]')).to_be_enabled()
    expect(page.locator('.lot[data-lot-id="2"] [data-act="next"]')).to_be_disabled()


def test_what_can_be_chosen_is_on_the_calls_own_pbx(page: Page, two: BoardServer) -> None:
    more = page.locator('.lot[data-lot-id="2"]').get_by_role("button", name="More for Ben Berlin")
    more.click()
    expect(page.get_by_role("menuitem", name="Page")).to_have_count(0)
    page.get_by_role("menuitem", name="Send to").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Bea")
    expect(dialog).not_to_contain_text("Tom")
