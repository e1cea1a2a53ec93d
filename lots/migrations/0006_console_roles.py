"""Receptionists park, page, end calls and read reports; administrators may do everything that is new."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

RECEPTION = ["park_parkedcall", "page_parkedcall", "end_parkedcall", "report_parkedcall"]


def grant(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Give each role its new rights. A role that was renamed or deleted keeps what its administrators made of it."""
    config = apps.get_app_config("lots")
    config.models_module = True  # create_permissions skips apps without models; a migration does not load them
    create_permissions(config, apps=apps, verbosity=0)
    own = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="lots")
    rights = {"Administrators": own, "Receptionists": own.filter(codename__in=RECEPTION)}
    for name, permissions in rights.items():
        for group in apps.get_model("auth", "Group").objects.filter(name=name):
            group.permissions.add(*permissions)


class Migration(migrations.Migration):
    """Rights on the console."""

    dependencies = [("lots", "0005_console")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
