"""Each viewer reads the portal in a language of theirs: the browser's, or the one they chose."""

from datetime import UTC, datetime
from typing import Any

import environ
import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone, translation

from dashboard.history.words import count
from dashboard.templatetags.parkinglot_times import clock
from dashboard.words import board_words
from lots.admin.people_forms import VERBS, PermissionChoice, meaningful
from lots.admin.spans import moment
from parkinglot.env import language

pytestmark = pytest.mark.django_db
MOMENT = datetime(2025, 11, 25, 13, 5, tzinfo=UTC)


def page(client: Client, path: str = "/login/", **headers: str) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == 200
    return answer.content.decode()


def choose(client: Client, code: str, then: str = "/login/") -> Any:
    return client.post("/language/", {"language": code, "next": then})


@pytest.mark.parametrize(
    ("wanted", "lang", "words"),
    [
        ("de-DE,de;q=0.9,en;q=0.8", "de", "Anmelden"),
        ("de-AT", "de", "Anmelden"),
        ("en-GB,de;q=0.5", "en", "Log in"),
        ("ja", "en", "Log in"),
        ("", "en", "Log in"),
    ],
)
def test_the_browser_says_which_language(client: Client, wanted: str, lang: str, words: str) -> None:
    html = page(client, accept_language=wanted)
    assert f'<html lang="{lang}">' in html
    assert f'type="submit">{words}</button>' in html


def test_a_choice_wins_over_the_browser_and_is_kept(client: Client) -> None:
    answer = choose(client, "de", "/login/?next=/history/")
    assert (answer.status_code, answer["location"]) == (302, "/login/?next=/history/")
    cookie = answer.cookies[settings.LANGUAGE_COOKIE_NAME]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (31_536_000, True, "Lax")
    html = page(client, accept_language="en")
    assert '<html lang="de">' in html
    assert 'value="de" lang="de" aria-pressed="true">Deutsch</button>' in html
    choose(client, "en")
    assert '<html lang="en">' in page(client, accept_language="de")


def test_a_language_that_is_not_offered_changes_nothing(client: Client) -> None:
    answer = choose(client, "xx")
    assert settings.LANGUAGE_COOKIE_NAME not in answer.cookies


def test_the_choice_leads_to_no_other_site(client: Client) -> None:
    assert choose(client, "de", "https://elsewhere.example/")["location"] == "/"


def test_a_choice_needs_the_page_it_was_made_on() -> None:
    assert choose(Client(enforce_csrf_checks=True), "de").status_code == 403


def test_each_page_offers_the_choice(client: Client, alex: User) -> None:
    client.force_login(alex)
    for path in ("/", "/history/", "/admin/"):
        html = page(client, path)
        assert f'name="next" value="{path}"' in html
        assert 'lang="de" aria-pressed="false">Deutsch</button>' in html


def test_administration_and_board_speak_german(client: Client, alex: User) -> None:
    client.force_login(alex)
    choose(client, "de")
    assert "Übersicht" in page(client, "/admin/")
    assert "Abmelden" in page(client, "/admin/")
    assert "Übernehmen" in page(client, "/")
    with translation.override("de"):
        assert board_words()["progress.connected"] == "Verbunden mit {caller}"


def test_every_right_has_a_german_name(alex: User) -> None:
    """Names of rights stand in the database, in English; those of our own are said in the reader's language too."""
    choice = PermissionChoice(meaningful())
    own = [right for right in meaningful() if right.codename.split("_")[0] not in VERBS]
    assert len(own) >= 6
    for right in own:
        with translation.override("de"):
            german = choice.label_from_instance(right)
        assert german != choice.label_from_instance(right)


def test_numbers_and_times_are_written_in_the_language() -> None:
    with timezone.override("Europe/Berlin"), translation.override("de"):
        assert count(16241) == "16.241"
        assert ">25. Nov. 2025, 14:05</time>" in clock(MOMENT)
        assert ">25. Nov. 2025, 14:05 CET</time>" in moment(MOMENT)
    with timezone.override("Europe/Berlin"), translation.override("en"):
        assert count(16241) == "16,241"
        assert ">25 Nov 2025, 14:05</time>" in clock(MOMENT)


def test_the_portals_own_language_is_one_that_is_offered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LANGUAGE_CODE", raising=False)
    assert language(environ.Env()) == "en"
    monkeypatch.setenv("LANGUAGE_CODE", "de")
    assert language(environ.Env()) == "de"
    monkeypatch.setenv("LANGUAGE_CODE", "xx")
    with pytest.raises(ImproperlyConfigured, match="LANGUAGE_CODE must be one of en, de"):
        language(environ.Env())
