"""People and their groups in the admin: plain words, only rights that decide something, no secrets."""

import re

import pytest
from django.contrib.auth.models import Group, User
from django.urls import reverse

from lots.admin.people_forms import meaningful
from lots.models import HoldMusic, Pbx
from tests.kit.logins import login, person

pytestmark = pytest.mark.django_db
ADD = "/admin/auth/user/add/"
PASSWORD = "shelf-lamp-river"


@pytest.fixture
def root(roles: None) -> User:
    return person("root", is_staff=True, is_superuser=True)


def test_somebody_new_can_be_in_a_group_at_once(root: User) -> None:
    browser, staff = login(root), Group.objects.get(name="Staff")
    page = browser.get(ADD).content.decode()
    assert "Password-based authentication" not in page
    sent = {"username": "nora", "password1": PASSWORD, "password2": PASSWORD, "first_name": "Nora", "last_name": "New"}
    browser.post(ADD, {**sent, "groups": [str(staff.pk)]})
    nora = User.objects.get(username="nora")
    assert nora.check_password(PASSWORD)
    assert (nora.get_full_name(), list(nora.groups.all()), nora.is_staff) == ("Nora New", [staff], False)


def test_how_a_password_is_kept_is_not_shown(root: User) -> None:
    root.set_password(PASSWORD)
    root.save()
    page = login(root).get(reverse("admin:auth_user_change", args=[root.pk])).content.decode()
    assert "Set. Nobody can see it" in page
    assert not [word for word in ("algorithm", "salt", root.password[:6]) if word in page]


def test_a_new_password_is_set_and_never_none(root: User, rita: User) -> None:
    where = reverse("admin:auth_user_password_change", args=[rita.pk])
    browser = login(root)
    page = browser.get(where).content.decode()
    assert 'name="usable_password"' not in page
    rita.set_password("the one before")
    rita.save()
    for sent in ({}, {"usable_password": "false"}, {"password1": PASSWORD, "password2": "another-" + PASSWORD}):
        assert browser.post(where, {**sent, "unset-password": "x"}).status_code == 200
        rita.refresh_from_db()
        assert rita.check_password("the one before")
    browser.post(where, {"password1": PASSWORD, "password2": PASSWORD, "set-password": "x"})
    rita.refresh_from_db()
    assert rita.check_password(PASSWORD)


def test_rights_are_in_plain_words_and_decide_something(root: User) -> None:
    page = login(root).get(reverse("admin:auth_group_change", args=[Group.objects.get(name="Staff").pk]))
    words = [str(label) for _value, label in page.context["adminform"].form.fields["permissions"].choices]
    assert {"See parking lots", "Change phones", "Publish to the PBX", "Retrieve a parked call to a phone"} <= set(
        words
    )
    assert not [one for one in words if one.startswith("Can ") or "slot name" in one or "notice" in one]
    assert not {"Add parked calls", "Delete publications", "Add PBXs"} & set(words)
    assert len(words) == len(set(words))


def test_a_group_that_is_saved_as_it_was_may_what_it_could(root: User) -> None:
    """Rights that are not offered are ones that nothing asks for."""
    group = Group.objects.get(name="Administrators")
    before = set(group.permissions.values_list("pk", flat=True)) & set(meaningful().values_list("pk", flat=True))
    form = login(root).get(reverse("admin:auth_group_change", args=[group.pk])).context["adminform"].form
    sent = {"name": group.name, "permissions": [one.pk for one in form.initial["permissions"]]}
    sent["permissions"] = [pk for pk in sent["permissions"] if pk in before]
    login(root).post(reverse("admin:auth_group_change", args=[group.pk]), sent)
    assert set(group.permissions.values_list("pk", flat=True)) == before


def test_who_may_change_hold_music_may_change_what_it_plays(pbx: Pbx, roles: None) -> None:
    group = Group.objects.create(name="Music")
    group.permissions.set(meaningful().filter(content_type__model="holdmusic"))
    music = HoldMusic.objects.create(pbx=pbx, label="Jazz")
    page = login(person("mia", "Music", is_staff=True)).get(reverse("admin:lots_holdmusic_change", args=[music.pk]))
    assert 'name="tracks-TOTAL_FORMS"' in page.content.decode()


def test_the_list_says_who_administers(root: User, roles: None) -> None:
    person("alex", "Administrators", is_staff=True)
    person("gone", is_active=False)
    page = login(root).get("/admin/auth/user/").content.decode()
    cells = re.findall(r'field-administers">([^<]*)<', page)
    assert sorted(cells) == ["by their groups", "everything", "may not log in"]


def test_an_administrator_makes_nobody_mightier_than_themselves(alex: User) -> None:
    browser = login(alex)
    where = reverse("admin:auth_user_change", args=[alex.pk])
    sent = {"username": "alex", "first_name": "Al", "is_active": "on", "is_staff": "on", "is_superuser": "on"}
    assert browser.post(where, sent).status_code == 302
    alex.refresh_from_db()
    assert (alex.first_name, alex.is_superuser) == ("Al", False)


def test_an_administrator_does_not_get_at_the_account_of_who_may_everything(alex: User) -> None:
    browser = login(alex)
    root = User.objects.create_superuser("root", password="before")
    typed = {"username": "root", "password1": "new-pass-1", "password2": "new-pass-1", "usable_password": "true"}
    for name, data in (("change", {"username": "mine"}), ("password_change", typed), ("delete", {"post": "yes"})):
        where = reverse("admin:auth_user_" + name, args=[root.pk])
        assert browser.post(where, data).status_code == 403, name
    chosen = {"action": "delete_selected", "_selected_action": [root.pk], "post": "yes"}
    browser.post(reverse("admin:auth_user_changelist"), chosen)
    root.refresh_from_db()
    assert (root.username, root.check_password("before")) == ("root", True)
