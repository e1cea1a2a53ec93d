"""The page that says what the PBX lacks."""

from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.urls import reverse

from lots.admin import checks
from lots.ami import AmiAddress
from lots.models import Pbx
from lots.publish.pbx_facts import Account, Facts
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
SECRET = "never-to-be-shown"


@pytest.fixture
def asked(pbx: Pbx, settings: Any, monkeypatch: pytest.MonkeyPatch) -> list[Pbx]:
    """Stands for the PBX, which includes one file of three; who was asked."""
    settings.ASTERISK_AMI_URL = f"ami://portal:{SECRET}@192.0.2.20"
    settings.ASTERISK_AMI_PUBLISH_URL = ""
    asked: list[Pbx] = []

    async def gather(pbx: Pbx, watch: AmiAddress | None, publish: AmiAddress | None, *, create: bool) -> Facts:
        asked.append(pbx)
        writes = frozenset({"CreateConfig", "UpdateConfig"})
        return Facts(
            watch=Account(setting="ASTERISK_AMI_URL", address=watch, actions=frozenset({"Setvar"})),
            publish=Account(setting="ASTERISK_AMI_PUBLISH_URL", address=publish, actions=writes),
            version_text="22.1.0<b>",
            version=(22, 1, 0),
            included={"parkinglot_res_parking.conf": False, "parkinglot_extensions.conf": True if create else None},
            made=("parkinglot_extensions.conf",) if create else (),
        )

    monkeypatch.setattr(checks, "gather", gather)
    return asked


@pytest.fixture
def alex(roles: None) -> User:
    return person("alex", "Administrators")


def page(user: User, name: str = "admin:lots_check", *args: object) -> str:
    return login(user).get(reverse(name, args=args)).content.decode()


def test_it_says_what_is_missing_ready_to_copy(asked: list[Pbx], alex: User):
    text = page(alex)
    for words in (
        "Something is missing",
        "portal may not use Originate",
        "ASTERISK_AMI_PUBLISH_URL is not set",
        "#tryinclude parkinglot_res_parking.conf",
        "module reload res_parking",
        "This is Asterisk 22.1.0&lt;b&gt;.",
    ):
        assert words in text
    assert text.count("data-copy=") == text.count('<pre class="to-copy"') > 2
    assert SECRET not in text


def test_ids_of_what_is_copied_are_all_different(asked: list[Pbx], alex: User):
    pieces = [piece.partition('"')[0] for piece in page(alex).split(' id="')[1:]]
    assert len(pieces) == len(set(pieces))


def test_the_page_of_a_pbx_looks_at_that_one(asked: list[Pbx], alex: User):
    other = Pbx.objects.create(name="other")
    page(alex, "admin:lots_check_pbx", other.pk)
    assert asked == [other]


def test_files_are_made_only_when_somebody_says_so(asked: list[Pbx], alex: User):
    text = page(alex)
    assert "cannot be told before something was published" in text
    assert "were made on the PBX" not in text
    assert 'value="Create the three files"' in text
    text = login(alex).post(reverse("admin:lots_check")).content.decode()
    assert "were made on the PBX, empty: parkinglot_extensions.conf" in text
    assert 'value="Create the three files"' not in text


def test_an_address_that_cannot_be_read_is_said(asked: list[Pbx], alex: User, settings: Any):
    settings.ASTERISK_AMI_URL = f"http://portal:{SECRET}@192.0.2.20"
    text = page(alex)
    assert "Nobody could look" in text
    assert "must start with ami://" in text
    assert SECRET not in text
    assert not asked


def test_only_who_may_publish_sees_it(asked: list[Pbx], rita: User):
    rita.is_staff = True
    rita.save()
    rita.user_permissions.add(Permission.objects.get(codename="change_parkinglot"))
    client = login(rita)
    assert client.get(reverse("admin:lots_check")).status_code == 403
    assert reverse("admin:lots_check") not in client.get(reverse("admin:index")).content.decode()
    assert not asked


def test_it_is_linked_where_people_look(asked: list[Pbx], alex: User, pbx: Pbx):
    assert reverse("admin:lots_check") in page(alex, "admin:index")
    assert reverse("admin:lots_check_pbx", args=[pbx.pk]) in page(alex, "admin:lots_pbx_change", pbx.pk)
