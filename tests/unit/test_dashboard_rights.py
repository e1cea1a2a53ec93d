"""A login counts only while the user, the password and the session are still what they were."""

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from dashboard.rights import Rights, Viewer, _holders, current, phone_to_ring
from lots.models import Pbx, Phone
from tests.kit.logins import login, person, phone, viewer

pytestmark = pytest.mark.django_db


def rights(user: User) -> Rights:
    who = viewer(user)
    return current([who])[who]


def counts(who: Viewer) -> bool:
    return who in current([who])


def test_a_login_counts(rita: User, sam: User) -> None:
    hers, his = viewer(rita), viewer(sam)
    found = current([hers, his, hers])
    assert set(found) == {hers, his}
    assert (found[hers].name, found[hers].see, found[hers].retrieve) == ("Rita Desk", True, True)
    assert [phone["number"] for phone in found[hers].phones] == ["201"]
    assert (found[his].see, found[his].retrieve, found[his].phones) == (True, False, ())
    assert found[his].me["phones"] == []


def test_many_boards_are_looked_at_with_few_queries(
    sam: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    boards = [viewer(sam) for _ in range(20)]
    with django_assert_max_num_queries(12):
        assert len(current(boards)) == 20


def test_an_expired_session_does_not(sam: User) -> None:
    who = viewer(sam)
    assert counts(who)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not counts(who)


def test_a_changed_password_ends_the_other_logins(sam: User) -> None:
    who = viewer(sam)
    sam.set_password("another one")
    sam.save()
    assert not counts(who)
    assert counts(viewer(sam))


def test_an_inactive_or_deleted_user_does_not(sam: User, rita: User) -> None:
    who, other = viewer(sam), viewer(rita)
    User.objects.filter(pk=sam.pk).update(is_active=False)
    assert not counts(who)
    rita.delete()
    assert not counts(other)


def test_a_session_is_good_for_its_own_user_only(sam: User, rita: User) -> None:
    assert not counts(Viewer(rita.pk, viewer(sam).session))
    assert not counts(Viewer(sam.pk, ""))
    assert not counts(Viewer(0, viewer(sam).session))


def test_a_session_without_a_login_does_not(sam: User) -> None:
    session = Client().session
    session["x"] = 1
    session.save()
    assert not counts(Viewer(sam.pk, str(session.session_key)))


def test_logging_out_ends_it(sam: User) -> None:
    browser = login(sam)
    who = Viewer(sam.pk, str(browser.session.session_key))
    assert counts(who)
    browser.post("/logout/")
    assert not counts(who)


def test_rights_come_from_permissions_not_from_names(db: None, settings: Settings) -> None:
    settings.DEMO = True
    user = person("guest", first_name="", last_name="")
    before = rights(user)
    assert (before.see, before.retrieve, before.name) == (False, False, "guest")
    user.user_permissions.add(Permission.objects.get(codename="retrieve_parkedcall"))
    again = rights(user)
    assert (again.see, again.retrieve, again.me["demo"]) == (False, True, True)


def test_the_phone_to_ring_is_always_ones_own(pbx: Pbx, rita: User, ron: User) -> None:
    second, rons = phone(pbx, "100", rita), ron.phones.get()  # type: ignore[attr-defined]
    assert phone_to_ring(rita.pk, None, pbx.pk) == {
        "id": second.pk,
        "number": "100",
        "name": "Desk 100",
        "device": "PJSIP/100",
    }
    assert (phone_to_ring(rita.pk, second.pk, pbx.pk) or {})["number"] == "100"
    assert phone_to_ring(rita.pk, rons.pk, pbx.pk) is None
    assert phone_to_ring(0, None, pbx.pk) is None


def test_on_another_pbx_ones_first_phone_there_rings(pbx: Pbx, rita: User) -> None:
    other = Pbx.objects.create(name="berlin")
    assert phone_to_ring(rita.pk, None, other.pk) is None
    there = phone(other, "900", rita)
    chosen = Phone.objects.get(owner=rita, pbx=pbx)
    assert (phone_to_ring(rita.pk, chosen.pk, other.pk) or {})["id"] == there.pk
    assert (phone_to_ring(rita.pk, there.pk, pbx.pk) or {})["id"] == chosen.pk


def test_who_joins_administrators_may_open_the_admin(sam: User) -> None:
    group = Group.objects.get(name="Administrators")
    sam.groups.add(Group.objects.get(name="Staff"))
    sam.refresh_from_db()
    assert not sam.is_staff
    group.user_set.add(sam)
    sam.refresh_from_db()
    assert sam.is_staff


def test_permissions_are_those_django_knows(sam: User, rita: User, alex: User) -> None:
    """By themselves, by a group, as a superuser, or not at all; what is like ours in another app counts for nothing."""
    mine = Permission.objects.get(codename="end_parkedcall")
    sam.user_permissions.add(mine, Permission.objects.get(codename="view_user"))
    users = {user.pk: user for user in User.objects.all()}
    names = {"view_parkinglot", "report_parkedcall", "retrieve_parkedcall", "end_parkedcall", "view_user"}
    expected = {name: {pk for pk, user in users.items() if user.has_perm(f"lots.{name}")} for name in names}
    assert _holders(names, users) == expected
    assert expected["end_parkedcall"] > {sam.pk}
    assert _holders(names, {rita.pk: users[rita.pk]}) == {name: pks & {rita.pk} for name, pks in expected.items()}
