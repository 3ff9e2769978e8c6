"""What waits for an answer is marked on each notice, so that long inboxes open at once."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def mark_answered(apps: Apps, editor: BaseDatabaseSchemaEditor) -> None:
    """Mark the notices that were answered before this column was there."""
    del editor
    notice = apps.get_model("notices", "Notice")
    receipt = apps.get_model("notices", "Receipt")
    objection = apps.get_model("notices", "Objection")
    final = receipt.objects.filter(answer__in=["acknowledged", "queried"])
    notice.objects.filter(id__in=final.values("notice_id")).update(waits=False)
    notice.objects.filter(id__in=objection.objects.values("notice_id")).update(waits=False)


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_initial")]

    operations = [
        migrations.AddField("notice", "waits", models.BooleanField(default=True)),
        migrations.AddField(
            "objection",
            "idempotency_key",
            models.BinaryField(max_length=32, null=True, unique=True),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["party", "-urgent", "number"],
                condition=models.Q(waits=True),
                name="notice_waiting",
            ),
        ),
        migrations.AddIndex(
            "notice",
            models.Index(
                fields=["party", "number"],
                condition=models.Q(waits=False),
                name="notice_answered",
            ),
        ),
        migrations.RunPython(mark_answered, migrations.RunPython.noop),
    ]
