from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("matters", "0003_remove_stage_matters_sta_phase_db5fac_idx_and_more")]

    operations = [
        migrations.AddField("assignment", "part", models.CharField(blank=True, default="", max_length=40), preserve_default=False),
        migrations.AddConstraint(
            "assignment",
            models.UniqueConstraint(
                fields=["matter", "part"], condition=Q(until_at=None, lead=False) & ~Q(part=""), name="one_body_a_part_of_a_matter"
            ),
        ),
    ]
