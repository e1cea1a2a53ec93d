"""The demo's people: made once, kept, and left alone once somebody changed them."""

import json
import stat
from pathlib import Path

import pytest
from django.contrib.auth.models import User

from dashboard.rights import current
from lots.config.render import render
from lots.config.setup import Setup
from lots.demo.people import ROLES, fill, retire
from lots.models import ParkingLot, Pbx, Phone, Publication
from lots.publish.publications import pending
from lots.publish.setup import setup_of
from lots.publish.stored import stored
from tests.kit.logins import viewer

pytestmark = pytest.mark.django_db


def counted() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (User, Phone, ParkingLot, Pbx))


def test_filling_twice_is_filling_once(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    accounts, before = fill(pbx, kept), counted()
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [account.username for account in accounts] == list(ROLES)
    assert len({account.password for account in accounts}) == len(ROLES)
    for account in accounts:
        assert User.objects.get(username=account.username).check_password(account.password)
    assert fill(pbx, kept) == accounts
    assert counted() == before
    assert [lot.name for lot in ParkingLot.objects.filter(on_board=True)] == ["reception", "sales"]


def test_the_roles_may_what_they_say(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    fill(pbx, tmp_path / "demo.json")
    logins = {viewer(user): user.username for user in User.objects.all()}
    rights = {logins[who]: found for who, found in current(logins).items()}
    assert {name: (r.see, r.retrieve) for name, r in rights.items()} == {
        "admin": (True, True),
        "reception": (True, True),
        "staff": (True, False),
    }
    assert [phone["number"] for phone in rights["reception"].phones] == ["201", "202"]
    assert [user.username for user in User.objects.filter(is_staff=True)] == ["admin"]


def test_what_somebody_changed_stays(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    fill(pbx, kept)
    staff = User.objects.get(username="staff")
    staff.set_password("their own")
    staff.first_name = "Somebody"
    staff.save()
    Phone.objects.filter(number="201").update(owner=staff, name="Renamed")
    ParkingLot.objects.filter(name="sales").update(label="Ours", on_board=False)
    again = {account.username: account.password for account in fill(pbx, kept)}
    assert again["staff"] == "", "nobody is told a password that is wrong"
    assert again["reception"]
    staff.refresh_from_db()
    assert staff.check_password("their own")
    assert staff.first_name == "Somebody"
    assert (Phone.objects.get(number="201").owner, Phone.objects.get(number="201").name) == (staff, "Renamed")
    lot = ParkingLot.objects.get(name="sales")
    assert (lot.label, lot.on_board) == ("Ours", False)


def test_a_new_database_takes_the_kept_passwords(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    kept.write_text(json.dumps(dict.fromkeys(ROLES, "the same as before")))
    assert {account.password for account in fill(pbx, kept)} == {"the same as before"}


def test_passwords_of_an_older_demo_are_made_anew(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    kept.write_text(json.dumps({"admin": "old"}))
    accounts = fill(pbx, kept)
    assert json.loads(kept.read_text()) == {account.username: account.password for account in accounts}


def test_a_demo_that_is_over_lets_nobody_in(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    assert retire(pbx, kept) == [], "there never was one"
    fill(pbx, kept)
    admin = User.objects.get(username="admin")
    admin.set_password("chosen by somebody since")
    admin.save()
    assert sorted(retire(pbx, kept)) == ["reception", "staff"]
    assert set(User.objects.filter(is_active=True).values_list("username", flat=True)) == {"admin"}
    assert ParkingLot.objects.get(name="default").on_board
    fill(pbx, kept)
    assert User.objects.get(username="reception").is_active, "the demo is back"


def test_the_real_pbx_is_not_offered_the_demos_lots(pbx: Pbx, roles: None, tmp_path: Path) -> None:
    kept = tmp_path / "demo.json"
    fill(pbx, kept)
    Publication.objects.create(pbx=pbx, state=Publication.State.LIVE, files=stored(render(setup_of(pbx))))
    retire(pbx, kept)
    assert setup_of(pbx) == Setup()
    assert not pending(pbx), "nothing to publish, and nothing that runs there was published"
    assert not ParkingLot.objects.filter(name="sales", on_board=True).exists()
    fill(pbx, kept)
    assert [lot.name for lot in setup_of(pbx).lots] == ["reception", "sales"], "the demo is back"
    assert ParkingLot.objects.filter(on_board=True, retired=False, observed=False).count() == 2
