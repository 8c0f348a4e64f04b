"""`madang sealed`: shares on a bare machine, and refusals in words before anything is done."""

import subprocess
import sys

from django.conf import settings

from madang.doors import cli
from madang.methods.sealed import unb64
from madang.methods.sealed.seal import SealKey
from madang.methods.sealed.shares import Share, join

NO_DJANGO = """
import sys
sys.modules["django"] = None  # importing it now fails
from madang.doors import cli
sys.exit(cli.main(sys.argv[1:]))
"""


def test_shares_are_made_without_django_and_any_two_of_them_open_the_seal():
    done = subprocess.run(
        [sys.executable, "-c", NO_DJANGO, "sealed", "shares", "--of", "3", "--least", "2"], capture_output=True, text=True, check=True
    )
    public, *lines = done.stdout.split()
    shares = [Share.read(line) for line in lines]
    assert [share.number for share in shares] == [1, 2, 3]
    for left_out in range(3):
        key = join([share for share in shares if share.number != left_out + 1], unb64(public, 32))
        assert isinstance(key, SealKey) and key.public == unb64(public, 32)


def test_a_ballot_or_a_person_that_is_not_there_is_said_before_anything_is_made(db, capsys, tmp_path):
    given = ["--as", "nobody@example.org", "--shares", str(tmp_path / "shares.txt")]
    opening = ["--roll", str(tmp_path / "roll.csv"), "--letters", str(tmp_path / "letters.csv")]
    assert cli.main(["sealed", "open", "1", *given, *opening]) == 1
    assert cli.main(["sealed", "close", "1", *given]) == 1
    assert capsys.readouterr().err.count("그런 투표나 사람이 없습니다") == 2
    assert list(tmp_path.iterdir()) == []


def test_a_house_on_this_machine_has_box_and_observers_on_the_next_ports():
    port = int(settings.SITE.rpartition(":")[2])
    assert settings.BOX.endswith(f"localhost:{port + 1}")
    assert settings.OBSERVERS.endswith(f"localhost:{port + 2}")
