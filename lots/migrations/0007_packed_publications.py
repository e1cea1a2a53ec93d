"""Publications are kept compressed. The column is the same, and what is in it plainly is read all the same."""

from django.db import migrations

import lots.models.packed


class Migration(migrations.Migration):
    dependencies = [("lots", "0006_console_roles")]
    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.AlterField(
                    model_name="publication",
                    name="files",
                    field=lots.models.packed.PackedJSONField(default=dict),
                ),
                migrations.AlterField(
                    model_name="publication",
                    name="setup",
                    field=lots.models.packed.PackedJSONField(default=dict, editable=False),
                ),
            ]
        )
    ]
