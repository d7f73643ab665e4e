"""An index of what has not been told yet. What happened before there was anybody to tell counts as told."""

from django.db import migrations, models
from django.db.models import F


def all_told(apps, schema_editor):
    apps.get_model("events", "EventTransition").objects.filter(processed_at=None).update(processed_at=F("written_at"))


class Migration(migrations.Migration):
    # PostgreSQL refuses to index a table with rows that were changed in the same transaction.
    atomic = False

    dependencies = [("events", "0003_feedback")]

    operations = [
        migrations.RunPython(all_told, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="eventtransition",
            index=models.Index(
                fields=["written_at"], condition=models.Q(processed_at=None), name="transition_to_tell"
            ),
        ),
    ]
