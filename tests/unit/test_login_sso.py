"""Single sign-on with a real OpenID provider: what is believed of it, whose account it opens, what its groups give."""

import http.client
import time
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import environ
import pytest
from allauth.socialaccount.models import SocialAccount
from django.contrib.auth.models import Group, User
from django.core.cache import cache
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.urls import reverse

from parkinglot.oidc_env import Oidc, oidc, safe
from tests.kit import factor, openid
from tests.kit.logins import login, person
from tests.kit.openid import OpenId

pytestmark = pytest.mark.django_db
ROLES = (("phones", "Receptionists"), ("it", "Administrators"), ("all", "Staff"))


@pytest.fixture
def provider(roles: None, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenId]:
    """A provider that the portal knows."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with openid.running() as running:
        use(settings, running.issuer)
        yield running


def use(settings: Any, issuer: str, **changes: Any) -> None:
    wanted = {"name": "Company", "roles": ROLES, "groups_claim": "groups", "create": True, **changes}
    settings.OIDC = Oidc(issuer, openid.CLIENT, openid.SECRET, **wanted)
    settings.SOCIALACCOUNT_PROVIDERS = settings.OIDC.providers


def visit(url: str) -> str:
    """What a browser is told by the provider: where to go on."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=5)
    line.request("GET", f"{parts.path}?{parts.query}")
    where = line.getresponse().getheader("location")
    line.close()
    assert where
    return where


def enter(browser: Client | None = None, then: str = "") -> tuple[Client, Any]:
    """A browser that went there and came back."""
    browser = browser or Client()
    begun = browser.get(f"/login/sso/?next={then}")
    assert begun.status_code == 302, begun.content.decode()
    back = urlsplit(visit(begun["location"]))
    return browser, browser.get(f"{back.path}?{back.query}")


def known(browser: Client) -> User | None:
    pk = browser.session.get("_auth_user_id")
    return User.objects.get(pk=pk) if pk else None


def test_somebody_new_gets_an_account_without_any_right(provider: OpenId) -> None:
    provider.person |= {"given_name": "Olga", "family_name": "Nova"}
    browser, answer = enter()
    assert (answer.status_code, answer["location"]) == (302, "/")
    olga = known(browser)
    assert olga is not None
    assert (olga.username, olga.get_full_name(), olga.has_usable_password()) == ("olga", "Olga Nova", False)
    assert (olga.is_staff, olga.is_superuser, olga.get_all_permissions()) == (False, False, set())
    assert browser.get("/").status_code == 403, "known, but no right yet"
    assert SocialAccount.objects.get(user=olga).extra_data == {}, "what the provider says is not kept"
    assert User.objects.count() == 1
    assert known(enter()[0]) == olga, "the same person the next time"


def test_the_question_is_bound_to_this_browser_and_asked_once(provider: OpenId) -> None:
    begun = Client().get("/login/sso/")
    asked = parse_qs(urlsplit(begun["location"]).query)
    assert asked["code_challenge_method"] == ["S256"]
    assert asked["scope"][0].split().count("openid") == 1
    back = urlsplit(visit(begun["location"]))
    stranger = Client()
    assert stranger.get(f"{back.path}?{back.query}").status_code == 502
    assert known(stranger) is None
    browser, _ = enter()
    assert Client().get("/login/sso/callback/?code=x").status_code == 502
    assert browser.get("/login/sso/callback/?code=x&state=y").status_code == 502


def test_the_way_is_kept_but_not_to_elsewhere(provider: OpenId) -> None:
    assert enter(then="/history/")[1]["location"] == "/history/"
    assert enter(then="https://evil.example/")[1]["location"] == "/"


def test_where_new_people_are_refused(provider: OpenId, settings: Any) -> None:
    use(settings, provider.issuer, create=False)
    browser, answer = enter()
    assert answer.status_code == 403
    assert "no account of that name here" in answer.content.decode()
    assert known(browser) is None
    assert not User.objects.exists()


def test_an_account_made_for_it_is_found_by_its_name(provider: OpenId, settings: Any) -> None:
    use(settings, provider.issuer, create=False)
    olga = User.objects.create_user("olga")
    assert known(enter()[0]) == olga
    provider.person["preferred_username"] = "renamed"
    assert known(enter()[0]) == olga, "known by what never changes from then on"


def test_a_name_does_not_open_an_account_with_a_password(provider: OpenId) -> None:
    root = User.objects.create_superuser("olga", password="desk-desk-desk")
    browser, answer = enter()
    assert answer.status_code == 403
    assert "does not log in by Company" in answer.content.decode()
    assert known(browser) is None
    assert not SocialAccount.objects.filter(user=root).exists()


def test_a_name_does_not_open_what_somebody_else_has(provider: OpenId) -> None:
    enter()
    provider.person["sub"] = "4712"
    assert enter()[1].status_code == 403


def test_another_provider_s_people_are_others(provider: OpenId, settings: Any) -> None:
    enter()
    with openid.running() as other:
        use(settings, other.issuer)
        other.person["preferred_username"] = "oleg"
        browser, _ = enter()
    oleg = known(browser)
    assert oleg is not None
    assert oleg.username == "oleg", "the same number means somebody else there"


@pytest.mark.parametrize("name", ["", "a b", "x" * 151, "<b>olga</b>"])
def test_names_that_are_none(provider: OpenId, name: str) -> None:
    provider.person["preferred_username"] = name
    _, answer = enter()
    assert answer.status_code == 403
    assert b"<b><b>" not in answer.content
    assert not User.objects.exists()


def test_an_account_that_is_switched_off_stays_so(provider: OpenId) -> None:
    enter()
    User.objects.update(is_active=False)
    browser, answer = enter()
    assert answer.status_code == 403
    assert "switched off" in answer.content.decode()
    assert known(browser) is None


@pytest.mark.parametrize(
    ("wrong", "claims"),
    [
        ("signature", {}),
        ("kid", {}),
        ("unsigned", {}),
        ("shared key", {}),
        ("no token", {}),
        ("userinfo", {}),
        ("issuer", {}),
        ("redirect", {}),
        ("no tls", {}),
        ("", {"iss": "https://evil.example"}),
        ("", {"iss": None}),
        ("", {"aud": "another-portal"}),
        ("", {"aud": [openid.CLIENT, "another-portal"]}),
        ("", {"aud": [openid.CLIENT, "another-portal"], "azp": "another-portal"}),
        ("", {"exp": int(time.time()) - 60}),
        ("", {"exp": None}),
        ("", {"iat": int(time.time()) + 600}),
        ("", {"nbf": int(time.time()) + 600}),
        ("", {"sub": None}),
    ],
)
def test_what_is_not_believed(provider: OpenId, wrong: str, claims: dict[str, Any]) -> None:
    provider.wrong, provider.claims = {wrong}, claims
    browser = Client()
    begun = browser.get("/login/sso/")
    if begun.status_code == 302:
        back = urlsplit(visit(begun["location"]))
        begun = browser.get(f"{back.path}?{back.query}")
    assert begun.status_code == 502
    text = begun.content.decode()
    assert "Company could not be asked" in text
    assert "evil.example" not in text, "the log has the details"
    assert known(browser) is None
    assert not User.objects.exists()


def test_a_token_for_several_that_was_asked_for_here(provider: OpenId) -> None:
    provider.claims = {"aud": [openid.CLIENT, "another-portal"], "azp": openid.CLIENT}
    assert known(enter()[0])


def test_a_provider_without_userinfo_is_enough(provider: OpenId) -> None:
    provider.wrong = {"no userinfo"}
    assert known(enter()[0])
    assert "/userinfo" not in provider.asked


def test_who_breaks_off_is_told_so(provider: OpenId) -> None:
    provider.wrong = {"cancel"}
    _, answer = enter()
    assert answer.status_code == 401
    assert "You broke off at Company" in answer.content.decode()


def test_a_provider_that_is_gone(settings: Any, roles: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with openid.running() as gone:
        use(settings, gone.issuer)
    answer = Client().get("/login/sso/")
    assert answer.status_code == 502
    assert Client().get("/login/").status_code == 200, "with a password one still gets in"


def role_names(user: User) -> set[str]:
    return set(user.groups.values_list("name", flat=True))


def test_groups_there_give_roles_here_anew_each_time(provider: OpenId) -> None:
    provider.person["groups"] = ["phones", "it", "unknown"]
    browser, _ = enter()
    olga = known(browser)
    assert olga is not None
    assert role_names(olga) == {"Receptionists", "Administrators"}
    assert browser.get("/admin/").status_code == 200
    olga.groups.add(Group.objects.create(name="Night shift"))
    provider.person["groups"] = ["all"]
    browser, _ = enter()
    assert role_names(olga) == {"Staff", "Night shift"}, "what is not mapped is the administrators' business"
    assert browser.get("/admin/").status_code == 302
    del provider.person["groups"]
    enter()
    assert role_names(olga) == {"Night shift"}


def test_without_a_map_roles_are_the_administrators_business(provider: OpenId, settings: Any) -> None:
    use(settings, provider.issuer, roles=())
    provider.person["groups"] = ["it"]
    olga = known(enter()[0])
    assert olga is not None
    olga.groups.add(Group.objects.get(name="Staff"))
    enter()
    assert role_names(olga) == {"Staff"}


def test_one_group_may_come_as_a_word_and_under_another_name(provider: OpenId, settings: Any) -> None:
    use(settings, provider.issuer, groups_claim="roles")
    provider.person |= {"roles": "phones", "groups": ["it"]}
    olga = known(enter()[0])
    assert olga is not None
    assert role_names(olga) == {"Receptionists"}


def test_a_second_factor_of_this_portal_is_asked_for_too(provider: OpenId) -> None:
    cache.clear()
    olga = known(enter()[0])
    assert olga is not None
    secret, _ = factor.give(olga)
    browser, answer = enter()
    assert answer["location"] == "/login/code/"
    assert known(browser) is None
    browser.post("/login/code/", {"code": factor.code(secret)})
    assert known(browser) == olga


def test_logging_out_says_that_it_is_not_the_provider(provider: OpenId) -> None:
    provider.person["groups"] = ["all"]
    browser, _ = enter()
    assert browser.session.get_expiry_age() <= 12 * 60 * 60
    text = browser.post("/logout/", follow=True).content.decode()
    assert "Log out at Company, too" in text
    assert known(browser) is None
    there = browser.get("/logout/sso/")["location"]
    assert there.startswith(f"{provider.issuer}/end?")
    assert visit(there) == "http://testserver/logged-out/"
    other = login(person("rita"))
    assert "Company" not in other.post("/logout/", follow=True).content.decode()


def test_without_a_provider_there_is_nothing_of_it() -> None:
    assert b"Log in with" not in Client().get("/login/").content
    for path in ("/login/sso/", "/login/sso/callback/", "/logout/sso/"):
        assert Client().get(path).status_code == 404


def test_the_login_offers_it_and_the_link_keeps_the_way(provider: OpenId) -> None:
    text = Client().get("/login/?next=/history/?q=a%26b").content.decode()
    assert "Log in with Company" in text
    assert 'href="/login/sso/?next=%2Fhistory%2F%3Fq%3Da%26b"' in text
    assert Client().get("/login/sso/?process=connect").status_code == 404


def test_an_administrator_makes_it_somebody_s_way_in(provider: OpenId, alex: User, settings: Any) -> None:
    use(settings, provider.issuer, create=False)
    olga, browser = person("olga", password="desk-desk-desk"), login(alex)
    page = reverse("admin:access_sso", args=[olga.pk])
    assert page in browser.get(reverse("admin:auth_user_change", args=[olga.pk])).content.decode()
    assert "gets this account" in browser.get(page).content.decode()
    assert enter()[1].status_code == 403, "looking does nothing"
    assert "Single sign-on is their way in now" in browser.post(page, follow=True).content.decode()
    assert known(enter()[0]) == olga
    assert "their only way in" in browser.get(reverse("admin:auth_user_change", args=[olga.pk])).content.decode()
    assert browser.post(reverse("admin:access_sso", args=[alex.pk])).status_code == 403, "not one's own"
    root = User.objects.create_superuser("root", password="desk-desk-desk")
    assert browser.post(reverse("admin:access_sso", args=[root.pk])).status_code == 403


def test_an_administrator_adds_somebody_for_it(provider: OpenId, alex: User, settings: Any) -> None:
    use(settings, provider.issuer, create=False)
    browser, page = login(alex), reverse("admin:auth_user_add")
    assert "the one the person has there" in browser.get(page).content.decode()
    browser.post(page, {"username": "olga", "usable_password": "false", "first_name": "Olga"})
    assert not User.objects.get(username="olga").has_usable_password()
    assert known(enter()[0]) == User.objects.get(username="olga")
    browser.post(page, {"username": "rita", "usable_password": "true", "password1": "x", "password2": "x"})
    assert not User.objects.filter(username="rita").exists(), "passwords have their rules"


def test_without_a_provider_new_people_have_passwords(alex: User) -> None:
    page = reverse("admin:auth_user_add")
    assert "usable_password" not in login(alex).get(page).content.decode()
    assert login(alex).get(reverse("admin:access_sso", args=[alex.pk])).status_code == 404


GIVEN = {"OIDC_ISSUER": "https://id.example/realm", "OIDC_CLIENT_ID": "a", "OIDC_CLIENT_SECRET": "b"}


def read(monkeypatch: pytest.MonkeyPatch, **changes: str) -> Oidc | None:
    for name in (*GIVEN, "OIDC_NAME", "OIDC_GROUPS", "OIDC_GROUPS_CLAIM", "OIDC_NEW_PEOPLE"):
        monkeypatch.delenv(name, raising=False)
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    return oidc(environ.Env())


def test_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read(monkeypatch) is None
    found = read(monkeypatch, **GIVEN)
    assert found is not None
    assert (found.name, found.roles, found.groups_claim, found.create) == ("id.example", (), "groups", False)
    found = read(monkeypatch, **GIVEN, OIDC_GROUPS=" a=b=Staff , it = Administrators,", OIDC_NEW_PEOPLE="create")
    assert found is not None
    assert (found.roles, found.create) == ((("a=b", "Staff"), ("it", "Administrators")), True)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("OIDC_ISSUER", "http://id.example"),
        ("OIDC_ISSUER", "id.example"),
        ("OIDC_CLIENT_ID", ""),
        ("OIDC_CLIENT_SECRET", ""),
        ("OIDC_GROUPS", "phones"),
        ("OIDC_GROUPS", "phones=Root"),
        ("OIDC_GROUPS", "=Staff"),
        ("OIDC_NEW_PEOPLE", "maybe"),
    ],
)
def test_settings_that_are_wrong(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=name):
        read(monkeypatch, **{**GIVEN, name: value})


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://id.example/x", True),
        ("http://127.0.0.1:9/x", True),
        ("http://[::1]:9/x", True),
        ("http://localhost/x", True),
        ("http://id.example/x", False),
        ("http://127.0.0.1.evil.example/x", False),
        ("http://192.168.0.1/x", False),
        ("https://user@id.example/x", False),
        ("file:///etc/passwd", False),
        ("https://", False),
        ("None", False),
    ],
)
def test_where_secrets_may_be_sent(url: str, is_safe: bool) -> None:
    assert safe(url) is is_safe
