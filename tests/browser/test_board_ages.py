"""How old a call is said to be: by the lot's own thresholds where it has some."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import BoardServer, LogIn, call, lot
from tests.browser.elements import tile

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("thresholds", "waited", "left", "age"),
    [
        ({}, 40, 60, "fresh"),
        ({}, 60, 40, "long"),
        ({}, 86, 14, "soon"),
        ({"long_after": 30}, 40, 60, "long"),
        ({"long_after": 90}, 60, 40, "fresh"),
        ({"soon_before": 50}, 60, 40, "soon"),
        ({"soon_before": 5}, 88, 12, "long"),
        ({}, 100, None, "fresh"),
        ({}, 130, None, "long"),
        ({"long_after": 60}, 100, None, "long"),
        ({"long_after": 300}, 130, None, "fresh"),
    ],
)
def test_a_lot_may_say_when_a_call_has_waited_long_and_goes_back_soon(
    page: Page, server: BoardServer, log_in: LogIn, thresholds: dict[str, int], waited: int, left: int | None, age: str
) -> None:
    now = int(time.time() * 1000)
    times = {"parked_at": now - waited * 1000, "timeout_at": left and now + left * 1000}
    server.first = server.snapshot(lot([call(703, **times)], **thresholds))
    log_in()
    expect(tile(page, 703)).to_have_attribute("data-age", age)
