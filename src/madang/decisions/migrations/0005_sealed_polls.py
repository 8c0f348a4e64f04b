import uuid

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("decisions", "0004_published_votes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]
    operations = [
        migrations.CreateModel(
            name="SealedPoll",
            fields=[
                (
                    "ballot",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name="sealing", serialize=False,
                        to="decisions.ballot",
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("text", models.TextField()),
                ("signature", models.TextField()),
                ("box", models.CharField(max_length=200)),
                ("observers", models.CharField(max_length=200)),
                ("seed", models.CharField(blank=True, max_length=43)),
                ("taken", models.PositiveIntegerField(blank=True, null=True)),
                ("superseded", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="RightBackup",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField(max_length=77)),
                (
                    "ballot",
                    models.ForeignKey(
                        db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="backups", to="decisions.ballot"
                    ),
                ),
                ("person", models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
            options={"constraints": [models.UniqueConstraint(fields=("ballot", "person"), name="one_backup_a_voter")]},
        ),
    ]
