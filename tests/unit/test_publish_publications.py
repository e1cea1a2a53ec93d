"""What could be published, in words; who may ask, and who must wait."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from lots.config.conf import EXTENSIONS, FILES, PARKING
from lots.models import HoldMusic, ParkedCall, ParkingLot, Pbx, Publication
from lots.publish import lock, rows
from lots.publish.publications import (
    CannotPublish,
    State,
    close_interrupted,
    live,
    make,
    pending,
    progress,
    want,
)
from lots.publish.rows import end
from lots.publish.stored import files_of

pytestmark = pytest.mark.django_db


def managed(pbx: Pbx, name: str = "desk", **fields: Any) -> ParkingLot:
    values = {"label": name.title(), "observed": False, "first_slot": 701, "last_slot": 704, **fields}
    return ParkingLot.objects.create(pbx=pbx, name=name, **values)


def published(pbx: Pbx, **fields: Any) -> Publication:
    """What the database says now, as if it had been published."""
    row = make(pbx, None)
    Publication.objects.filter(pk=row.pk).update(state=State.LIVE, **fields)
    row.refresh_from_db()
    return row


def sentences(pbx: Pbx) -> list[str]:
    return [change.sentence for change in pending(pbx).changes]


def test_the_longest_name_a_person_can_have_fits(pbx: Pbx) -> None:
    long = User.objects.create_user("long", first_name="A" * 150, last_name="B" * 150)
    row = make(pbx, long)
    row.full_clean(exclude=["files", "setup", "summary"])
    assert row.author_name == "A" * 150


def test_a_new_lot_is_told_and_shown(pbx: Pbx) -> None:
    published(pbx)
    managed(pbx)
    now = pending(pbx)
    assert now
    assert [(change.owner, change.kind) for change in now.changes] == [("lot:desk", "added")]
    assert sentences(pbx) == ["Desk: New. 701 to 704 become available, the park code is 700."]
    assert "+[desk]\n+context = parkinglot-native-desk\n" in now.diffs[PARKING]
    assert "+include => parkinglot-desk\n" in now.diffs[EXTENSIONS]


def test_nothing_is_pending_after_it_was_published(pbx: Pbx) -> None:
    managed(pbx)
    published(pbx)
    assert not pending(pbx)
    assert pending(pbx).diffs == {}


def test_an_observed_lot_is_nobody_s_change(pbx: Pbx, lot: ParkingLot) -> None:
    published(pbx)
    lot.label = "Other"
    lot.save()
    assert not pending(pbx)


def test_slots_that_come_and_go_and_who_is_parked_there(pbx: Pbx) -> None:
    desk = managed(pbx)
    published(pbx)
    for slot in (701, 702, 704):
        ParkedCall.objects.create(lot=desk, slot=slot, uniqueid=f"u{slot}", parked_at=timezone.now())
    ParkingLot.objects.update(first_slot=703, last_slot=712)
    [sentence] = sentences(pbx)
    assert "705 to 712 become available." in sentence
    assert "701 to 702 are no slots any more." in sentence
    assert "Calls parked outside the new slots: 2; they stay reachable." in sentence


def test_what_else_changes_of_a_lot(pbx: Pbx) -> None:
    managed(pbx)
    published(pbx)
    music = HoldMusic.objects.create(pbx=pbx, name="jazz", label="Jazz", kind="directory", directory="/moh")
    ParkingLot.objects.update(park_code="750", music=music)
    told = " ".join(sentences(pbx))
    assert "The park code becomes 750 instead of 700." in told
    assert "Hold music becomes Jazz." in told
    assert "Jazz: New hold music." in told


def test_a_removed_lot(pbx: Pbx) -> None:
    desk = managed(pbx)
    published(pbx)
    desk.delete()
    assert [(change.owner, change.kind) for change in pending(pbx).changes] == [("lot:desk", "removed")]
    assert "desk: Removed." in sentences(pbx)[0]


def test_what_cannot_be_written_is_a_problem_and_nothing_else(pbx: Pbx, alex: User) -> None:
    managed(pbx, alert_info="a\nb")
    now = pending(pbx)
    assert now
    assert now.changes == ()
    with pytest.raises(CannotPublish, match="Alert-Info"):
        want(pbx, alex)


def test_two_lots_with_the_same_code_are_a_problem(pbx: Pbx, alex: User) -> None:
    managed(pbx)
    managed(pbx, "hall", first_slot=801, last_slot=804)
    assert pending(pbx).problems
    with pytest.raises(CannotPublish, match="700"):
        want(pbx, alex)


def test_a_wish_has_its_author_its_files_and_its_words(pbx: Pbx, alex: User) -> None:
    managed(pbx)
    row = want(pbx, alex)
    assert (row.state, row.author, row.author_name) == (State.WANTED, alex, "Alex Desk")
    assert files_of(row) == pending(pbx).after
    assert row.summary[0].startswith("Desk: New")
    assert progress(row)["state"] == State.WANTED


def test_the_second_hears_who_is_at_it(pbx: Pbx, alex: User) -> None:
    want(pbx, alex)
    with pytest.raises(CannotPublish, match="Alex Desk is publishing"):
        want(pbx, alex)


def test_without_a_bridge_nobody_would_do_it(pbx: Pbx, alex: User) -> None:
    Pbx.objects.update(lease_holder="")
    with pytest.raises(CannotPublish, match="bridge does not run"):
        want(pbx, alex)


def test_an_older_one_can_be_brought_back_and_that_undone(pbx: Pbx, alex: User) -> None:
    first = published(pbx)
    managed(pbx)
    second = published(pbx)
    back = want(pbx, alex, returns_to=first)
    assert files_of(back) == files_of(first)
    assert back.returns_to == first
    assert back.summary == ["Desk: Removed. 701 to 704 and the park code 700 do nothing any more."]
    Publication.objects.filter(pk=back.pk).update(state=State.LIVE)
    assert live(pbx) == back
    assert pending(pbx), "the database still wants the lot"
    again = want(pbx, alex, returns_to=second)
    assert files_of(again) == files_of(second)


def test_of_another_pbx_nothing_can_be_brought_back(pbx: Pbx, alex: User) -> None:
    other = published(Pbx.objects.create(name="other"))
    with pytest.raises(CannotPublish, match="not one of this PBX"):
        want(pbx, alex, returns_to=other)


def test_files_that_were_tampered_with_do_not_pass_the_gate(pbx: Pbx, alex: User) -> None:
    old = published(pbx)
    old.files[EXTENSIONS][0][2].append(["exten", "1,1,NoOp()\n[evil]", True])
    old.save()
    managed(pbx)
    with pytest.raises(CannotPublish, match="cannot be used any more"):
        want(pbx, alex, returns_to=old)


def test_a_publication_whose_process_died_is_closed(pbx: Pbx, alex: User) -> None:
    row = want(pbx, alex)
    me = lock.token("Alex")
    lock.take(pbx, me)
    rows.begin(row)
    close_interrupted(pbx)
    assert progress(row)["state"] == State.RUNNING, "while the lock is held it is at work"
    Pbx.objects.update(publisher_until=timezone.now() - timedelta(seconds=1))
    close_interrupted(pbx)
    assert progress(row) == {**progress(row), "state": State.FAILED, "ended": True}
    assert "Interrupted" in progress(row)["message"]


def test_a_wish_nobody_heard_is_closed_after_a_while(pbx: Pbx, alex: User) -> None:
    row = want(pbx, alex)
    close_interrupted(pbx)
    assert progress(row)["state"] == State.WANTED
    Publication.objects.update(made_at=timezone.now() - timedelta(minutes=6))
    want(pbx, alex)
    assert progress(row)["state"] == State.FAILED


def test_only_what_is_wanted_begins(pbx: Pbx, alex: User) -> None:
    row = want(pbx, alex)
    rows.begin(row)
    rows.end(row, State.LIVE)
    with pytest.raises(rows.NotWanted):
        rows.begin(row)


def test_after_a_failure_nothing_is_taken_for_granted(pbx: Pbx, alex: User) -> None:
    first = want(pbx, alex)
    assert not rows.begin(first).suspect
    rows.end(first, State.LIVE)
    second = want(pbx, alex)
    assert not rows.begin(second).suspect
    rows.end(second, State.FAILED, "why")
    third = rows.begin(want(pbx, alex))
    assert third.suspect
    assert set(third.good or {}) == set(FILES)


def test_a_verdict_clears_the_drift_unless_it_failed(pbx: Pbx, alex: User) -> None:
    rows.write_drift(pbx, {PARKING: "-a\n+b\n"})
    for state, left in ((State.FAILED, True), (State.LIVE, False)):
        row = want(pbx, alex)
        rows.begin(row)
        rows.end(row, state)
        pbx.refresh_from_db()
        assert bool(pbx.drift) == left


def test_the_lock_is_one_s_at_a_time(pbx: Pbx) -> None:
    mine, theirs = lock.token("Alex"), lock.token("Rita")
    lock.take(pbx, mine)
    lock.take(pbx, mine)
    with pytest.raises(lock.Busy, match=r"^Alex$"):
        lock.take(pbx, theirs)
    lock.give_back(pbx, theirs)
    with pytest.raises(lock.Busy):
        lock.take(pbx, theirs)
    Pbx.objects.update(publisher_until=timezone.now() - timedelta(seconds=1))
    lock.take(pbx, theirs)
    lock.give_back(pbx, mine)
    with pytest.raises(lock.Busy, match=r"^Rita$"):
        lock.take(pbx, mine)


def test_boards_learn_of_a_reminder_when_it_runs(pbx: Pbx, alex: User) -> None:
    desk = managed(pbx, reminder=30, timeout=120)
    row = want(pbx, alex)
    Publication.objects.filter(pk=row.pk).update(state=State.RUNNING)
    ParkingLot.objects.update(timeout=600)
    end(row, State.LIVE)
    desk.refresh_from_db()
    assert (desk.live_reminder, desk.live_total) == (30, 120), "what was published, not what is edited since"
    ParkingLot.objects.update(reminder=0)
    published(pbx)
    later = Publication.objects.create(pbx=pbx, state=State.RUNNING, setup={})
    end(later, State.LIVE)
    desk.refresh_from_db()
    assert (desk.live_reminder, desk.live_total) == (None, None)


def test_a_removed_lot_keeps_what_its_callers_need_and_nobody_is_told_when_they_are_gone(pbx: Pbx) -> None:
    desk = managed(pbx)
    call = ParkedCall.objects.create(lot=desk, slot=701, uniqueid="u1", parked_at=timezone.now())
    ParkingLot.objects.update(retired=True)
    published(pbx)
    kept = {section.name for section in pending(pbx).after[EXTENSIONS].sections}
    assert "parkinglot-comeback-desk" in kept
    assert "parkinglot-desk" not in kept
    call.ended_at, call.outcome = timezone.now(), "retrieved"
    call.save()
    assert "parkinglot-comeback-desk" not in {section.name for section in pending(pbx).after[EXTENSIONS].sections}
    assert not pending(pbx), "that is nobody's change"
