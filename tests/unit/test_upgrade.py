"""An installation of an earlier release meets this one's migrations."""

from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["Administrators", "Chefs"])
def test_administrators_get_the_new_rights_and_a_renamed_role_stops_nothing(roles: None, name: str) -> None:
    group = Group.objects.get(name="Administrators")
    group.permissions.clear()
    Group.objects.filter(pk=group.pk).update(name=name)
    import_module("lots.migrations.0004_administrators_may").grant(apps, None)
    assert group.permissions.filter(codename="publish").exists() == (name == "Administrators")
    assert set(Group.objects.values_list("name", flat=True)) == {name, "Receptionists", "Staff"}
