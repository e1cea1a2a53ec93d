"""The board is for everybody: themes, widths, assistive technology."""

import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn, call, link, lot
from tests.browser.elements import retrieve

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_login_page(page: Page, type_login: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    type_login(password="wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    assert_accessible(page)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_axe_finds_nothing_on_the_board(page: Page, server: BoardServer, log_in: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    now = int(time.time() * 1000)
    server.first = server.snapshot(
        lot(
            [
                call(701),
                call(702, parked_at=now - 200_000, timeout_at=now + 100_000),
                call(703, parked_at=now - 200_000, timeout_at=now + 9_000),
                call(704, state="claimed", claimed_by="Ann"),
                call(733),
            ]
        ),
        demo=True,
    )
    log_in()
    page.locator('[data-slot="701"]').get_by_role("button", name="Retrieve").click()
    page.locator('[data-slot="702"]').get_by_role("button", name="Retrieve").click()
    server.progress("failed", "phone_busy", command="c2")
    page.get_by_role("button", name="Park a demo caller").click()
    server.progress("done", "parked_demo", command="c3")
    page.get_by_text("A demo caller is on the way.").wait_for()
    page.locator(".menu summary").click()
    assert_accessible(page)
    server.send(type="link", now=now, link=link("lost", "Connection refused"))
    expect(page.locator("#bar")).to_be_visible()
    assert_accessible(page)
    assert_not_cut_off(page)


def test_the_theme_is_the_systems_until_chosen(page: Page, server: BoardServer, log_in: LogIn) -> None:
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    page.emulate_media(color_scheme="light")
    log_in()
    expect(retrieve(page)).to_be_visible()
    light = page.evaluate(paper)
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate(paper)
    assert light != dark
    page.locator(".menu summary").click()
    page.get_by_label("Light", exact=True).check(force=True)
    assert page.evaluate(paper) == light
    page.reload()
    assert page.evaluate(paper) == light
    page.emulate_media(color_scheme="light")
    page.locator(".menu summary").click()
    page.get_by_label("Dark", exact=True).check(force=True)
    assert page.evaluate(paper) == dark


@pytest.mark.parametrize("width", [320, 3840])
def test_nothing_is_cut_off(page: Page, server: BoardServer, log_in: LogIn, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    server.first = server.snapshot(lot([call(703, "Bartholomew " * 9, "+4930" * 9)]), demo=True)
    log_in()
    page.locator('[data-slot="703"] .retrieve').wait_for()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width == 320:
        box = page.locator('[data-slot="703"] .retrieve').bounding_box()
        assert box is not None
        assert box["height"] >= 44
