"""Replies to what parties ask, and an index by which the queries are found."""

import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0003_told"), ("mechanism", "0005_new_starts")]
    operations = [
        migrations.AddIndex(
            "receipt",
            models.Index(
                fields=["scope", "answered_at"],
                condition=models.Q(("answer", "queried")),
                name="receipt_query",
            ),
        ),
        migrations.CreateModel(
            "Reply",
            [
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.UUIDField(db_index=True)),
                ("sealed", models.BinaryField()),
                ("replied_at", models.DateTimeField()),
                (
                    "receipt",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reply",
                        to="notices.receipt",
                    ),
                ),
            ],
            options={"abstract": False},
        ),
    ]
