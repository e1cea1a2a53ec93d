"""Administrators may do everything with what lots are made of."""

from django.apps.registry import Apps
from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def grant(apps: Apps, _schema: BaseDatabaseSchemaEditor) -> None:
    """Give Administrators every right of this application."""
    config = apps.get_app_config("lots")
    config.models_module = True  # create_permissions skips apps without models; a migration does not load them
    create_permissions(config, apps=apps, verbosity=0)
    own = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="lots")
    for group in apps.get_model("auth", "Group").objects.filter(name="Administrators"):  # it may have been renamed
        group.permissions.add(*own)


class Migration(migrations.Migration):
    """Rights on the models that are new."""

    dependencies = [("lots", "0003_lots_are_set_up")]
    operations = [migrations.RunPython(grant, migrations.RunPython.noop)]
