"""Who guesses passwords is held up; nobody else is."""

import logging
from datetime import timedelta
from threading import BoundedSemaphore
from typing import Any
from urllib.parse import urlencode

import pytest
from asgiref.sync import sync_to_async
from axes.models import AccessAttempt, AccessLog
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from dashboard import views
from dashboard.access.limits import EVERYWHERE, Limits
from tests.kit.asked import ask
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
HOME, COMPANY, FAR = "203.0.113.5", "198.51.100.1", "192.0.2.9"
GOOD = "desk-desk-desk"
LOCKS = reverse("admin:access_locks")


@pytest.fixture(autouse=True)
def few(settings: Any) -> None:
    settings.LOGIN_FAILURES = settings.AXES_FAILURE_LIMIT = 3


@pytest.fixture
def rita(roles: None) -> User:
    return person("rita", "Receptionists", password=GOOD)


@pytest.fixture
def ron(roles: None) -> User:
    return person("ron", "Receptionists", password=GOOD)


def attempt(
    name: str,
    password: str,
    where: str = HOME,
    path: str = "/login/",
    agent: str = "browser",
    browser: Client | None = None,
) -> Any:
    """One try; without ``browser`` in one of its own."""
    sent = {"username": name, "password": password, "next": ""}
    return (browser or Client()).post(path, sent, REMOTE_ADDR=where, HTTP_USER_AGENT=agent)


def browser_of(name: str, where: str) -> Client:
    """One that ``name`` has logged in with, and out again."""
    browser = Client()
    assert attempt(name, GOOD, where, browser=browser).status_code == 302
    browser.post("/logout/")
    return browser


def guess(times: int, name: str = "rita", where: str = HOME) -> list[int]:
    return [attempt(name, "wrong", where, agent=f"browser {number}").status_code for number in range(times)]


def later(by: timedelta) -> None:
    """Time passes."""
    for row in [*AccessAttempt.objects.all(), *AccessLog.objects.all()]:
        type(row).objects.filter(pk=row.pk).update(attempt_time=row.attempt_time - by)


def test_a_few_wrong_passwords_cost_nothing(rita: User) -> None:
    assert guess(2) == [200, 200]
    assert attempt("rita", GOOD).status_code == 302
    assert guess(2) == [200, 200], "the right password ended the count"


def test_who_goes_on_guessing_has_to_wait_even_with_the_right_password(rita: User) -> None:
    assert guess(3) == [200, 200, 429]
    answer = attempt("rita", GOOD)
    assert answer.status_code == 429
    assert 880 <= int(answer["Retry-After"]) <= 900
    text = answer.content.decode()
    assert "another 15 minutes" in text
    assert "administrator can let you in at once" in text
    assert "sessionid" not in str(answer.cookies)
    assert "style=" not in text


def test_it_ends_by_itself_and_tries_meanwhile_do_not_lengthen_it(rita: User) -> None:
    guess(3)
    later(timedelta(minutes=14))
    assert attempt("rita", GOOD).status_code == 429
    assert guess(2) == [429, 429]
    later(timedelta(minutes=1, seconds=1))
    assert attempt("rita", GOOD).status_code == 302


def test_colleagues_behind_the_same_address_go_on(rita: User, ron: User) -> None:
    guess(9, where=COMPANY)
    assert attempt("ron", GOOD, COMPANY).status_code == 302
    assert attempt("rita", GOOD, HOME).status_code == 302, "nor is she locked out elsewhere"


def test_a_colleague_who_mistypes_my_password_does_not_lock_my_browser_out(rita: User) -> None:
    mine = browser_of("rita", COMPANY)
    guess(3, where=COMPANY)
    assert attempt("rita", GOOD, COMPANY).status_code == 429, "a browser nobody has logged in with"
    assert attempt("rita", GOOD, COMPANY, browser=mine).status_code == 302


def test_wrong_passwords_in_a_known_browser_are_counted_there(rita: User, alex: User) -> None:
    mine = browser_of("rita", COMPANY)
    tries = [attempt("rita", "wrong", where, browser=mine) for where in (HOME, FAR, COMPANY)]
    assert [answer.status_code for answer in tries] == [200, 200, 429]
    assert attempt("rita", GOOD, FAR, browser=mine).status_code == 429
    assert attempt("rita", GOOD, FAR).status_code == 302, "elsewhere nobody has guessed"
    page = login(alex).get(LOCKS).content.decode()
    assert "a known browser" in page
    assert "100::" not in page


def test_a_known_browser_goes_on_while_many_addresses_guess(rita: User) -> None:
    mine = browser_of("rita", COMPANY)
    for number in range(3 * EVERYWHERE // 2 + 1):
        guess(2, where=f"192.0.2.{number}")
    assert attempt("rita", GOOD, FAR).status_code == 429
    assert attempt("rita", GOOD, FAR, browser=mine).status_code == 302, "also from a new address"


def test_browsers_known_for_other_names_buy_no_more_guesses_than_addresses(rita: User, ron: User) -> None:
    codes = []
    for _ in range(3 * EVERYWHERE):
        rons = browser_of("ron", HOME)
        codes += [attempt("rita", f"guess {number}", FAR, browser=rons).status_code for number in range(2)]
    assert codes.count(200) <= 3 * EVERYWHERE
    assert codes[-1] == 429


@pytest.mark.parametrize("cookie", ["100::1", "100::1:1tx:made-up", "", "x" * 4000])
def test_a_browser_does_not_name_itself(rita: User, settings: Any, cookie: str) -> None:
    forged = Client()
    forged.cookies[settings.DEVICE_COOKIE_NAME] = cookie
    guess(3, where=COMPANY)
    assert attempt("rita", GOOD, COMPANY, browser=forged).status_code == 429


def test_the_cookie_is_for_the_portal_alone(rita: User, settings: Any) -> None:
    assert settings.DEVICE_COOKIE_NAME not in attempt("rita", "wrong").cookies
    settings.BEHIND_HTTPS = True
    cookie = attempt("rita", GOOD).cookies[settings.DEVICE_COOKIE_NAME]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Lax")
    assert cookie["max-age"] == 90 * 24 * 60 * 60
    assert "rita" not in cookie.value


def test_many_addresses_together_are_stopped_but_not_where_the_person_is_known(rita: User) -> None:
    assert attempt("rita", GOOD, COMPANY).status_code == 302
    for number in range(3 * EVERYWHERE // 2 + 1):
        guess(2, where=f"192.0.2.{number}")
    assert attempt("rita", GOOD, FAR).status_code == 429
    assert attempt("rita", GOOD, "203.0.113.77").status_code == 429
    assert attempt("rita", GOOD, COMPANY).status_code == 302
    later(timedelta(days=91))
    person("ann", password=GOOD)
    attempt("ann", GOOD)
    assert not AccessLog.objects.filter(username="rita").exists(), "old log-ins are forgotten"


def test_names_that_do_not_exist_are_treated_alike(rita: User) -> None:
    assert guess(3, "nobody") == guess(3, "rita")


def test_the_administration_has_the_same_one_login(rita: User) -> None:
    guess(3)
    assert attempt("rita", GOOD, path="/admin/login/?next=/admin/").status_code == 302
    asked = Client().get("/admin/lots/phone/", follow=True)
    assert asked.redirect_chain[-1][0].startswith("/login/?next=")
    assert asked.redirect_chain[-1][0].endswith("/admin/lots/phone/")
    assert login(rita).get("/admin/", follow=True).status_code == 403
    boss = person("boss", is_staff=True)
    assert login(boss).get("/admin/login/")["location"] == "/admin/"


def test_a_way_on_that_leads_elsewhere_is_not_taken(rita: User) -> None:
    sent = {"username": "rita", "password": GOOD, "next": "https://evil.example/"}
    assert Client().post("/login/", sent)["location"] == "/"
    asked = Client().get("/admin/login/?next=//evil.example/", follow=True)
    assert "evil.example" not in asked.redirect_chain[0][0].split("?")[0]


def test_the_log_names_who_failed_on_one_line(rita: User, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, logger="axes"):
        attempt("rita\r\n2026 forged line", "wrong", FAR)
    said = [record.getMessage() for record in caplog.records if FAR in record.getMessage()]
    assert said
    with caplog.at_level(logging.WARNING, logger="axes"):
        attempt("rita", "wrong", COMPANY, browser=browser_of("rita", HOME))
    assert f"'rita' from {COMPANY} with a known browser" in caplog.text
    assert not any("\n" in line or "\r" in line for line in said)
    assert "wrong" not in "".join(said)


def test_what_was_typed_as_a_password_is_not_kept(rita: User) -> None:
    attempt("rita", "almost-my-password")
    (row,) = AccessAttempt.objects.all()
    assert "almost-my-password" not in f"{row.post_data}{row.get_data}"


def test_an_administrator_sees_it_and_lets_people_in(rita: User, alex: User) -> None:
    guess(3)
    guess(1, "nobody")
    browser = login(alex)
    page = browser.get(LOCKS).content.decode()
    assert "rita" in page
    assert HOME in page
    assert "(no such account)" in page
    said = browser.post(LOCKS, {"name": "rita"}, follow=True).content.decode()
    assert "lock is lifted: rita can try again at once" in said
    assert attempt("rita", GOOD).status_code == 302
    assert LogEntry.objects.filter(object_id=str(rita.pk), user=alex).exists()
    assert "no such lock" in browser.post(LOCKS, {"name": "rita"}, follow=True).content.decode()


def test_a_name_locked_everywhere_is_shown_as_such(rita: User, alex: User) -> None:
    for number in range(3 * EVERYWHERE // 2 + 1):
        guess(2, where=f"192.0.2.{number}")
    assert "all addresses together" in login(alex).get(LOCKS).content.decode()


def test_only_who_may_change_people_sees_the_page(rita: User, sam: User) -> None:
    assert login(sam).get(LOCKS).status_code == 302
    assert login(person("stan", is_staff=True)).get(LOCKS).status_code == 403
    assert login(person("stine", is_staff=True)).post(LOCKS, {"name": "rita"}).status_code == 403


def test_the_first_page_leads_there(alex: User) -> None:
    assert LOCKS in login(alex).get("/admin/").content.decode()


def test_names_are_shown_as_text(alex: User) -> None:
    attempt("<script>alert(1)</script>", "wrong")
    for _ in range(3):
        answer = attempt("<b>bold</b>", "wrong")
    assert b"<b>bold" not in answer.content
    assert "<script>alert" not in login(alex).get(LOCKS).content.decode()


def test_what_counts_is_in_the_database_and_nowhere_else(rita: User) -> None:
    """Several web processes share it; nothing is remembered in one of them."""
    guess(3)
    AccessAttempt.objects.all().delete()
    assert attempt("rita", GOOD).status_code == 302


def test_the_lock_is_no_older_than_its_time(rita: User) -> None:
    guess(2)
    later(timedelta(minutes=16))
    assert guess(2) == [200, 200], "what is long past does not count"
    assert AccessAttempt.objects.filter(attempt_time__lt=timezone.now() - timedelta(minutes=16)).count() == 0


def test_a_right_guess_among_many_at_once_comes_too_late(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    """All are let through to the slow comparison before the first has failed."""
    monkeypatch.setattr(Limits, "is_locked", lambda *_: False)
    guess(3)
    answer = attempt("rita", GOOD)
    assert answer.status_code == 429
    assert "_auth_user_id" not in answer.wsgi_request.session


def test_a_session_left_alone_is_no_place_to_guess(rita: User) -> None:
    browser = login(rita)
    pages = [browser.post("/account/confirm/", {"password": "wrong"}) for _ in range(3)]
    assert pages[-1].status_code == 429
    assert "<b>rita</b> cannot log in from here" in pages[-1].content.decode()


@pytest.mark.django_db(transaction=True)
async def test_a_web_server_gives_the_same_page(roles: None) -> None:
    """Not by the way of the test client: axes has another one there."""
    await sync_to_async(person)("rita", "Receptionists", password=GOOD)
    page = await ask("/login/")
    token = page.text.split('csrfmiddlewaretoken" value="')[1].split('"')[0]
    cookie = page.cookies[0].split(";")[0]
    typed = {"content_type": "application/x-www-form-urlencoded", "cookie": cookie}
    body = urlencode({"csrfmiddlewaretoken": token, "username": "rita", "password": "wrong"}).encode()
    answers = [await ask("/login/", "POST", body, **typed, content_length=str(len(body))) for _ in range(4)]
    assert [answer.status for answer in answers] == [200, 200, 429, 429]
    assert "<b>rita</b> cannot log in from here" in answers[-1].text
    assert int(answers[-1].headers["retry-after"]) > 800
    assert "frame-ancestors 'none'" in answers[-1].headers["content-security-policy"]


def test_passwords_are_compared_in_turn(rita: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "COMPARING", BoundedSemaphore(1))
    monkeypatch.setattr(views, "PATIENCE", 0.01)
    with views.COMPARING:
        answer = attempt("rita", GOOD)
    assert (answer.status_code, answer["Retry-After"]) == (503, "30")
    assert "Wait half a minute" in answer.content.decode()
    for _ in range(3):
        assert attempt("rita", GOOD).status_code == 302, "each gives its turn back"
