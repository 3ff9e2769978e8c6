"""An index from which the open consents to a party are counted."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0003_urgent")]
    operations = [
        migrations.AddIndex(
            "consent",
            models.Index(
                fields=["party", "grade", "suspended_at", "listing", "given_at"],
                condition=models.Q(revoked_at=None),
                name="consent_open",
            ),
        )
    ]
