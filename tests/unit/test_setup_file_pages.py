"""The file's ways in and out: pages of the admin, and commands."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from lots.models import ParkingLot, Pbx, Phone
from lots.setup_file.export import document, dumps, exported
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
PAGE, DOWNLOAD, CONFIRM = (reverse(f"admin:lots_setup_file{end}") for end in ("", "_download", "_confirm"))


@pytest.fixture
def found(pbx: Pbx) -> dict[str, Any]:
    ParkingLot.objects.create(pbx=pbx, name="desk", label="<b>Desk</b>", observed=False, first_slot=701, last_slot=705)
    Phone.objects.create(pbx=pbx, number="301", name="Hall", device="PJSIP/301")
    return document(pbx)


def upload(browser: Client, found: dict[str, Any] | bytes, **how: str) -> Any:
    content = found if isinstance(found, bytes) else dumps(found).encode()
    return browser.post(PAGE, {"file": SimpleUploadedFile("setup.json", content), **how})


def test_what_is_downloaded_is_the_export(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    answer = login(alex).get(DOWNLOAD)
    assert answer.content.decode() == exported(pbx)
    assert answer["Content-Disposition"].startswith('attachment; filename="parkinglot-setup-')


def test_an_upload_is_shown_then_taken(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    before = exported(pbx)
    browser = login(alex)
    found["lots"][0]["last_slot"] = 709
    page = upload(browser, found)
    assert "last_slot: 705 → 709" in page.content.decode()
    assert "<b>Desk" not in page.content.decode()
    assert exported(pbx) == before, "shown, not taken"
    page = browser.post(CONFIRM, {"seen": page.context["seen"]})
    assert page.status_code == 200
    assert ParkingLot.objects.get().last_slot == 709


def test_a_file_that_changes_nothing_is_not_to_be_taken(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    page = upload(login(alex), found).content.decode()
    assert "Everything is so already." in page
    assert "Take it over" not in page
    assert "Show what would change" in page, "another file can be chosen"


def test_a_preview_that_is_old_by_now_is_shown_anew(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    browser = login(alex)
    found["lots"][0]["last_slot"] = 709
    seen = upload(browser, found).context["seen"]
    ParkingLot.objects.update(timeout=99)
    page = browser.post(CONFIRM, {"seen": seen})
    assert "changed meanwhile" in page.content.decode()
    assert "timeout: 99 → 120" in page.content.decode()
    assert ParkingLot.objects.get().last_slot == 705
    browser.post(CONFIRM, {"seen": page.context["seen"]})
    assert ParkingLot.objects.get().last_slot == 709


def test_what_goes_is_asked_for_and_said(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    browser = login(alex)
    found["phones"] = []
    page = upload(browser, found)
    assert '<span class="change-kind">Stays</span>' in page.content.decode()
    page = upload(browser, found, removing="on")
    assert "Removed" in page.content.decode()
    browser.post(CONFIRM, {"seen": page.context["seen"]})
    assert not Phone.objects.exists()


def test_faults_are_told_with_their_place(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    found["lots"][0]["first_slot"] = "701"
    page = upload(login(alex), found).content.decode()
    assert "<code>lots[0].first_slot</code>: write a whole number" in page
    assert "This is no JSON" in upload(login(alex), b"{").content.decode()


def test_a_made_up_confirmation_does_nothing(pbx: Pbx, found: dict[str, Any], alex: User) -> None:
    assert login(alex).post(CONFIRM, {"seen": "x:y:z"}).status_code == 302
    assert login(alex).get(CONFIRM).status_code == 405


def test_only_who_may_set_everything_up(pbx: Pbx, found: dict[str, Any], alex: User, rita: User, sam: User) -> None:
    seen = upload(login(alex), {**found, "phones": []}, removing="on").context["seen"]
    looker = person("lena", is_staff=True)
    looker.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
    remover = person("remo", is_staff=True)
    remover.user_permissions.set(Permission.objects.exclude(codename="delete_phone"))
    for user in (rita, sam):
        assert login(user).get(PAGE).status_code == login(user).get(DOWNLOAD).status_code == 302
    assert login(person("stan", is_staff=True)).get(DOWNLOAD).status_code == 403
    assert login(looker).get(PAGE).status_code == 200
    assert login(remover).post(CONFIRM, {"seen": seen}).status_code == 403
    assert upload(login(remover), found, removing="on").status_code == 403
    assert upload(login(looker), found).status_code == 403
    assert login(looker).post(CONFIRM, {"seen": seen}).status_code == 403
    assert Phone.objects.filter(number="301").exists()


def test_commands(pbx: Pbx, found: dict[str, Any], tmp_path: Path) -> None:
    file, said = tmp_path / "setup.json", io.StringIO()
    call_command("export_setup", str(file))
    call_command("export_setup", stdout=said)
    assert file.read_text() == said.getvalue() == exported(pbx)
    found["phones"].append({"number": "202", "name": "Gate", "device": "PJSIP/202"})
    found["lots"][0]["timeout"] = 90
    file.write_text(json.dumps(found))
    said = io.StringIO()
    call_command("import_setup", str(file), dry_run=True, stdout=said)
    assert said.getvalue().splitlines() == [
        "+ phones 202 (Gate)",
        "~ lots desk (<b>Desk</b>): timeout: 120 → 90",
        "Nothing was changed: this was a dry run.",
    ]
    assert Phone.objects.count() == 1
    call_command("import_setup", str(file), stdout=said)
    assert Phone.objects.count() == 2
    found |= {"phones": [], "lots": []}
    file.write_text(json.dumps(found))
    call_command("import_setup", str(file), remove=True, stdout=io.StringIO())
    assert not Phone.objects.exists()
    file.write_text("{}")
    with pytest.raises(CommandError, match=r"not a setup file.*\nNothing was changed\."):
        call_command("import_setup", str(file))
    for command in ("import_setup", "export_setup"):
        with pytest.raises(CommandError, match="missing"):
            call_command(command, str(tmp_path / "missing" / "file"))
