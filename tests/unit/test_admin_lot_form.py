"""Setting up a lot: what is derived, what is refused and where, and that nothing reaches the database half."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lots.admin.lot_form import LotForm
from lots.config.conf import ConfFile
from lots.config.pin import hash_pin
from lots.config.render import render
from lots.config.setup import Setup
from lots.models import ParkingLot, Pbx
from lots.publish.setup import setup_of
from tests.kit.logins import login, person, phone
from tests.kit.lot_form import step, typed

pytestmark = pytest.mark.django_db
ADD = "/admin/lots/parkinglot/add/"


@pytest.fixture
def browser(pbx: Pbx, alex: User) -> Client:
    return login(alex)


def managed(pbx: Pbx, name: str = "sales", first: int = 721, **fields: Any) -> ParkingLot:
    values = {"label": name.capitalize(), "park_code": str(first - 1), "observed": False, "present": False}
    return ParkingLot.objects.create(pbx=pbx, name=name, first_slot=first, last_slot=first + 5, **{**values, **fields})


def address(lot: ParkingLot) -> str:
    return reverse("admin:lots_parkinglot_change", args=[lot.pk])


def errors(browser: Client, where: str, sent: dict[str, Any]) -> dict[str, list[str]]:
    """By field; those of tables by the names their inputs have."""
    answer = browser.post(where, sent)
    assert answer.status_code == 200, "it was saved"
    found = dict(answer.context["adminform"].form.errors.items())
    for inline in answer.context["inline_admin_formsets"]:
        for form in inline.formset.forms:
            found |= {f"{form.prefix}-{name}": texts for name, texts in form.errors.items()}
    return found


def test_a_lot_that_is_typed_is_the_lot_that_is_published(browser: Client, pbx: Pbx, roles: None) -> None:
    other, desk = managed(pbx), phone(pbx, "201", None)
    sent = typed(
        pbx.pk,
        label="Empfang Süd",
        count="12",
        when_full="overflow",
        overflow=str(other.pk),
        new_pin="4711",
        slot_names=[{"slot": "703", "name": "Apotheke"}],
        steps=[step("phone", phones=[desk.pk]), step("voicemail", position="2", mailbox="201@default")],
        outside_numbers=[{"number": "+49 30 555"}],
        rights=[{"group": Group.objects.get(name="Staff").pk, "see": "on"}],
    )
    assert browser.post(ADD, sent).status_code == 302
    lot = ParkingLot.objects.get(label="Empfang Süd")
    assert (lot.name, lot.observed, lot.present, lot.on_board) == ("empfang-sud", False, False, True)
    assert [str(name) for name in lot.slot_names.all()] == ["703 Apotheke"]
    assert [(right.see, right.park) for right in lot.rights.all()] == [(True, False)]
    value = next(one for one in setup_of(pbx).lots if one.name == "empfang-sud")
    assert (value.first, value.last, value.overflow) == (701, 712, "sales")
    assert [step.devices or step.mailbox for step in value.steps] == [("PJSIP/201",), "201@default"]
    assert value.door.numbers == ("+4930555",)
    assert value.door.pin_hash == hash_pin("4711", value.door.pin_salt)


def test_the_pin_is_never_shown_again_and_can_be_changed_and_removed(browser: Client, pbx: Pbx) -> None:
    lot = managed(pbx)
    kept = {"label": "Sales", "park_code": "720", "first_slot": "721"}
    browser.post(address(lot), typed(**kept, new_pin="98765432"))
    lot.refresh_from_db()
    first = lot.pin_hash
    page = browser.get(address(lot)).content.decode()
    assert lot.has_pin
    assert "A PIN is set" in page
    assert not [secret for secret in ("98765432", first, lot.pin_salt) if secret in page]
    browser.post(address(lot), typed(**kept))
    lot.refresh_from_db()
    assert lot.pin_hash == first, "saving without a PIN keeps the one that is set"
    browser.post(address(lot), typed(**kept, new_pin="98765432"))
    lot.refresh_from_db()
    assert lot.pin_hash != first, "the same PIN has a new salt"
    browser.post(address(lot), typed(**kept, remove_pin="on"))
    lot.refresh_from_db()
    assert (lot.pin_hash, lot.pin_salt) == ("", "")


def test_a_pin_that_is_not_kept_is_asked_for_again(browser: Client, pbx: Pbx) -> None:
    """Else the lot would be saved without one at the next try, open to whoever dials its number."""
    for wrong in ({"timeout": "5"}, {"slot_names": [{"slot": "999", "name": "Nowhere"}]}):
        found = errors(browser, ADD, typed(pbx.pk, new_pin="864209", **wrong))
        assert "Type the PIN again" in found["new_pin"][0]
        assert len(found) == 2
    assert "Type the PIN again" not in str(errors(browser, ADD, typed(pbx.pk, timeout="5")))


REFUSED = [
    ({"label": ""}, "label"),
    ({"label": "Front\ndesk"}, "label"),
    ({"label": "sales"}, "label"),
    ({"park_code": "70 0"}, "park_code"),
    ({"park_code": "${SHELL(id)}"}, "park_code"),
    ({"park_code": "720"}, "park_code"),
    ({"park_code": "705"}, "park_code"),
    ({"retrieve_code": "*85;"}, "retrieve_code"),
    ({"next_code": "700"}, "next_code"),
    ({"first_slot": "0"}, "first_slot"),
    ({"first_slot": "999999999"}, "first_slot"),
    ({"first_slot": "715"}, "first_slot"),
    ({"count": "0"}, "count"),
    ({"count": "1001"}, "count"),
    ({"timeout": "9"}, "timeout"),
    ({"timeout": "3601"}, "timeout"),
    ({"timeout": "-1"}, "timeout"),
    ({"reminder": "120"}, "reminder"),
    ({"ring_parker": "301"}, "ring_parker"),
    ({"prefix_text": "P,${X}"}, "prefix_text"),
    ({"alert_info": "x\r\ny"}, "alert_info"),
    ({"message": "../../etc/passwd"}, "message"),
    ({"courtesy_tone": "beep&boop"}, "courtesy_tone"),
    ({"message": "https://x.org/a&../../voicemail/201"}, "message"),
    ({"when_full": "overflow"}, "overflow"),
    ({"new_pin": "123"}, "new_pin"),
    ({"new_pin": "12a4"}, "new_pin"),
    ({"new_pin": "1234567890123"}, "new_pin"),
    ({"slot_names": [{"slot": "711", "name": "Outside"}]}, "slot_names-0-slot"),
    ({"slot_names": [{"slot": "701", "name": "a\nb"}]}, "slot_names-0-name"),
    ({"outside_numbers": [{"number": "555,1"}]}, "outside_numbers-0-number"),
    ({"outside_numbers": [{"number": "_X."}]}, "outside_numbers-0-number"),
    ({"outside_numbers": [{"number": "h"}]}, "outside_numbers-0-number"),
    ({"steps": [step("phone")]}, "steps-0-phones"),
    ({"steps": [step("group")]}, "steps-0-phones"),
    ({"steps": [step("voicemail")]}, "steps-0-mailbox"),
    ({"steps": [step("voicemail", mailbox="201,s")]}, "steps-0-mailbox"),
    ({"steps": [step("lot")]}, "steps-0-target"),
    ({"steps": [step("location", location="ivr")]}, "steps-0-location"),
    ({"steps": [step("location", location="ivr,${EXTEN},1")]}, "steps-0-location"),
    ({"steps": [step("location", location="ivr,s,1,more")]}, "steps-0-location"),
    ({"steps": [step("nowhere")]}, "steps-0-kind"),
    ({"rights": [{"group": ""}]}, "rights-0-group"),
    ({"rights": [{"group": "", "see": "on", "park": "on", "retrieve": "on", "page": "on"}]}, "rights-0-group"),
]


@pytest.mark.parametrize(("changes", "field"), REFUSED, ids=[f"{field} {changes}" for changes, field in REFUSED])
def test_what_would_not_work_is_said_at_its_field(
    browser: Client, pbx: Pbx, changes: dict[str, Any], field: str
) -> None:
    managed(pbx)
    found = errors(browser, ADD, typed(pbx.pk, **changes))
    assert list(found) == [field]
    assert ParkingLot.objects.count() == 1


def test_a_clash_names_both_sides(browser: Client, pbx: Pbx) -> None:
    managed(pbx)
    (sentence,) = errors(browser, ADD, typed(pbx.pk, park_code="723"))["park_code"]
    assert "723" in sentence
    assert "Sales" in sentence
    assert "Front desk" in sentence
    managed(pbx, "store", 701, separate=True)
    assert browser.post(ADD, typed(pbx.pk)).status_code == 302, "a lot for its own phones may use numbers again"


def test_what_was_typed_is_there_again(browser: Client, pbx: Pbx) -> None:
    sent = typed(pbx.pk, label="Front", park_code="7 0 0", steps=[step("voicemail", mailbox="")], description="mine")
    page = browser.post(ADD, sent).content.decode()
    for text in ('value="Front"', 'value="7 0 0"', "mine", '<option value="voicemail" selected>'):
        assert text in page, text


def test_a_lot_leads_to_no_lot_that_cannot_take_its_calls(browser: Client, pbx: Pbx) -> None:
    own = managed(pbx, label="Front desk")
    found = ParkingLot.objects.create(pbx=pbx, name="found", label="Found", first_slot=801, last_slot=810)
    gone = managed(pbx, "gone", 741, retired=True)
    kept = {"park_code": "720", "first_slot": "721"}
    for target in (own, found, gone):
        sent = typed(**kept, steps=[step("lot", target=str(target.pk))])
        assert list(errors(browser, address(own), sent)) == ["steps-0-target"], target
        sent = typed(**kept, when_full="overflow", overflow=str(target.pk))
        assert list(errors(browser, address(own), sent)) == ["overflow"], target


def test_only_the_fields_of_a_steps_kind_are_kept(browser: Client, pbx: Pbx) -> None:
    row = step("location", location="ivr, s, 1", mailbox="half typed,", seconds="")
    assert browser.post(ADD, typed(pbx.pk, steps=[row])).status_code == 302
    (kept,) = ParkingLot.objects.get().steps.all()
    assert (kept.mailbox, kept.target, kept.location, kept.seconds) == ("", None, "ivr, s, 1", 20)
    (made,) = setup_of(pbx).lots[0].steps
    assert (made.context, made.exten, made.priority) == ("ivr", "s", "1")


def test_a_lot_may_have_as_many_slots_and_phones_as_asterisk_can_be_told(browser: Client, pbx: Pbx) -> None:
    assert browser.post(ADD, typed(pbx.pk, park_code="7000", first_slot="7001", count="1000")).status_code == 302
    many = [phone(pbx, str(3000 + at), None).pk for at in range(80)]
    sent = typed(pbx.pk, label="Loud", steps=[step("group", phones=many)])
    answer = browser.post(ADD, sent)
    assert (answer.status_code == 302) == (ParkingLot.objects.count() == 2)
    setup = setup_of(pbx)
    assert render(setup), "what was saved can be published"


def test_a_new_lot_starts_with_numbers_that_are_free(browser: Client, pbx: Pbx) -> None:
    managed(pbx, "reception", 701)
    phone(pbx, "725", None)
    form = browser.get(ADD).context["adminform"].form
    first = {name: form.get_initial_for_field(form.fields[name], name) for name in ("park_code", "first_slot", "count")}
    assert first == {"park_code": "740", "first_slot": 741, "count": 10}
    sent = typed(**{name: str(value) for name, value in first.items()}, pbx=str(form.initial["pbx"]))
    assert browser.post(ADD, sent).status_code == 302


def test_no_timeout_is_allowed_and_warned_of(browser: Client, pbx: Pbx) -> None:
    page = browser.post(ADD, typed(pbx.pk, timeout="0"), follow=True).content.decode()
    assert "No timeout" in page
    assert ParkingLot.objects.get().timeout == 0


def test_the_name_in_asterisk_stays(browser: Client, pbx: Pbx) -> None:
    lot = managed(pbx)
    browser.post(address(lot), typed(label="Verkauf", name="other", pbx="99", park_code="720", first_slot="721"))
    lot.refresh_from_db()
    assert (lot.label, lot.name, lot.pbx) == ("Verkauf", "sales", pbx)


def test_people_without_the_right_change_nothing(pbx: Pbx, rita: User, roles: None) -> None:
    lot = managed(pbx)
    viewer = person("vera", "Staff", is_staff=True)
    live = reverse("admin:lots_parkinglot_live", args=[lot.pk])
    for user, status in ((rita, 302), (person("stan", is_staff=True), 403), (viewer, 403)):
        for where in (address(lot), ADD, live, live.replace(f"{lot.pk}/", "")):
            assert login(user).post(where, typed(pbx.pk)).status_code == status, (user, where)
    page = login(viewer).get(address(lot))
    assert page.status_code == 200
    assert "_save" not in page.content.decode()
    assert ParkingLot.objects.count() == 1


def test_the_form_says_what_the_lot_does_while_it_is_typed(browser: Client, pbx: Pbx) -> None:
    live = reverse("admin:lots_parkinglot_live_new")
    said = browser.post(live, typed(pbx.pk, label="", timeout="90", steps=[step("voicemail", mailbox="201")])).json()
    assert said["errors"] == {"label": ["This field is required."]}
    words = " ".join(said["sentences"])
    for text in ("Transfer a call to 700", "701 to 710", "After 1 minute 30 seconds", "voicemail box 201"):
        assert text in words, text
    said = browser.post(live, typed(pbx.pk, park_code="705", timeout="0")).json()
    assert list(said["errors"]) == ["park_code"]
    assert "No timeout" in said["warnings"][0]
    said = browser.post(live, typed(pbx.pk, steps=[step("voicemail")])).json()
    assert list(said["errors"]) == ["steps-0-mailbox"]
    assert ParkingLot.objects.count() == 0, "nothing is saved by asking"


def test_what_must_be_put_right_first_is_named(browser: Client, pbx: Pbx) -> None:
    """While a field is wrong nobody can say what the lot would do: the place for it must not stay empty."""
    live = reverse("admin:lots_parkinglot_live_new")
    said = browser.post(live, typed(pbx.pk, when_full="overflow", timeout="5")).json()
    assert said["sentences"] == []
    (words,) = said["warnings"]
    assert words.startswith("Correct the marked fields first (")
    assert {"Timeout", "Overflow lot"} == set(words.partition("(")[2].partition(")")[0].split(", "))
    assert browser.post(live, typed(pbx.pk, label="")).json()["warnings"] == [], "nobody was there yet"


def test_a_spare_row_of_rights_may_stay_empty_where_no_script_runs(browser: Client, pbx: Pbx) -> None:
    rights = [{"group": "", "see": "on", "park": "on", "retrieve": "on", "page": "on"}]
    assert browser.post(f"{ADD}?rows=1", typed(pbx.pk, rights=rights)).status_code == 302


def test_the_label_of_a_lot_that_is_gone_is_free(browser: Client, pbx: Pbx) -> None:
    found = ParkingLot.objects.create(pbx=pbx, name="old", label="Front desk", first_slot=801, last_slot=810)
    assert list(errors(browser, ADD, typed(pbx.pk))) == ["label"]
    ParkingLot.objects.filter(pk=found.pk).update(present=False)
    assert browser.post(ADD, typed(pbx.pk)).status_code == 302


HOSTILE = st.text(max_size=40) | st.sampled_from(
    [
        "a\r\nb",
        "\0",
        "x;y",
        "[general]",
        "${SHELL(id)}",
        "$[1+1]",
        '"',
        "a,b",
        "x" * 10_000,
        "😀",
        "\u202e700",
        "a\nexten => 1,1,X",
    ]
)
TEXTS = ["label", "park_code", "retrieve_code", "next_code", "prefix_text", "alert_info", "message", "courtesy_tone"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.sampled_from(TEXTS), HOSTILE)
def test_whatever_is_typed_is_refused_at_its_field_or_means_what_it_says(pbx: Pbx, field: str, text: str) -> None:
    form = LotForm(typed(pbx.pk, **{field: text}))
    if not form.is_valid():
        assert list(form.errors) == [field]
        return
    assert form.checked is not None
    assert form.checked.lot is not None
    kept = form.checked.lot.prefix.text if field == "prefix_text" else getattr(form.checked.lot, field)
    assert kept == text.strip()
    assert all(
        line.count("\n") == 0 for file in render(Setup(lots=(form.checked.lot,))).values() for line in texts(file)
    )


def texts(file: ConfFile) -> list[str]:
    return [line.text for section in file.sections for line in section.lines]
