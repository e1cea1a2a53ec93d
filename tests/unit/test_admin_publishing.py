"""Publishing from the admin: the banner, the preview, progress, history, the way back, the comparison; who may what."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lots.admin import lost_places as lost
from lots.admin.tools import _tools as registered
from lots.admin.tools import register_tool
from lots.config.render import render
from lots.config.setup import Setup
from lots.models import FallbackStep, HoldMusic, ParkedCall, ParkingLot, Pbx, Publication
from lots.publish.publications import live
from lots.publish.setup import setup_of
from lots.publish.stored import setup_stored, stored
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


@pytest.fixture
def sales(pbx: Pbx) -> ParkingLot:
    return ParkingLot.objects.create(
        pbx=pbx,
        name="sales",
        label="Sales",
        park_code="720",
        first_slot=721,
        last_slot=726,
        observed=False,
        present=False,
    )


@pytest.fixture
def browser(pbx: Pbx, alex: User) -> Client:
    return login(alex)


def publish(pbx: Pbx, state: str = "live", **fields: object) -> Publication:
    setup = setup_of(pbx)
    kept = {"files": stored(render(setup)), "setup": setup_stored(setup)}
    values = {"author_name": "Alex Admin", "ended_at": timezone.now(), **kept, **fields}
    return Publication.objects.create(pbx=pbx, state=state, **values)


def page(browser: Client, name: str, *args: int) -> str:
    answer = browser.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_banner_counts_what_is_not_published(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    publish(pbx)
    assert "not published" not in page(browser, "index")
    ParkingLot.objects.filter(pk=sales.pk).update(timeout=60)
    for name in ("index", "lots_parkinglot_changelist", "lots_phone_add"):
        assert "1 change not published" in page(browser, name), name
    assert "changed, not published" in page(browser, "lots_parkinglot_changelist")


def test_what_is_asked_of_the_database_does_not_grow_with_the_lots(
    browser: Client, pbx: Pbx, sales: ParkingLot
) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page(browser, "lots_parkinglot_changelist")
        return len(queries)

    publish(pbx)
    few = asked()
    for at in range(20):
        first = 1001 + 20 * at
        ParkingLot.objects.create(
            pbx=pbx,
            name=f"x{at}",
            label=f"X{at}",
            park_code=str(first - 1),
            first_slot=first,
            last_slot=first,
            observed=False,
        )
    assert asked() <= few + 2


def test_the_preview_shows_words_and_lines_and_publishes_what_it_showed(
    browser: Client, pbx: Pbx, sales: ParkingLot, alex: User
) -> None:
    publish(pbx)
    ParkingLot.objects.filter(pk=sales.pk).update(first_slot=723, last_slot=730)
    ParkedCall.objects.create(lot=sales, slot=721, uniqueid="u1", parked_at=timezone.now())
    where = reverse("admin:lots_publication_preview", args=[pbx.pk])
    shown = browser.get(where)
    text = shown.content.decode()
    for words in (
        "727 to 730 become available",
        "Calls parked outside the new slots: 1",
        "parkpos = 721-726",
        "parkpos = 723-730",
    ):
        assert words in text, words
    ParkingLot.objects.filter(pk=sales.pk).update(timeout=61)
    again = browser.post(where, {"mark": shown.context["mark"]})
    assert "changed meanwhile" in again.content.decode()
    assert Publication.objects.count() == 1, "not what was shown is not published"
    sent = browser.post(where, {"mark": again.context["mark"]})
    asked = Publication.objects.first()
    assert asked is not None
    assert sent["location"] == reverse("admin:lots_publication_progress", args=[asked.pk])
    assert (asked.state, asked.author) == ("wanted", alex)
    assert "is publishing at this moment" in page(browser, "index")
    assert (
        "publishing at this moment"
        in browser.post(where, {"mark": again.context["mark"]}, follow=True).content.decode()
    )
    assert Publication.objects.count() == 2


def test_what_cannot_be_published_says_why(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    ParkingLot.objects.create(
        pbx=pbx, name="two", label="Two", park_code="720", first_slot=741, last_slot=742, observed=False
    )
    text = page(browser, "lots_publication_preview", pbx.pk)
    assert "This must be put right first" in text
    assert "Two" in text
    assert "Publish to" not in text
    assert "problem" in page(browser, "index")


def test_nobody_publishes_while_no_bridge_runs(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    Pbx.objects.update(lease_until=timezone.now() - timedelta(minutes=1))
    where = reverse("admin:lots_publication_preview", args=[pbx.pk])
    sent = {"mark": browser.get(where).context["mark"]}
    assert "The bridge does not run" in browser.post(where, sent, follow=True).content.decode()


@pytest.mark.parametrize(
    ("state", "words"),
    [("live", "runs these settings now"), ("returned", "What ran before runs again"), ("failed", "made certain")],
)
def test_the_end_is_a_verdict(browser: Client, pbx: Pbx, sales: ParkingLot, state: str, words: str) -> None:
    row = publish(pbx, state, message="Sales, park code: 720 is taken.", done=3, total=3)
    text = page(browser, "lots_publication_progress", row.pk)
    shown = text.replace(" hidden>", "|hidden|")
    assert words in text
    assert "Look again" not in text
    assert ("data-failed|hidden|" in shown) == (state == "live")
    asked = browser.get(reverse("admin:lots_publication_state", args=[row.pk])).json()
    assert (asked["state"], asked["ended"], asked["done"]) == (state, True, 3)


def test_an_older_publication_is_published_again_after_a_look(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    first = publish(pbx, summary=["Sales: new."])
    ParkingLot.objects.filter(pk=sales.pk).update(timeout=60)
    second = publish(pbx)
    detail = page(browser, "lots_publication_change", first.pk)
    assert "Against what runs now" in detail
    assert "This is what runs now" in page(browser, "lots_publication_change", second.pk)
    where = reverse("admin:lots_publication_again", args=[first.pk])
    assert browser.get(where).status_code == 405
    looked = browser.post(where)
    assert "What going back" in looked.content.decode()
    assert Publication.objects.count() == 2
    browser.post(where, {"mark": looked.context["mark"]})
    third = Publication.objects.first()
    assert third is not None
    assert (third.returns_to, third.files, third.state) == (first, first.files, "wanted")
    assert f"Back to #{first.pk}" in page(browser, "lots_publication_changelist")


def test_the_look_says_what_going_back_changes(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    first = publish(pbx, setup=setup_stored(setup_of(pbx)))
    ParkingLot.objects.filter(pk=sales.pk).update(timeout=60)
    publish(pbx, setup=setup_stored(setup_of(pbx)))
    looked = browser.post(reverse("admin:lots_publication_again", args=[first.pk])).content.decode()
    assert "does the same" not in looked
    assert "Callers go back after 120 seconds instead of 60" in looked.partition("Line by line")[0]


def test_drift_is_shown_compared_again_and_written_over(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    first = publish(pbx)
    ParkingLot.objects.filter(pk=sales.pk).update(timeout=60)
    diff = "--- a\n+++ a\n@@ -1 +1 @@ [sales]\n-parkingtime = 120\n+parkingtime = 999\n"
    Pbx.objects.update(drift={"parkinglot_res_parking.conf": diff}, drift_checked_at=timezone.now())
    assert "The PBX has other settings than were published" in page(browser, "index")
    assert "parkingtime = 999" in page(browser, "lots_pbx_drift", pbx.pk)
    browser.post(reverse("admin:lots_pbx_compare", args=[pbx.pk]))
    pbx.refresh_from_db()
    assert pbx.drift_checked_at is None
    browser.post(reverse("admin:lots_pbx_publish", args=[pbx.pk]))
    asked = Publication.objects.first()
    assert asked is not None
    assert (asked.returns_to, asked.files) == (first, first.files), "and not the change that was not published yet"


def test_what_was_never_published_is_not_written_over_anything_unseen(
    browser: Client, pbx: Pbx, sales: ParkingLot
) -> None:
    """As when a new portal meets a PBX that an older one published to."""
    Pbx.objects.update(drift={"parkinglot_res_parking.conf": "-a\n"}, drift_checked_at=timezone.now())
    answer = browser.post(reverse("admin:lots_pbx_publish", args=[pbx.pk]))
    assert answer.headers["Location"] == reverse("admin:lots_publication_preview", args=[pbx.pk])
    assert not Publication.objects.exists()


def test_a_publication_that_cannot_be_read_any_more_is_refused_with_a_sentence(
    browser: Client, pbx: Pbx, sales: ParkingLot
) -> None:
    broken = publish(pbx, files={"parkinglot_extensions.conf": [["a", "", [["exten", "1,1,NoOp(\n)", True]]]]})
    publish(pbx)
    answer = browser.post(reverse("admin:lots_publication_again", args=[broken.pk]), follow=True)
    assert "cannot be used any more" in answer.content.decode()
    assert Publication.objects.count() == 2


@pytest.mark.parametrize("key", ["²", "٣", "x"])
def test_an_address_that_names_no_publication(browser: Client, pbx: Pbx, key: str) -> None:
    assert browser.get(f"/admin/lots/publication/{key}/change/").status_code == 302


def test_contexts_are_names_of_contexts(browser: Client, pbx: Pbx) -> None:
    where = reverse("admin:lots_pbx_change", args=[pbx.pk])
    rest = {"trunk_contexts": "", "active": "on", "port": "5038"}
    assert browser.post(where, {"phone_contexts": "phones, from-internal", **rest}).status_code == 302
    pbx.refresh_from_db()
    assert (pbx.phone_contexts, pbx.trunk_contexts) == ("phones from-internal", "")
    assert browser.post(where, {"phone_contexts": "phones[x]", **rest}).status_code == 200


def test_a_lot_with_history_is_removed_and_can_come_back(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    publish(pbx)
    now = timezone.now()
    ParkedCall.objects.create(lot=sales, slot=721, uniqueid="u1", parked_at=now)
    ParkedCall.objects.create(lot=sales, slot=722, uniqueid="u2", parked_at=now, ended_at=now, outcome="retrieved")
    where = reverse("admin:lots_parkinglot_delete", args=[sales.pk])
    text = browser.get(where).content.decode()
    assert "1 caller waits in it at this moment" in text
    assert "1 call of the past stays in the history" in text
    assert browser.post(where, {"post": "yes"}).status_code == 302
    sales.refresh_from_db()
    assert sales.retired
    assert setup_of(pbx).lots == ()
    assert ParkedCall.objects.count() == 2
    assert "Sales is removed with the next publication" in browser.get("/admin/").content.decode()
    assert "Sales" not in browser.get("/admin/lots/parkinglot/").content.decode()
    assert "Sales" in browser.get("/admin/lots/parkinglot/?kind=removed").content.decode()
    assert "1 change not published" in page(browser, "index")
    assert "This lot was removed" in page(browser, "lots_parkinglot_change", sales.pk)
    browser.post(reverse("admin:lots_parkinglot_bring_back", args=[sales.pk]))
    assert [lot.name for lot in setup_of(pbx).lots] == ["sales"]


def test_a_lot_nobody_remembers_goes_altogether_and_one_in_use_stays(
    browser: Client, pbx: Pbx, sales: ParkingLot, lot: ParkingLot
) -> None:
    other = ParkingLot.objects.create(
        pbx=pbx,
        name="two",
        label="Two",
        first_slot=741,
        last_slot=742,
        observed=False,
        when_full="overflow",
        overflow=sales,
    )
    where = reverse("admin:lots_parkinglot_delete", args=[sales.pk])
    assert "Two: its calls are parked in Sales" in browser.get(where).content.decode()
    assert browser.post(where, {"post": "yes"}).status_code == 200
    found = reverse("admin:lots_parkinglot_delete", args=[lot.pk])
    assert browser.post(found, {"post": "yes"}).status_code == 403, "found on the PBX, removed there"
    chosen = {"action": "delete_selected", "_selected_action": [sales.pk, other.pk], "post": "yes"}
    ParkingLot.objects.filter(pk__in=[sales.pk, other.pk]).update(present=False)
    told = browser.post(reverse("admin:lots_parkinglot_changelist"), chosen, follow=True).content.decode()
    assert "Sales, Two are removed." in told
    assert list(ParkingLot.objects.all()) == [lot]


def test_a_lot_that_was_taken_over_and_not_published_is_the_pbxs_own_again(
    browser: Client, pbx: Pbx, sales: ParkingLot
) -> None:
    ParkingLot.objects.filter(pk=sales.pk).update(present=True)
    where = reverse("admin:lots_parkinglot_delete", args=[sales.pk])
    told = browser.post(where, {"post": "yes"}, follow=True).content.decode()
    assert "Sales is the PBX’s own again" in told
    sales.refresh_from_db()
    assert (sales.observed, sales.retired) == (True, False)


def test_a_fallback_to_nowhere_is_said_before_it_is_published(
    browser: Client, pbx: Pbx, sales: ParkingLot, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ASTERISK_AMI_URL = settings.ASTERISK_AMI_PUBLISH_URL = "ami://portal:secret@127.0.0.1:1"
    FallbackStep.objects.create(lot=sales, kind="location", location="nowhere,s,1")
    assert "Worth a look" not in page(browser, "lots_publication_preview", pbx.pk), "nobody answers: nobody can tell"

    async def lost_places(ami: object, setup: Setup) -> tuple[str, ...]:
        return tuple(f"{lot.label} leads nowhere." for lot in setup.lots)

    class Ami:
        def __init__(self, _address: object) -> None: ...
        async def __aenter__(self) -> None: ...
        async def __aexit__(self, *_error: object) -> None: ...

    monkeypatch.setattr(lost, "lost_places", lost_places)
    monkeypatch.setattr(lost, "AmiClient", Ami)
    assert "Sales leads nowhere." in page(browser, "lots_publication_preview", pbx.pk)
    FallbackStep.objects.all().delete()
    assert "leads nowhere" not in page(browser, "lots_publication_preview", pbx.pk), "nothing is asked for nothing"


def test_who_may_what(pbx: Pbx, sales: ParkingLot, rita: User) -> None:
    row = publish(pbx)
    viewer = person("vera", "Staff", is_staff=True)
    seen = {
        reverse("admin:lots_publication_preview", args=[pbx.pk]): 403,
        reverse("admin:lots_publication_progress", args=[row.pk]): 403,
        reverse("admin:lots_publication_state", args=[row.pk]): 403,
        reverse("admin:lots_publication_change", args=[row.pk]): 403,
        reverse("admin:lots_pbx_drift", args=[pbx.pk]): 403,
        reverse("admin:lots_pbx_change", args=[pbx.pk]): 403,
    }
    for where, status in seen.items():
        assert login(viewer).get(where).status_code == status, where
        assert login(person(f"s{status}{len(where)}", is_staff=True)).get(where).status_code == 403, where
        assert login(rita).get(where).status_code == 302, where
    done = [
        reverse("admin:lots_publication_again", args=[row.pk]),
        reverse("admin:lots_pbx_publish", args=[pbx.pk]),
        reverse("admin:lots_pbx_compare", args=[pbx.pk]),
        reverse("admin:lots_parkinglot_delete", args=[sales.pk]),
    ]
    viewer.user_permissions.add(Permission.objects.get(codename="view_publication"))
    shown = login(viewer).get(reverse("admin:lots_publication_preview", args=[pbx.pk]))
    assert "Publish to" not in shown.content.decode()
    marked = {"mark": shown.context["mark"], "post": "yes"}
    for where in (*done, reverse("admin:lots_publication_preview", args=[pbx.pk])):
        assert login(viewer).post(where, marked).status_code == 403, where
        assert login(rita).post(where, marked).status_code == 302, where
    assert list(Publication.objects.all()) == [row] == [live(pbx)]


def test_a_superuser_may_everything(pbx: Pbx, sales: ParkingLot, roles: None) -> None:
    browser = login(User.objects.create_superuser("root"))
    row = publish(pbx)
    for name, pk in (
        ("lots_publication_preview", pbx.pk),
        ("lots_publication_change", row.pk),
        ("lots_pbx_drift", pbx.pk),
    ):
        page(browser, name, pk)


def test_tools_are_linked_where_they_belong(
    browser: Client, pbx: Pbx, sales: ParkingLot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lots.admin.tools._tools", list(registered))
    register_tool("admin:lots_phone_add", "Add a telephone", "For tests.", permission="lots.add_phone")
    register_tool("admin:lots_phone_delete", "Never", "For tests.", permission="lots.no_such_right")
    register_tool(
        "admin:lots_parkinglot_history", "Old times", "For tests.", place="lot", shown=lambda lot: lot.name == "sales"
    )
    text = page(browser, "index")
    assert "Add a telephone" in text
    assert "Never" not in text
    assert "Old times" in page(browser, "lots_parkinglot_change", sales.pk)


def test_music_without_a_sound_is_said_before_publishing(browser: Client, pbx: Pbx, sales: ParkingLot) -> None:
    music = HoldMusic.objects.create(pbx=pbx, name="pl-jazz", label="Jazz", kind="uploads")
    ParkingLot.objects.filter(pk=sales.pk).update(music=music)
    page = browser.get(reverse("admin:lots_publication_preview", args=[pbx.pk])).content.decode()
    assert "has no recording that is ready" in page
    assert "callers would hear the PBX&#x27;s default music" in page
