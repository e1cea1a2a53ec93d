"""The second factor: codes from an app, recovery codes, a must where the setting says so."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import User
from django.core.cache import cache
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from dashboard.rights import current
from tests.kit import factor
from tests.kit.logins import login, person, viewer

pytestmark = pytest.mark.django_db
GOOD = "desk-desk-desk"
ON, OFF, CODES, NEW_CODES = (
    "/account/second-factor/",
    "/account/second-factor/off/",
    "/account/recovery-codes/",
    "/account/recovery-codes/new/",
)


@pytest.fixture(autouse=True)
def nothing_used() -> None:
    cache.clear()


@pytest.fixture
def rita(roles: None) -> User:
    return person("rita", "Receptionists", password=GOOD)


def enter(name: str = "rita", then: str = "") -> Client:
    """A browser after name and password."""
    browser = Client()
    answer = browser.post(f"/login/?next={then}", {"username": name, "password": GOOD, "next": then})
    assert answer.status_code == 302, answer.content.decode()
    return browser


def say(browser: Client, code: str) -> Any:
    return browser.post("/login/code/", {"code": code})


def inside(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_without_it_the_password_is_enough(rita: User) -> None:
    assert inside(enter())


def test_with_it_the_password_alone_lets_nobody_in(rita: User) -> None:
    factor.give(rita)
    browser = enter()
    assert not inside(browser)
    assert browser.get("/account/").status_code == 302
    assert "_auth_user_id" not in browser.session
    assert "Your password is right" in browser.get("/login/code/").content.decode()


def test_the_code_of_the_app_lets_in_and_the_way_is_kept(rita: User) -> None:
    secret, _ = factor.give(rita)
    browser = enter(then="/history/")
    planted = browser.session.session_key
    answer = say(browser, factor.code(secret))
    assert (answer.status_code, answer["location"]) == (302, "/history/")
    assert inside(browser)
    assert browser.session.session_key != planted


@pytest.mark.parametrize("steps", [-1, 0, 1])
def test_a_clock_may_be_half_a_minute_off(rita: User, steps: int) -> None:
    secret, _ = factor.give(rita)
    assert say(enter(), factor.code(secret, steps)).status_code == 302


def test_a_code_is_good_for_one_time(rita: User) -> None:
    secret, _ = factor.give(rita)
    code = factor.code(secret, 1)
    assert say(enter(), code).status_code == 302
    again = say(enter(), f" {code[:3]} {code[3:]} ")
    assert "used up" in again.content.decode()


def test_wrong_codes_are_counted_wherever_they_come_from(rita: User) -> None:
    secret, _ = factor.give(rita)
    for _ in range(5):
        assert "not right" in say(enter(), factor.wrong(secret)).content.decode()
    assert "Wait five minutes" in say(enter(), factor.code(secret)).content.decode()


def test_the_administration_is_behind_it_too(roles: None) -> None:
    boss = person("boss", "Administrators", password=GOOD, is_staff=True)
    secret, _ = factor.give(boss)
    browser = enter("boss", "/admin/")
    assert browser.get("/admin/").status_code == 302
    assert say(browser, factor.code(secret))["location"] == "/admin/"
    assert browser.get("/admin/").status_code == 200


def test_each_recovery_code_lets_in_once(rita: User) -> None:
    _, codes = factor.give(rita)
    assert len(set(codes)) == 10
    assert say(enter(), codes[0]).status_code == 302
    assert "not right" in say(enter(), codes[0]).content.decode()
    assert say(enter(), codes[1]).status_code == 302


def test_setting_it_up(rita: User) -> None:
    browser = enter()
    page = browser.get(ON)
    text = page.content.decode()
    assert "<svg" in text
    assert "no-store" in page["cache-control"]
    secret = browser.session["mfa.totp.secret"]
    assert " ".join(secret[at : at + 4] for at in range(0, len(secret), 4)) in text
    assert "not right" in browser.post(ON, {"code": factor.wrong(secret)}).content.decode()
    assert not factor.has_one(rita)
    assert browser.post(ON, {"code": factor.code(secret)})["location"] == CODES
    assert factor.has_one(rita)
    kept = str(Authenticator.objects.values_list("data", flat=True).get(type="totp"))
    assert secret not in kept, "sealed in the database"
    assert say(enter(), factor.code(secret, 1)).status_code == 302


def test_recovery_codes_are_shown_once(rita: User) -> None:
    _, codes = factor.give(rita)
    browser = enter_with(rita)
    assert codes[3] in browser.get(CODES).content.decode()
    text = browser.get(CODES).content.decode()
    assert codes[3] not in text
    assert "10 codes are left" in text
    browser.post(NEW_CODES)
    text = browser.get(CODES).content.decode()
    assert text.count("<code>") == 10
    assert codes[3] not in text, "the old ones are void"
    assert "not right" in say(enter(), codes[3]).content.decode()


def enter_with(user: User) -> Client:
    """Past the second factor; any recovery code will do, and is put back."""
    row = Authenticator.objects.get(user=user, type="recovery_codes")
    browser = enter(user.username)
    say(browser, row.wrap().get_unused_codes()[-1])
    Authenticator.objects.filter(pk=row.pk).update(data=row.data)
    return browser


def test_switching_it_off(rita: User) -> None:
    factor.give(rita)
    browser = enter_with(rita)
    assert "10 recovery codes are left" in browser.get("/account/").content.decode()
    assert browser.get(OFF).status_code == 200
    assert browser.post(OFF)["location"] == "/account/"
    assert not Authenticator.objects.exists()
    assert inside(enter())


def test_a_browser_left_alone_is_asked_again_first(rita: User) -> None:
    browser = login(rita)
    asked = browser.get(ON)
    assert asked["location"] == "/account/confirm/?next=%2Faccount%2Fsecond-factor%2F"
    page = browser.get(asked["location"]).content.decode()
    assert "Is it still you?" in page
    assert "Your password" in page
    assert "not your password" in browser.post(asked["location"], {"password": "wrong"}).content.decode()
    sent = {"password": GOOD, "next": ON}
    assert browser.post("/account/confirm/", sent)["location"] == ON
    assert browser.get(ON).status_code == 200


def test_an_administrator_takes_it_off_somebody(rita: User, alex: User) -> None:
    factor.give(rita)
    browser = login(alex)
    person_page = browser.get(reverse("admin:auth_user_change", args=[rita.pk])).content.decode()
    reset = reverse("admin:access_factor", args=[rita.pk])
    assert reset in person_page
    assert "only when you are sure" in browser.get(reset).content.decode()
    assert factor.has_one(rita), "looking does nothing"
    assert "The second factor is off" in browser.post(reset, follow=True).content.decode()
    assert inside(enter())
    assert LogEntry.objects.filter(object_id=str(rita.pk), user=alex).exists()
    assert "There is no second factor" in browser.post(reset, follow=True).content.decode()


def test_nobody_else_does_nor_off_those_who_may_do_everything(rita: User, alex: User) -> None:
    root = User.objects.create_superuser("root")
    factor.give(root)
    reset = reverse("admin:access_factor", args=[root.pk])
    assert login(alex).post(reset).status_code == 403
    assert login(person("stan", is_staff=True)).post(reset).status_code == 403
    assert login(rita).post(reset).status_code == 302
    assert factor.has_one(root)
    assert login(root).get(reverse("admin:access_factor", args=[999])).status_code == 404


@pytest.mark.parametrize(("rule", "asked"), [("optional", []), ("administrators", ["boss"]), ("all", ["boss", "rita"])])
def test_where_it_is_a_must_everything_waits_for_it(rita: User, settings: Any, rule: str, asked: list[str]) -> None:
    person("boss", "Administrators", password=GOOD, is_staff=True)
    settings.SECOND_FACTOR = rule
    for name in ("boss", "rita"):
        browser = enter(name)
        home = browser.get("/")
        user = User.objects.get(username=name)
        if name in asked:
            assert home["location"] == ON
            for where in ("/admin/", "/history/", "/account/", "/account/password/"):
                assert browser.get(where)["location"] == ON, where
            assert current([viewer(user)]) == {}, "nor is there a board"
            assert browser.get(ON).status_code == 200
            assert "Everything else waits" in browser.get(ON).content.decode()
            assert browser.post("/logout/").status_code == 302
        else:
            assert home.status_code == 200
            assert current([viewer(user)])


def test_where_it_is_a_must_it_is_set_up_and_stays_on(rita: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "all"
    browser = enter()
    browser.get(ON)
    assert browser.post(ON, {"code": factor.code(browser.session["mfa.totp.secret"])}).status_code == 302
    assert inside(browser)
    assert current([viewer(rita)])
    assert "Switch it off" not in browser.get("/account/").content.decode()
    assert "cannot be switched off" in browser.post(OFF).content.decode()
    assert factor.has_one(rita)


def test_who_logs_in_elsewhere_has_it_there(rita: User, settings: Any) -> None:
    settings.SECOND_FACTOR = "all"
    rita.set_unusable_password()
    rita.save()
    assert inside(login(rita))


def test_a_new_sealing_key_leaves_it_as_it_is(rita: User, settings: Any, tmp_path: Any) -> None:
    settings.SEALING_KEYS, settings.SEALING_KEY_FILE = [], tmp_path / "key"
    settings.SEALING_KEY_FILE.write_text(Fernet.generate_key().decode())
    secret, codes = factor.give(rita)
    before = [row.data for row in Authenticator.objects.order_by("pk")]
    call_command("rotate_secrets", verbosity=0)
    assert [row.data for row in Authenticator.objects.order_by("pk")] != before
    assert say(enter(), factor.code(secret)).status_code == 302
    assert say(enter(), codes[5]).status_code == 302


def test_without_its_key_it_lets_nobody_in(rita: User, settings: Any) -> None:
    secret, codes = factor.give(rita)
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]
    for code in (factor.code(secret), codes[0], "000000", "00000000"):
        assert say(enter(), code).status_code == 200


def test_another_account_in_the_same_browser(rita: User) -> None:
    person("ron", "Receptionists", password=GOOD)
    secret, _ = factor.give(rita)
    browser = enter("ron")
    browser.post("/login/", {"username": "rita", "password": GOOD})
    assert not inside(browser), "ron is logged out, rita is not in yet"
    assert say(browser, factor.code(secret)).status_code == 302
    assert browser.session["_auth_user_id"] == str(rita.pk)


def test_nobody_signs_up_and_no_page_of_allauth_is_in_the_way() -> None:
    for path in ("/accounts/signup/", "/signup/", "/account/signup/", "/account/email/", "/account/password/reset/"):
        assert Client().get(path).status_code == 404, path
