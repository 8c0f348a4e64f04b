import uuid

from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True
    dependencies = []
    operations = [
        migrations.CreateModel(
            name="Issuance",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("poll", models.CharField(max_length=100)),
                ("roll_entry", models.BinaryField(max_length=32)),
                ("voter_class", models.CharField(max_length=64)),
                ("blinded", models.BinaryField(max_length=256)),
                ("signature", models.BinaryField(max_length=256)),
                ("issued_on", models.DateField()),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("poll", "roll_entry"), name="one_right_a_roll_entry")],
            },
        ),
    ]
