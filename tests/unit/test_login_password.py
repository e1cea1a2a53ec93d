"""One's own account: a new password, its rules, and what it ends."""

import pytest
from django.contrib.auth.models import User
from django.test import Client

from dashboard.rights import Viewer, current
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
OLD, NEW = "desk-desk-desk", "purple-kettle-47"
PAGE = "/account/password/"


@pytest.fixture
def rita(roles: None) -> User:
    return person("rita", "Receptionists", password=OLD)


def change(browser: Client, old: str = OLD, new: str = NEW, again: str | None = None) -> str:
    sent = {"old_password": old, "new_password1": new, "new_password2": new if again is None else again}
    return browser.post(PAGE, sent, follow=True).content.decode()


def test_the_rules_are_said_before_anything_is_typed(rita: User) -> None:
    text = login(rita).get(PAGE).content.decode()
    assert "at least 10 characters" in text
    assert "similar" in text
    assert "entirely numeric" in text


def test_it_is_changed_and_said(rita: User) -> None:
    browser = login(rita)
    assert "Everywhere else you are logged out" in change(browser)
    rita.refresh_from_db()
    assert rita.check_password(NEW)
    assert browser.get("/").status_code == 200, "this browser goes on"


def test_every_other_login_ends_pages_and_boards_alike(rita: User) -> None:
    here, elsewhere = login(rita), login(rita)
    before = {browser: str(browser.session.session_key) for browser in (here, elsewhere)}
    change(here)
    assert elsewhere.get("/").status_code == 302
    viewers = [Viewer(rita.pk, key) for key in (*before.values(), str(here.session.session_key))]
    assert set(current(viewers)) == {viewers[-1]}
    assert here.session.session_key not in before.values(), "a session stolen before is worth nothing"


@pytest.mark.parametrize(
    ("old", "new", "again", "said"),
    [
        ("wrong", NEW, None, "not your present password"),
        (OLD, NEW, "purple-kettle-48", "Type the same one twice"),
        (OLD, "short", None, "too short"),
        (OLD, "1029384756", None, "entirely numeric"),
        (OLD, "password123", None, "too common"),
    ],
)
def test_what_is_not_taken(rita: User, old: str, new: str, again: str | None, said: str) -> None:
    text = change(login(rita), old, new, again)
    assert said in text
    rita.refresh_from_db()
    assert rita.check_password(OLD)


def test_a_login_gets_a_session_of_its_own(rita: User) -> None:
    """What somebody has planted before is not what is logged in."""
    browser = Client()
    browser.get("/login/")
    browser.session.save()
    planted = browser.session.session_key
    browser.post("/login/", {"username": "rita", "password": OLD})
    assert browser.session.session_key != planted
    assert browser.session["_auth_user_id"] == str(rita.pk)


def test_who_has_no_password_here_is_not_asked_for_it(rita: User) -> None:
    rita.set_unusable_password()
    rita.save()
    browser = login(rita)
    assert browser.get(PAGE)["location"] == "/account/"
    assert "you log in elsewhere" in browser.get("/account/").content.decode()


def test_strangers_are_asked_to_log_in() -> None:
    for page in ("/account/", PAGE, "/admin/password_change/"):
        assert "/login/" in Client().get(page, follow=True).redirect_chain[-1][0]


def test_the_account_says_who_one_is(rita: User) -> None:
    text = login(rita).get("/account/").content.decode()
    assert "Rita Desk" in text
    assert "Receptionists" in text
