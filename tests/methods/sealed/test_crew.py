"""Many hands find what one finds, in the same order, and hold little at a time."""

from itertools import count

import pytest
import sealed_poll as making

from madang.methods.sealed import SealedError, ballot, crew
from madang.methods.sealed.__main__ import main
from madang.methods.sealed.audit import audit
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.crew import Checked, Lines, check_all


@pytest.fixture(scope="module")
def whole():
    return making.made()


@pytest.fixture(autouse=True)
def small_portions(monkeypatch):
    monkeypatch.setattr(crew, "PORTION", 6)


def lines_of(whole, *, broken=0, altered=()):
    """The lines of a board; from one place on nothing can be read, and some are altered."""
    for place, posted in enumerate(whole.posted(), start=1):
        if place == broken:
            raise SealedError("bad-line", "cut off")
        yield (posted._replace(sig=bytes(64)) if place in altered else posted).line().rstrip(b"\n")


def done(whole, workers, **how):
    """What comes out, faults by their code, and what was raised at the end."""
    out, raised = [], ""
    try:
        for each in check_all(whole.poll, making.SEAL, Lines(lines_of(whole, **how)), workers):
            out.append(each if isinstance(each, Checked) else each.code)
    except SealedError as fault:
        raised = fault.code
    return out, raised


@pytest.mark.parametrize("how", [{}, {"altered": (15, 9)}, {"broken": 20}, {"broken": 20, "altered": (18,)}, {"broken": 1}], ids=str)
def test_two_hands_give_out_what_one_gives_out(whole, how):
    alone, together = done(whole, 1, **how), done(whole, 2, **how)
    assert together == alone
    assert len(alone[0]) == {"{}": 28, "{'altered': (15, 9)}": 9, "{'broken': 20}": 19, "{'broken': 1}": 0}.get(str(how), 18)


def test_a_report_does_not_say_how_many_hands_made_it(whole, tmp_path):
    lines = whole.posted()
    added = ballot.make(making.voter(whole.poll, "시민"), "1")
    for name, board in {
        "whole": lines, "dropped": lines[:7] + lines[8:], "reordered": [lines[1], lines[0], *lines[2:]],
        "added": [*lines, Posted(added.header, added.sig, added.sealed)],
    }.items():  # fmt: skip
        file = whole.write(tmp_path / f"{name}.zip", board=board)
        report = audit(file)
        assert audit(file, workers=2) == report
        assert report.ok is (name == "whole")


def test_the_command_takes_a_number_of_hands(whole, tmp_path, capsys):
    assert main([str(whole.write(tmp_path / "poll.zip")), "--workers", "2"]) == 0


def test_hands_read_no_further_ahead_than_two_portions_each(whole):
    """A board without end: after the first ballot is out, a few portions were read and no more."""
    line = whole.posted()[0].line().rstrip(b"\n")
    lines = Lines(line for _ in count())
    stream = check_all(whole.poll, making.SEAL, lines, 2)
    assert isinstance(next(stream), Checked)
    assert lines.read <= crew.PORTION * 7
    stream.close()
