"""Getting in: a code from an app as the second factor, and what somebody sees who guessed too often."""

import os
import re
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from parkinglot.oidc_env import Oidc
from tests.browser.axe import THEMES, WIDTHS, assert_accessible, assert_not_cut_off, look
from tests.browser.conftest import BoardServer, LogIn
from tests.browser.elements import board
from tests.kit import openid
from tests.kit.factor import code, give

pytestmark = pytest.mark.django_db(transaction=True)
GOOD = "desk-desk-desk"


@pytest.fixture(autouse=True)
def nothing_used() -> None:
    cache.clear()


def judge(page: Page, name: str) -> None:
    """Readable for everybody; a picture for those who want to look (PICTURES=folder)."""
    assert_accessible(page)
    assert_not_cut_off(page)
    if folder := os.environ.get("PICTURES"):
        width = (page.viewport_size or {"width": 0})["width"]
        dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
        page.screenshot(path=Path(folder) / f"{name}-{width}-{'dark' if dark else 'light'}.png", full_page=True)


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_setting_up_a_second_factor_and_logging_in_with_it(
    page: Page, server: BoardServer, type_login: LogIn, person: User, theme: str, width: int
) -> None:
    look(page, theme, width)
    type_login()
    expect(board(page)).to_have_attribute("data-link", "hearing")
    page.locator(".menu summary").click()
    page.get_by_role("link", name="My account").click()
    judge(page, "account")
    page.get_by_role("link", name="Switch it on").click()
    expect(page.get_by_role("img", name=re.compile("QR code"))).to_be_visible()
    judge(page, "factor")
    secret = page.locator(".secret").inner_text().replace(" ", "")
    field = page.get_by_label("Code that the app shows")
    expect(field).to_be_focused()
    field.fill(code(secret))
    field.press("Enter")
    expect(page.get_by_role("heading", name="Recovery codes")).to_be_visible()
    judge(page, "codes")
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 recovery codes are left")).to_be_visible()
    judge(page, "account-on")
    page.locator(".menu summary").click()
    page.get_by_role("button", name="Log out").click()
    type_login("/?from=mail")
    expect(page.get_by_role("heading", name="The second factor")).to_be_visible()
    judge(page, "code")
    page.get_by_label(re.compile("Code from your app")).fill(code(secret, 1))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/\?from=mail$"))
    expect(board(page)).to_have_attribute("data-link", "hearing")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_who_guessed_too_often_is_told_when_to_come_back(
    page: Page, type_login: LogIn, settings: Any, theme: str, width: int
) -> None:
    settings.LOGIN_FAILURES = settings.AXES_FAILURE_LIMIT = 2
    look(page, theme, width)
    type_login(password="wrong")
    expect(page.get_by_role("alert")).to_be_visible()
    type_login(password="wrong")
    expect(page.get_by_role("heading", name="Too many wrong passwords")).to_be_visible()
    expect(page.get_by_text("another 15 minutes")).to_be_visible()
    judge(page, "locked")
    page.get_by_role("link", name="Back to the login").click()
    type_login()
    expect(page.get_by_role("heading", name="Too many wrong passwords")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_an_administrator_helps(
    page: Page, live_server: LiveServer, server: BoardServer, type_login: LogIn, person: User, theme: str, width: int
) -> None:
    give(person)
    boss = User.objects.create_superuser("boss", password=GOOD, first_name="Alex")
    look(page, theme, width)
    for _ in range(2):
        type_login(password="wrong")
        expect(page.get_by_role("alert")).to_be_visible()
    page.get_by_label("Username").fill(boss.username)
    page.get_by_label("Password").fill(GOOD)
    page.get_by_role("button", name="Log in").click()
    expect(board(page)).to_have_attribute("data-link", "hearing")
    page.goto(f"{live_server.url}/admin/failed-logins/")
    judge(page, "locks")
    page.get_by_role("button", name="Let rita try again at once").click()
    expect(page.get_by_text("The lock is lifted")).to_be_visible()
    page.goto(f"{live_server.url}/admin/auth/user/{person.pk}/change/")
    page.get_by_role("link", name="Take it off").click()
    judge(page, "reset")
    page.get_by_role("button", name="Take it off").click()
    expect(page.get_by_text("The second factor is off")).to_be_visible()


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_a_new_password(page: Page, live_server: LiveServer, log_in: LogIn, theme: str, width: int) -> None:
    look(page, theme, width)
    log_in("/account/password/")
    page.get_by_label("Present password").fill(GOOD)
    page.get_by_label("New password:", exact=True).or_(page.get_by_label("New password", exact=True)).fill("short")
    page.get_by_label("New password again").fill("short")
    page.get_by_role("button", name="Change password").click()
    expect(page.get_by_text("too short")).to_be_visible()
    judge(page, "password")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("theme", THEMES)
def test_single_sign_on_from_the_board_and_back(
    page: Page, server: BoardServer, live_server: LiveServer, person: User, settings: Any, theme: str, width: int
) -> None:
    """Through a real provider, under the strict policy: the browser would say what it blocked."""
    look(page, theme, width)
    person.set_unusable_password()
    person.save()
    with openid.running() as provider:
        settings.OIDC = Oidc(provider.issuer, openid.CLIENT, openid.SECRET, "Company", (), "groups", create=False)
        settings.SOCIALACCOUNT_PROVIDERS = settings.OIDC.providers
        provider.person["preferred_username"] = "rita"
        page.goto(f"{live_server.url}/?from=mail")
        judge(page, "sso")
        page.get_by_role("link", name="Log in with Company").click()
        expect(page).to_have_url(re.compile(r"/\?from=mail$"))
        expect(board(page)).to_have_attribute("data-link", "hearing")
        page.locator(".menu summary").click()
        page.get_by_role("button", name="Log out").click()
        judge(page, "sso-out")
        page.get_by_role("link", name="Log out at Company, too").click()
        expect(page).to_have_url(f"{live_server.url}/logged-out/")
        assert "/end" in provider.asked
        provider.person |= {"sub": "4712", "preferred_username": "nobody"}
        page.get_by_role("link", name="Log in again").click()
        page.get_by_role("link", name="Log in with Company").click()
        expect(page.get_by_text("there is no account of that name here")).to_be_visible()
        judge(page, "sso-refused")
