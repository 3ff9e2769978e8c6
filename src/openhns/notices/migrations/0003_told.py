"""An index that tells whether a party was ever told of a listing."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notices", "0002_inbox"), ("registry", "0001_initial")]
    operations = [
        migrations.AlterField(
            "notice",
            "listing",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="notices",
                to="registry.listing",
            ),
        ),
        migrations.AddIndex(
            "notice", models.Index(fields=["listing", "party"], name="notice_told")
        ),
    ]
