"""One colleague at a time may take a call."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.utils import timezone

from lots.bridge.claims import HELD, LONGEST, Claim, claim, release, release_all, sweep
from lots.bridge.ledger import record
from lots.models import ParkedCall, ParkingLot, Pbx
from lots.types.changes import Entered
from tests.kit.logins import person
from tests.kit.pbx_model import call


@pytest.fixture
def row(pbx: Pbx, lot: ParkingLot) -> ParkedCall:
    record(pbx, [Entered(call("u1", 703))], {})
    return ParkedCall.objects.get()


@pytest.mark.django_db
def test_the_first_has_it_and_the_second_hears_who(pbx: Pbx, row: ParkedCall, rita: User, ron: User) -> None:
    hers = claim(pbx, "u1", rita.pk)
    (news,) = hers.news
    assert hers.ours
    assert (news["after"], news["revision"]) == (1, 2)  # type: ignore[typeddict-item]
    (slot,) = news["slots"]  # type: ignore[typeddict-item]
    assert (slot["state"], slot["claimed_by"]) == ("claimed", "Rita Desk")
    assert claim(pbx, "u1", ron.pk) == Claim(ours=False, holder="Rita Desk", news=[])
    assert claim(pbx, "u1", rita.pk).ours, "who has it may ask again"


@pytest.mark.django_db
def test_a_call_that_is_gone_cannot_be_claimed(pbx: Pbx, row: ParkedCall, rita: User) -> None:
    assert claim(pbx, "nobody", rita.pk) == Claim(ours=False, holder="", news=[])
    ParkedCall.objects.update(ended_at=timezone.now(), outcome="left")
    assert claim(pbx, "u1", rita.pk) == Claim(ours=False, holder="", news=[])
    ParkedCall.objects.update(ended_at=None, outcome="")
    assert not claim(Pbx.objects.create(name="other"), "u1", rita.pk).ours


@pytest.mark.django_db
def test_a_claim_expires(pbx: Pbx, row: ParkedCall, rita: User, ron: User) -> None:
    claim(pbx, "u1", rita.pk)
    row.refresh_from_db()
    assert row.claim_until is not None
    assert timedelta(0) < row.claim_until - timezone.now() <= LONGEST
    ParkedCall.objects.update(claim_until=timezone.now() - timedelta(seconds=1))
    assert claim(pbx, "u1", ron.pk).ours
    row.refresh_from_db()
    assert row.claimed_by == ron


@pytest.mark.django_db
def test_a_claim_from_before_the_clock_was_set_back_is_over(pbx: Pbx, row: ParkedCall, rita: User, ron: User) -> None:
    claim(pbx, "u1", rita.pk)
    assert not claim(pbx, "u1", ron.pk).ours
    assert sweep(pbx) == []
    ParkedCall.objects.update(claim_until=timezone.now() + HELD + timedelta(minutes=1))
    assert len(sweep(pbx)) == 1
    ParkedCall.objects.update(claimed_by=rita, claim_until=timezone.now() + timedelta(hours=1))
    assert claim(pbx, "u1", ron.pk).ours


@pytest.mark.django_db
def test_only_who_has_it_gives_it_back(pbx: Pbx, row: ParkedCall, rita: User, ron: User) -> None:
    claim(pbx, "u1", rita.pk)
    assert release(pbx, "u1", ron.pk) == []
    row.refresh_from_db()
    assert row.claimed_by == rita
    (news,) = release(pbx, "u1", rita.pk)
    assert [slot["state"] for slot in news["slots"]] == ["parked"]  # type: ignore[typeddict-item]
    assert release(pbx, "u1", rita.pk) == [], "nothing to tell twice"
    assert claim(pbx, "u1", ron.pk).ours


@pytest.mark.django_db
def test_claims_of_a_dead_bridge_mean_nothing(pbx: Pbx, row: ParkedCall, rita: User, ron: User) -> None:
    claim(pbx, "u1", rita.pk)
    release_all(Pbx.objects.create(name="other"))
    assert not claim(pbx, "u1", ron.pk).ours
    release_all(pbx)
    assert claim(pbx, "u1", ron.pk).ours


@pytest.mark.django_db
def test_expired_claims_are_swept_and_told(pbx: Pbx, row: ParkedCall, rita: User) -> None:
    claim(pbx, "u1", rita.pk)
    assert sweep(pbx) == [], "not yet"
    ParkedCall.objects.update(claim_until=timezone.now() - timedelta(seconds=1))
    (news,) = sweep(pbx)
    assert (news["after"], news["revision"]) == (2, 3)  # type: ignore[typeddict-item]
    assert [(slot["slot"], slot["state"]) for slot in news["slots"]] == [(703, "parked")]  # type: ignore[typeddict-item]
    assert sweep(pbx) == []


@pytest.mark.django_db(transaction=True)
def test_of_two_at_once_exactly_one_wins(pbx: Pbx, row: ParkedCall, roles: None) -> None:
    users = [person(f"user{number}") for number in range(4)]
    together = Barrier(len(users))

    def try_it(user: User) -> Claim:
        together.wait(timeout=5)
        try:
            return claim(pbx, "u1", user.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(users)) as threads:
        answers = list(threads.map(try_it, users))
    (winner,) = [user for user, answer in zip(users, answers, strict=True) if answer.ours]
    assert {answer.holder for answer in answers if not answer.ours} == {winner.get_full_name()}
    row.refresh_from_db()
    assert row.claimed_by == winner
    row.lot.refresh_from_db()
    assert row.lot.revision == 2, "told once"
