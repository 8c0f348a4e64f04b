import django.db.models.deletion
from django.db import migrations, models

import madang.people.models


class Migration(migrations.Migration):
    dependencies = [
        ("bodies", "0001_initial"),
        ("matters", "0003_remove_stage_matters_sta_phase_db5fac_idx_and_more"),
        ("decisions", "0006_paper"),
    ]

    operations = [
        migrations.CreateModel(
            name="Judgement",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("points", models.JSONField(verbose_name="배점마다의 점수")),
                ("words", models.JSONField(verbose_name="점수마다의 까닭")),
                ("given_at", models.DateTimeField()),
                ("salt", models.BinaryField(default=madang.people.models.new_salt)),
                ("matter", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="matters.matter")),
                ("seat", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.seat")),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="judgements", to="matters.stage")),
            ],
        ),
        migrations.CreateModel(
            name="Apart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=500, verbose_name="까닭")),
                ("declared_at", models.DateTimeField()),
                ("salt", models.BinaryField(default=madang.people.models.new_salt)),
                ("matter", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="matters.matter")),
                ("seat", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="bodies.seat")),
                ("stage", models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="apart", to="matters.stage")),
            ],
        ),
        migrations.AddConstraint(
            model_name="judgement",
            constraint=models.UniqueConstraint(fields=("stage", "seat"), name="a_seat_judges_once"),
        ),
        migrations.AddConstraint(
            model_name="apart",
            constraint=models.UniqueConstraint(fields=("stage", "seat"), name="a_judge_stands_apart_once"),
        ),
    ]
