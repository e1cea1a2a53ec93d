from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lots", "0011_ended_by_a_colleague"),
    ]

    operations = [
        migrations.AddField(
            model_name="parkedcall",
            name="waiting_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="waiting since"),
        ),
    ]
