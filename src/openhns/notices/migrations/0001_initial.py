import uuid

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("mechanism", "0001_initial"),
        ("parties", "0001_initial"),
        ("registry", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Notice",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.UUIDField(db_index=True)),
                ("sealed", models.BinaryField()),
                ("reference", models.UUIDField()),
                ("number", models.PositiveBigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[("alert", "Alert"), ("update", "Update"), ("cancel", "Cancel")],
                        max_length=8,
                    ),
                ),
                ("grade", models.CharField(max_length=10)),
                ("urgent", models.BooleanField(default=False)),
                ("prepared_at", models.DateTimeField()),
                ("valid_from", models.DateTimeField()),
                ("valid_until", models.DateTimeField(null=True)),
                ("jws_sha256", models.CharField(max_length=64)),
                (
                    "listing",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="registry.listing",
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="parties.party",
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="registry.version",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Objection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.UUIDField(db_index=True)),
                ("sealed", models.BinaryField()),
                ("warning", models.BooleanField(default=False)),
                ("time_limit", models.DateTimeField(null=True)),
                ("made_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("answered_at", models.DateTimeField(null=True)),
                ("grade", models.CharField(max_length=1)),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="objections",
                        to="notices.notice",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.UUIDField(db_index=True)),
                ("sealed", models.BinaryField()),
                ("grade", models.CharField(max_length=1)),
                (
                    "answer",
                    models.CharField(
                        choices=[
                            ("received", "Received"),
                            ("acknowledged", "Acknowledged"),
                            ("queried", "Queried"),
                        ],
                        max_length=12,
                    ),
                ),
                ("bulk", models.BooleanField(default=False)),
                ("machine", models.BooleanField(default=False)),
                ("answered_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("idempotency_key", models.BinaryField(max_length=32, unique=True)),
                (
                    "key",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="parties.partykey",
                    ),
                ),
                (
                    "notice",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="receipts",
                        to="notices.notice",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Transmission",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=uuid.uuid4, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("channel", models.CharField(max_length=20)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("prepared", "Prepared"),
                            ("transmitted", "Transmitted"),
                            ("failed", "Failed"),
                            ("unknown", "Unknown"),
                        ],
                        default="prepared",
                        max_length=12,
                    ),
                ),
                ("first_number", models.PositiveBigIntegerField()),
                ("last_number", models.PositiveBigIntegerField()),
                ("proof_follows", models.BooleanField(default=False)),
                ("prepared_at", models.DateTimeField()),
                ("transmitted_at", models.DateTimeField(null=True)),
                ("proof_sent_at", models.DateTimeField(null=True)),
                ("delivered_sha256", models.CharField(blank=True, max_length=64)),
                (
                    "mechanism",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, to="mechanism.mechanism"
                    ),
                ),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transmissions",
                        to="parties.party",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="notice",
            name="transmission",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="notices.transmission",
            ),
        ),
        migrations.AddConstraint(
            model_name="transmission",
            constraint=models.UniqueConstraint(
                fields=("party", "first_number"), name="transmission_numbers"
            ),
        ),
        migrations.AddIndex(
            model_name="notice",
            index=models.Index(fields=["reference"], name="notice_reference"),
        ),
        migrations.AddConstraint(
            model_name="notice",
            constraint=models.UniqueConstraint(fields=("party", "number"), name="notice_number"),
        ),
    ]
