"""How publications are kept: compressed, and of old ones only who, when and what in words."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.urls import reverse
from pytest_django import Settings

from lots.audio.store import _published as is_named
from lots.config.conf import EXTENSIONS
from lots.models import ParkingLot, Pbx, Publication
from lots.publish.publications import CannotPublish, State, live, make, pending
from lots.publish.rows import begin, end
from lots.publish.stored import files_of
from tests.kit.logins import login

pytestmark = pytest.mark.django_db
LONG = {EXTENSIONS: [["a", "", [["exten", f"{n},1,NoOp(é)", True] for n in range(500)]]]}


@pytest.fixture
def ended(pbx: Pbx) -> Callable[..., Publication]:
    """Publishes what the database says now, with a lot that has another timeout each time."""
    ParkingLot.objects.create(pbx=pbx, name="desk", label="Desk", first_slot=701, last_slot=704, observed=False)

    def done(state: State = State.LIVE) -> Publication:
        ParkingLot.objects.update(timeout=Publication.objects.count() + 30)
        row = make(pbx, None, name="Alex")
        begin(row)
        end(row, state, "" if state == State.LIVE else "why")
        return row

    return done


def column(row: Publication) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT files FROM lots_publication WHERE id = %s", [row.pk])
        text: str = cursor.fetchone()[0]
    return text


def test_what_is_long_is_compressed_and_comes_back_as_it_was(pbx: Pbx) -> None:
    row = Publication.objects.create(pbx=pbx, files=LONG, setup={"lots": []})
    assert len(column(row)) < len(str(LONG)) / 3
    row.refresh_from_db()
    assert (row.files, row.setup) == (LONG, {"lots": []})
    assert Publication.objects.values_list("files", flat=True).get() == LONG


def test_what_was_kept_plainly_by_an_older_release_is_read(pbx: Pbx) -> None:
    row = Publication.objects.create(pbx=pbx)
    with connection.cursor() as cursor:
        text = connection.ops.adapt_json_value(LONG, None)
        cursor.execute("UPDATE lots_publication SET files = %s WHERE id = %s", [text, row.pk])
    assert "NoOp" in str(column(row)), "this is how it was"
    row.refresh_from_db()
    assert row.files == LONG


def test_a_recording_that_was_published_is_found_in_what_is_compressed(pbx: Pbx) -> None:
    digest, other = "a" * 64, "b" * 64
    files = {**LONG, "parkinglot_musiconhold.conf": [["x", "", [["entry", f"http://x/audio/{digest}.wav", False]]]]}
    row = Publication.objects.create(pbx=pbx, files=files)
    assert digest not in str(column(row)), "this is not there to be seen"
    assert (is_named(digest), is_named(other)) == (True, False)
    Publication.objects.update(files={})
    assert not is_named(digest)


def test_of_old_publications_only_words_are_kept(
    pbx: Pbx, alex: User, settings: Settings, ended: Callable[..., Publication]
) -> None:
    settings.PUBLICATIONS_KEPT = 3
    rows = [ended() for _ in range(5)]
    for row in rows:
        row.refresh_from_db()
    assert [bool(row.files and row.setup) for row in rows] == [False, False, True, True, True]
    assert rows[1].summary == ["Desk: Callers go back after 31 seconds instead of 30."]
    assert (rows[1].author_name, rows[1].state, rows[1].ended_at is not None) == ("Alex", State.LIVE, True)
    with pytest.raises(CannotPublish, match="not kept any more"):
        make(pbx, alex, rows[1])
    assert files_of(make(pbx, alex, rows[2])) == files_of(rows[2])


def test_what_runs_is_kept_however_often_publishing_fails(
    pbx: Pbx, settings: Settings, ended: Callable[..., Publication]
) -> None:
    settings.PUBLICATIONS_KEPT = 2
    good = ended()
    tries = [ended(State.FAILED) for _ in range(4)]
    good.refresh_from_db()
    assert live(pbx) == good
    assert files_of(good)
    assert [bool(row.files) for row in Publication.objects.filter(pk__in=[row.pk for row in tries])] == [
        *(True, True),
        *(False, False),
    ]
    assert len(pending(pbx).found) == 1


def test_another_pbx_keeps_its_own(pbx: Pbx, settings: Settings, ended: Callable[..., Publication]) -> None:
    settings.PUBLICATIONS_KEPT = 1
    other = Publication.objects.create(pbx=Pbx.objects.create(name="other"), files=LONG, state=State.RETURNED)
    ended()
    ended()
    other.refresh_from_db()
    assert other.files == LONG


@pytest.mark.parametrize("number", [0, 1])
def test_the_history_stays_readable_and_offers_only_what_can_be_done(
    pbx: Pbx, alex: User, settings: Settings, ended: Callable[..., Publication], number: int
) -> None:
    """Of the first the text is gone; the second is kept, and the one before it is not."""
    settings.PUBLICATIONS_KEPT = 2
    row = [ended() for _ in range(3)][number]
    browser = login(alex)
    text = _page(browser, "lots_publication_change", row.pk)
    again = reverse("admin:lots_publication_again", args=[row.pk])
    assert "Desk: " in text
    assert "Alex" in text
    assert (again in text) == (number == 1)
    assert ("is not kept any more, so it cannot be published again" in text) == (number == 0)
    assert "One of the two is not kept any more" in text
    assert "Desk: " in _page(browser, "lots_publication_changelist")
    answer = browser.post(again, follow=True)
    assert ("is not kept any more" in answer.content.decode()) == (number == 0)


def _page(browser: Any, name: str, *args: int) -> str:
    answer = browser.get(reverse(f"admin:{name}", args=args))
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text
