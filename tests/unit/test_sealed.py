"""Passwords of PBXs: sealed at rest, never shown, sealed anew with a new key."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from lots.models import Pbx
from lots.publish.accounts import CannotStart, publish_address, watch_address
from lots.sealed import CannotOpen, seal, unseal
from tests.kit.logins import login

SECRET = "pbx-Pässword-7731"


@pytest.fixture
def key_file(settings: Any, tmp_path: Path) -> Path:
    file = tmp_path / "sealing_key"
    file.write_text(Fernet.generate_key().decode())
    settings.SEALING_KEYS, settings.SEALING_KEY_FILE = [], file
    return file


@pytest.fixture
def berlin(db: None, key_file: Path) -> Pbx:
    sealed = {"watch_sealed": seal(SECRET), "publish_sealed": seal(f"{SECRET}-publish")}
    return Pbx.objects.create(name="berlin", host="192.0.2.9", watch_user="w", publish_user="p", **sealed)


@given(st.text())
def test_what_was_sealed_opens(text: str) -> None:
    assert unseal(seal(text)) == text


def test_nothing_is_nothing() -> None:
    assert seal("") == ""
    assert unseal("") == ""


def test_the_row_does_not_hold_it(berlin: Pbx) -> None:
    assert SECRET not in str(Pbx.objects.filter(pk=berlin.pk).values())
    found = watch_address(berlin), publish_address(berlin)
    assert [(at.user, at.secret) for at in found if at] == [("w", SECRET), ("p", f"{SECRET}-publish")]


def test_another_key_opens_nothing_and_says_what_to_do(berlin: Pbx, key_file: Path) -> None:
    key_file.write_text(Fernet.generate_key().decode())
    with pytest.raises(CannotStart, match=r"berlin: .* Type it again"):
        watch_address(berlin)


def test_rotating_seals_anew_and_forgets_the_old_key(berlin: Pbx, key_file: Path) -> None:
    old_key, old = key_file.read_text().strip(), berlin.watch_sealed
    out = StringIO()
    call_command("rotate_secrets", stdout=out)
    berlin.refresh_from_db()
    assert "of 1 PBXs" in out.getvalue()
    assert old_key not in key_file.read_text()
    assert key_file.stat().st_mode & 0o777 == 0o600
    assert unseal(berlin.watch_sealed) == SECRET
    with pytest.raises(CannotOpen):
        unseal(old)


def test_rotating_with_a_key_of_the_environment(berlin: Pbx, settings: Any, key_file: Path) -> None:
    kept, fresh = key_file.read_text().strip(), Fernet.generate_key().decode()
    settings.SEALING_KEYS = [fresh, kept]
    call_command("rotate_secrets", stdout=StringIO())
    berlin.refresh_from_db()
    settings.SEALING_KEYS = [fresh]
    assert unseal(berlin.publish_sealed) == f"{SECRET}-publish"
    assert key_file.read_text().strip() == kept


def test_rotating_what_cannot_be_opened_changes_nothing(berlin: Pbx, settings: Any) -> None:
    settings.SEALING_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(CommandError, match="Nothing was lost"):
        call_command("rotate_secrets")
    before = berlin.watch_sealed
    berlin.refresh_from_db()
    assert berlin.watch_sealed == before


@pytest.fixture
def browser(pbx: Pbx, alex: User) -> Client:
    return login(alex)


FORM = {"name": "bonn", "label": "Bonn", "active": "on", "phone_contexts": "phones", "port": "5038"}


def test_a_pbx_is_added_and_its_passwords_are_never_shown_again(browser: Client, key_file: Path) -> None:
    account = {"host": "192.0.2.7", "watch_user": "portal", "watch_secret": SECRET}
    answer = browser.post(reverse("admin:lots_pbx_add"), {**FORM, **account})
    assert answer.status_code == 302, answer.context["errors"]
    pbx = Pbx.objects.get(name="bonn")
    at = watch_address(pbx)
    assert at is not None
    assert (at.place, at.secret) == ("192.0.2.7:5038", SECRET)
    assert publish_address(pbx) is None
    where = reverse("admin:lots_pbx_change", args=[pbx.pk])
    page = browser.get(where).content.decode()
    assert "A password is kept." in page
    assert SECRET not in page
    assert pbx.watch_sealed not in page
    rest = {name: value for name, value in FORM.items() if name != "name"}
    browser.post(where, {**rest, "host": "192.0.2.8", "watch_user": "portal", "watch_secret": ""})
    pbx.refresh_from_db()
    kept = watch_address(pbx)
    assert kept is not None
    assert (kept.host, kept.secret) == ("192.0.2.8", SECRET)
    assert SECRET not in browser.get(reverse("admin:lots_pbx_history", args=[pbx.pk])).content.decode()


@pytest.mark.parametrize(
    ("account", "words"),
    [
        ({"host": "192.0.2.7"}, "Name the account that watches calls there."),
        ({"host": "192.0.2.7", "watch_user": "portal"}, "Type the password of this account."),
        ({"watch_user": "portal", "watch_secret": "x"}, "Name the host on which this account is."),
        ({"host": "a b", "watch_user": "portal", "watch_secret": "x"}, "spaces in it"),
        ({"host": "h", "watch_user": "w", "watch_secret": "a\r\nb: c"}, "control character"),
        ({"host": "h", "watch_user": "w", "watch_secret": "x", "tls": "on", "ca": "/nowhere.pem"}, "cannot be read"),
        ({"host": "h", "watch_user": "w", "watch_secret": "x", "publish_user": "p"}, "Type the password"),
    ],
)
def test_half_an_account_is_refused_with_what_is_missing(browser: Client, account: dict[str, str], words: str) -> None:
    answer = browser.post(reverse("admin:lots_pbx_add"), {**FORM, **account})
    assert answer.status_code == 200
    assert words in answer.content.decode()
    assert not Pbx.objects.filter(name="bonn").exists()
