"""Promises of the pages around the board."""

import re
from pathlib import Path

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.template.loader import get_template
from django.test import Client
from playwright.sync_api import Page, expect

from dashboard.words import PROGRESS
from tests.browser.conftest import BoardServer, LogIn
from tests.browser.elements import assert_accessible, board

pytestmark = pytest.mark.django_db(transaction=True)

PROTOCOL = (Path(settings.BASE_DIR) / "docs" / "protocol.md").read_text(encoding="utf-8")
CODES = dict(re.findall(r"^\| `(\w+)` \| (\w+) \|", PROTOCOL, re.MULTILINE))


def test_login_keeps_the_way_and_says_what_to_do_about_a_wrong_password(
    page: Page, server: BoardServer, type_login: LogIn
) -> None:
    type_login("/?from=mail", password="wrong")
    expect(page.get_by_role("alert")).to_contain_text("Check both")
    page.get_by_label("Password").fill("desk-desk-desk")
    page.get_by_role("button", name="Log in").click()
    expect(page).to_have_url(re.compile(r"/\?from=mail$"))
    expect(board(page)).to_have_attribute("data-link", "hearing")


def test_log_out_says_so(page: Page, server: BoardServer, log_in: LogIn) -> None:
    log_in()
    page.get_by_text("Rita Desk").click()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="You are logged out")).to_be_visible()
    assert_accessible(page)


def test_without_the_right_the_page_says_whom_to_ask(person: User, client: Client) -> None:
    person.user_permissions.clear()
    client.force_login(person)
    answer = client.get("/")
    assert answer.status_code == 403
    assert "Ask an administrator" in answer.content.decode()


def test_an_unknown_address_leads_back_to_the_board(client: Client) -> None:
    answer = client.get("/nowhere/")
    assert answer.status_code == 404
    assert "Go to the board" in answer.content.decode()


def test_the_page_of_a_fault_needs_neither_request_nor_database() -> None:
    assert "tell an administrator" in get_template("500.html").render()


def test_every_code_of_the_protocol_has_a_sentence() -> None:
    assert len(CODES) > 20
    assert CODES.keys() <= PROGRESS.keys()


def test_both_ways_to_the_dark_theme_name_the_same_colours() -> None:
    tokens = (Path(settings.BASE_DIR) / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
    chosen, system = re.findall(r"(?:theme=\"dark\"\]|theme=\"light\"\]\)) \{(.*?)\}", tokens, re.DOTALL)
    assert chosen.split() == system.split()
