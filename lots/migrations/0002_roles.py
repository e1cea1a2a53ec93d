"""The three roles, as groups an administrator may change later."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

SEE = ["view_parkinglot", "view_parkedcall"]
RETRIEVE = [*SEE, "retrieve_parkedcall"]


def make_roles(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Make Administrators, Receptionists and Staff with their rights."""
    for app in ("lots", "auth"):
        config = apps.get_app_config(app)
        config.models_module = True  # create_permissions skips apps without models; a migration does not load them
        create_permissions(config, apps=apps, verbosity=0)
    group = apps.get_model("auth", "Group")
    permission = apps.get_model("auth", "Permission")
    own = permission.objects.filter(content_type__app_label="lots")
    people = permission.objects.filter(content_type__app_label="auth", content_type__model__in=["user", "group"])
    rights = {
        "Administrators": [*own, *people],
        "Receptionists": list(own.filter(codename__in=RETRIEVE)),
        "Staff": list(own.filter(codename__in=SEE)),
    }
    for name, permissions in rights.items():
        group.objects.get_or_create(name=name)[0].permissions.add(*permissions)


class Migration(migrations.Migration):
    """Administrators, Receptionists, Staff."""

    dependencies = [("lots", "0001_initial"), ("auth", "0012_alter_user_first_name_max_length")]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
