"""The pages about outside numbers: who tried, who is locked out, and lifting it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Self

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from lots.admin import door_locks
from lots.ami import ActionRefused, Disconnected, Reply
from lots.ami.message import Headers
from lots.models import DoorTry, OutsideNumber, ParkingLot, Pbx
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
NOW = datetime.now(UTC)
LOCKS, LIFT = "admin:lots_doortry_locks", "admin:lots_doortry_lift"


class Asterisk:
    """Stands for every session with Asterisk; ``broken``: none comes about."""

    def __init__(self) -> None:
        self.rows: dict[str, str] = {}
        self.lifted: list[str] = []
        self.broken = False

    def __call__(self, _address: object) -> Self:
        return self

    async def __aenter__(self) -> Self:
        if self.broken:
            raise Disconnected("Nobody listens at 192.0.2.1:5038.")
        return self

    async def __aexit__(self, *_: object) -> None:
        return

    async def send(self, action: str, headers: Sequence[tuple[str, str]] = ()) -> Reply:
        if action == "Setvar":
            self.lifted.append(dict(headers)["Variable"])
            return Reply(Headers({}))
        if action != "DBGetTree":
            raise ActionRefused(action, "no")
        items = [{"Key": f"/parkinglot-door/{key}", "Val": value} for key, value in self.rows.items()]
        return Reply(Headers({}), tuple(Headers(item) for item in items))


@pytest.fixture
def asterisk(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Asterisk:
    asterisk = Asterisk()
    monkeypatch.setattr(door_locks, "AmiClient", asterisk)
    settings.ASTERISK_AMI_URL = "ami://runtime:secret@192.0.2.1:5038"
    until, last = (
        int((NOW + timedelta(minutes=minutes)).timestamp()) for minutes in (300, -1)
    )  # a long run comes here long after NOW
    asterisk.rows = {
        "caller/desk/5551001": f"3-{until}-{last}",
        "caller/desk/anonymous": f"1-{until}-{last}",
        "lot/other": f"6-{until}-{last}",
        "caller/desk/5550000": f"1-{last}-{last}",
    }
    return asterisk


@pytest.fixture
def tries(lot: ParkingLot) -> None:
    for caller, result in (("5551001", "wrong"), ("5551002", "opened")):
        DoorTry.objects.create(lot=lot, number="4930100", caller=caller, result=result, at=NOW)


def page(user: User, name: str = LOCKS, *args: object) -> str:
    return login(user).get(reverse(name, args=args)).content.decode()


def test_the_page_shows_locks_in_force_and_the_latest_tries(asterisk: Asterisk, tries: None, alex: User) -> None:
    text = page(alex)
    assert "5550000" not in text
    assert "Desk" in text
    for word in ("5551001", "callers without a number", ">everybody<", "other", "wrong PIN", "let in", "5551002"):
        assert word in text, word
    assert text.count(f'action="{reverse(LIFT)}"') == 3


def test_a_lots_own_page_has_its_own_locks(asterisk: Asterisk, tries: None, alex: User, lot: ParkingLot) -> None:
    text = page(alex, "admin:lots_doortry_lot", lot.pk)
    assert ">everybody<" not in text
    assert text.count(f'action="{reverse(LIFT)}"') == 2


def test_nothing_on_the_pages_is_inline(asterisk: Asterisk, tries: None, alex: User) -> None:
    for text in (page(alex), page(alex, "admin:lots_doortry_changelist")):
        own = text[text.index('id="content-main"') :]
        assert "<style" not in own
        assert " style=" not in own
        assert " onclick" not in own


def test_lifting(asterisk: Asterisk, alex: User, lot: ParkingLot) -> None:
    browser = login(alex)
    answer = browser.post(reverse(LIFT), {"lot": "desk", "caller": "5551001", "page": str(lot.pk)}, follow=True)
    assert answer.redirect_chain == [(reverse("admin:lots_doortry_lot", args=[lot.pk]), 302)]
    assert "The lock is lifted." in answer.content.decode()
    assert asterisk.lifted == ["DB_DELETE(parkinglot-door/caller/desk/5551001)"]
    assert "Lifted the lock of the caller 5551001." in str(LogEntry.objects.get().get_change_message())
    browser.post(reverse(LIFT), {"lot": "desk"})
    assert asterisk.lifted[1:] == ["DB_DELETE(parkinglot-door/lot/desk)"]


@pytest.mark.parametrize("values", [{}, {"lot": "x)"}, {"lot": "desk", "caller": "${SHELL(ls)}"}])
def test_what_is_no_lock_never_reaches_asterisk(
    asterisk: Asterisk, alex: User, pbx: Pbx, values: dict[str, str]
) -> None:
    text = login(alex).post(reverse(LIFT), values, follow=True).content.decode()
    assert "There is no such lock." in text
    assert asterisk.lifted == []
    assert not LogEntry.objects.exists()


def test_asterisk_that_cannot_be_reached_is_said(asterisk: Asterisk, tries: None, alex: User) -> None:
    asterisk.broken = True
    text = page(alex)
    assert "Nobody listens at 192.0.2.1:5038." in text
    assert "Nobody is locked out" not in text
    assert "5551002" in text
    text = login(alex).post(reverse(LIFT), {"lot": "desk"}, follow=True).content.decode()
    assert "The lock was not lifted: Nobody listens" in text


def test_seeing_is_not_lifting(asterisk: Asterisk, tries: None, rita: User) -> None:
    viewer = person("vera", is_staff=True)
    viewer.user_permissions.add(Permission.objects.get(codename="view_doortry"))
    assert reverse(LIFT) not in page(viewer)
    assert login(viewer).post(reverse(LIFT), {"lot": "desk"}).status_code == 403
    assert login(person("stan", is_staff=True)).get(reverse(LOCKS)).status_code == 403
    assert login(rita).get(reverse(LOCKS)).status_code == 302
    assert asterisk.lifted == []


def test_looking_lifts_nothing(asterisk: Asterisk, alex: User) -> None:
    assert login(alex).get(reverse(LIFT), {"lot": "desk"}).status_code == 405
    assert asterisk.lifted == []


def test_the_log_is_to_read(tries: None, alex: User) -> None:
    browser, row = login(alex), DoorTry.objects.all()[0]
    text = browser.get(reverse("admin:lots_doortry_changelist"), {"result": "wrong"}).content.decode()
    assert "5551001" in text
    assert "5551002" not in text
    assert browser.post(reverse("admin:lots_doortry_change", args=[row.pk]), {"caller": "x"}).status_code == 403
    assert browser.post(reverse("admin:lots_doortry_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_lot_with_an_outside_number_links_to_its_locks(asterisk: Asterisk, alex: User, lot: ParkingLot) -> None:
    ParkingLot.objects.update(observed=False)
    address = reverse("admin:lots_doortry_lot", args=[lot.pk])
    assert address not in page(alex, "admin:lots_parkinglot_change", lot.pk)
    OutsideNumber.objects.create(lot=lot, number="4930100")
    assert address in page(alex, "admin:lots_parkinglot_change", lot.pk)
    assert reverse(LOCKS) in page(alex, "admin:index")
