"""An index of the few urgent versions."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_newest_listings")]
    operations = [
        migrations.AddIndex(
            "version",
            models.Index(fields=["scope"], condition=models.Q(urgent=True), name="version_urgent"),
        )
    ]
