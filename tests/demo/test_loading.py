"""All or nothing: a load that is killed leaves an empty house, and the next load fills it."""

import os
import signal
import subprocess
import sys
import time

from madang.doors.demo.letters import letters

FOUND = """
import django; django.setup()
from datetime import datetime, UTC
from madang.doors import founding, preparing
preparing.keys(); preparing.tables(); founding.found(datetime.now(UTC), "seoul-2018")
"""
LOAD = """
import django; django.setup()
from datetime import date
from madang.doors.demo import load
print("loading", flush=True)
load(date(2026, 11, 23), small=True)
"""
COUNT = """
import django; django.setup()
from madang.doors.demo import loaded
from madang.matters.models import Matter
from madang.people.models import Person
print(loaded(), Matter.objects.count(), Person.objects.count())
"""


def test_a_killed_load_leaves_nothing_behind(tmp_path):
    house = {**os.environ, "MADANG_HOME": str(tmp_path), "DJANGO_SETTINGS_MODULE": "madang.settings"}
    house.pop("DATABASE_URL", None)
    subprocess.run([sys.executable, "-c", FOUND], env=house, check=True)
    with subprocess.Popen([sys.executable, "-c", LOAD], env=house, stdout=subprocess.PIPE, text=True) as loading:
        assert loading.stdout.readline() == "loading\n"
        time.sleep(2)
        assert loading.poll() is None
        loading.send_signal(signal.SIGKILL)
    counted = subprocess.run([sys.executable, "-c", COUNT], env=house, check=True, capture_output=True, text=True)
    assert counted.stdout == "False 0 0\n"


def test_the_mailbox_shows_the_newest_letter_first(tmp_path, settings):
    from django.core.mail import EmailMessage
    from django.core.mail.backends.filebased import EmailBackend

    settings.EMAIL_FILE_PATH = str(tmp_path)
    box = EmailBackend(file_path=str(tmp_path))
    box.send_messages(
        [
            EmailMessage(
                "첫 편지", "안녕하세요.\n두 줄입니다.", "madang@localhost", ["a@example.org"], headers={"Date": day}
            )
            for day in ("Mon, 02 Mar 2026 10:00:00 +0900", "Tue, 03 Mar 2026 10:00:00 +0900")
        ]
    )
    found = letters(5)
    assert [letter.at.day for letter in found] == [3, 2]
    assert (found[0].to, found[0].subject, found[0].text) == ("a@example.org", "첫 편지", "안녕하세요.\n두 줄입니다.")


def test_an_empty_mailbox_has_no_letters(tmp_path, settings):
    settings.EMAIL_FILE_PATH = str(tmp_path / "nowhere")
    assert letters(5) == []
