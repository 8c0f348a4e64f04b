"""Reading and writing Pabulib files: every field kept, every fault placed."""

import os
import tracemalloc
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from madang.methods.budgeting import pabulib, pabulib_rows, pabulib_write
from madang.methods.budgeting.pabulib import read
from madang.methods.budgeting.pabulib_rows import FormatError

SHARED = Path(os.environ.get("MADANG_SHARED", Path(__file__).resolve().parents[4] / "shared")) / "data" / "pb"
SMALL = """META
key;value
description;마을 예산; 2026
num_projects;3
num_votes;4
budget;1000.50
vote_type;approval
PROJECTS
project_id;cost;votes;name;category;target;selected;latitude
1;400000.0;2;"그늘막; ""나무"" 쉼터";환경,공원;어린이;0;37.5
2;300;3;도서관;문화;;1;
a-3;0;0;이름;;;3;1.25
VOTES
voter_id;age;vote
u1;30;1,2
u2;;2
u3;44;2,1
u4;9;
"""


def written(folder: Path, text: str | bytes, name: str = "x.pb") -> Path:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_every_field_is_read_exactly(tmp_path):
    election = read(written(tmp_path, SMALL))
    assert election.ids == ("1", "2", "a-3")
    assert election.budget == Fraction("1000.5")
    assert election.projects[0].cost == 400_000
    assert election.projects[0].name == '그늘막; "나무" 쉼터'
    assert election.projects[0].categories == ("환경", "공원")
    assert election.projects[0].targets == ("어린이",)
    assert election.projects[0].extra == {"latitude": "37.5"}
    assert [project.selected for project in election.projects] == ["0", "1", "3"]
    assert election.meta["description"] == "마을 예산; 2026"


def test_equal_ballots_are_one_group_and_an_empty_ballot_is_still_a_voter(tmp_path):
    election = read(written(tmp_path, SMALL))
    groups = [election.picks[a:b].tolist() for a, b in zip(election.starts, election.starts[1:], strict=False)]
    assert (groups, election.voters.tolist(), election.people) == ([[], [0, 1], [1]], [1, 2, 1], 4)


@pytest.mark.parametrize("change", [
    lambda text: text.replace("\n", "\r\n").encode(),
    lambda text: b"\xef\xbb\xbf" + text.encode(),
    lambda text: text.replace("\n", ";;;;;;;;;;\n").replace("2026;;;;;;;;;;", "2026").encode(),
    lambda text: text.replace("\n", "\n\n").encode(),
    lambda text: text.rstrip("\n").encode(),
    lambda text: text.replace("target", "beneficiaries").encode(),
    lambda text: text.replace("u3;44;2,1", 'u3;44;" 2, 1"').encode(),
])
def test_line_ends_marks_blank_lines_and_trailing_semicolons_change_nothing(tmp_path, change):
    plain, other = read(written(tmp_path, SMALL)), read(written(tmp_path, change(SMALL), "y.pb"))
    assert plain.projects == other.projects
    assert plain.budget == other.budget
    for name in ("voters", "starts", "picks", "points"):
        assert np.array_equal(getattr(plain, name), getattr(other, name))


def test_other_encodings_are_read_when_named(tmp_path):
    for encoding in ("cp949", "utf-16"):
        assert read(written(tmp_path, SMALL.encode(encoding)), encoding=encoding).projects[1].name == "도서관"


FAULTS = [
    ("", "empty", 1, 1),
    ("hello\n", "no-meta", 1, 1),
    (SMALL[: SMALL.index("PROJECTS")], "cut-off", 7, 1),
    (SMALL[: SMALL.index("VOTES")], "cut-off", 12, 1),
    (SMALL.replace("budget;1000.50\n", ""), "no-key", 1, 1),
    (SMALL.replace("1000.50", "-5"), "negative", 6, 8),
    (SMALL.replace("1000.50", "NaN"), "number", 6, 8),
    (SMALL.replace("1000.50", "inf"), "number", 6, 8),
    (SMALL.replace("1000.50", "1e400"), "number", 6, 8),
    (SMALL.replace("1000.50", "1" * 5000), "number", 6, 8),
    (SMALL.replace("2;300", "2;-300"), "negative", 11, 3),
    (SMALL.replace("2;300", "2;3 00"), "number", 11, 3),
    (SMALL.replace("2;300", "2;٣"), "number", 11, 3),
    (SMALL.replace("2;300", "1;300"), "project-twice", 11, 1),
    (SMALL.replace("2;300", ";300"), "no-id", 11, 1),
    (SMALL.replace("도서관;문화;;1;", "도서관;문화"), "cells", 11, 16),
    (SMALL.replace("approval", "guess"), "vote-type", 7, 11),
    (SMALL.replace("vote_type;approval", "budget;3"), "key-twice", 7, 1),
    (SMALL.replace(";cost;", ";price;"), "header", 9, 1),
    (SMALL.replace(";votes;name", ";name;name"), "column-twice", 9, 22),
    (SMALL.replace("voter_id;age", "voter;age"), "header", 14, 1),
    (SMALL.replace("u2;;2", "u2;;9"), "unknown-project", 16, 5),
    (SMALL.replace("u3;44;2,1", "u3;44;2,,1"), "unknown-project", 17, 9),
    (SMALL.replace("u3;44;2,1", "u1;44;2,1"), "voter-twice", 17, 1),
    (SMALL.replace("u3;44;2,1", "u3;44"), "cells", 17, 7),
    (SMALL.replace("u4;9;\n", ""), "num-votes", 15, 1),
    (SMALL.replace("num_projects;3", "num_projects;4"), "num-projects", 1, 1),
    (SMALL.replace('나무"" 쉼터"', '나무"" 쉼터'), "quote", 10, 14),
    (SMALL.replace("u3;44;2,1", "VOTES"), "section", 17, 1),
    (SMALL.replace("도서관", "도서\0관"), "nul", 1, 1),
    (SMALL.encode("cp949"), "encoding", 3, 13),
    (SMALL.encode("utf-16"), "utf-16", 1, 1),
]


@pytest.mark.parametrize(("text", "code", "line", "column"), FAULTS, ids=[f"{code}-{line}" for _, code, line, _ in FAULTS])
def test_a_fault_is_refused_with_its_line_and_column(tmp_path, text, code, line, column):
    path = written(tmp_path, text)
    with pytest.raises(FormatError) as fault:
        read(path)
    assert (fault.value.code, fault.value.line, fault.value.column) == (code, line, column)
    assert str(fault.value).startswith(f"{path}:{line}:{column}: ")


def test_a_folder_and_a_missing_file_and_an_unknown_encoding_are_said_plainly(tmp_path):
    for path, code, encoding in ((tmp_path, "unreadable", "utf-8"), (tmp_path / "no.pb", "unreadable", "utf-8"),
                                 (written(tmp_path, SMALL), "codec", "klingon")):
        with pytest.raises(FormatError) as fault:
            read(path, encoding=encoding)
        assert fault.value.code == code


def test_the_tolerant_mode_counts_the_rest_and_says_what_it_left_out(tmp_path):
    path = written(tmp_path, SMALL.replace("u2;;2", "u2;;2,9").replace("num_votes;4", "num_votes;9"))
    with pytest.raises(FormatError):
        read(path)
    election = read(path, tolerant=True)
    assert election.counts == (2, 3, 0)
    assert len(election.notes) == 2


CUMULATIVE = """META
budget;100
vote_type;cumulative
PROJECTS
project_id;cost
a;50
b;60
VOTES
voter_id;vote;points;w;dong
1;a,b;3,2;1;동
2;b,a;2,3;2;동
3;a;0;1;서
4;a,a;1,1.5;1;서
"""


def test_points_are_exact_zero_is_no_pick_and_a_project_named_twice_adds_up(tmp_path):
    election = read(written(tmp_path, CUMULATIVE))
    assert election.points_scale == 2
    worth, scale = election.utilities("scores")
    groups = zip(election.starts, election.starts[1:], election.voters, strict=False)
    assert [(election.picks[a:b].tolist(), worth[a:b].tolist(), int(many)) for a, b, many in groups] == [
        ([], [], 1), ([0], [5], 1), ([0, 1], [6, 4], 2),
    ]
    assert (scale, len(election.notes)) == (2, 1)


def test_weights_multiply_voters_and_funds_keep_groups_apart(tmp_path):
    election = read(written(tmp_path, CUMULATIVE), weight="w", fund="dong")
    assert election.funds == ("동", "서")
    assert sorted(zip(election.funds_group.tolist(), election.voters.tolist(), strict=True)) == [(0, 3), (1, 1), (1, 1)]
    assert election.people == 5
    with pytest.raises(FormatError, match=r":9:1: .*wealth"):
        read(written(tmp_path, CUMULATIVE), weight="wealth")
    with pytest.raises(FormatError, match=r"x\.pb:10:11: "):
        read(written(tmp_path, CUMULATIVE.replace("3,2;1", "3,2;0.5")), weight="w")


@pytest.mark.parametrize(("cell", "code", "column"), [("3", "points", 7), ("3,-2", "negative", 9), ("3,x", "number", 9)])
def test_points_that_do_not_fit_are_refused_where_they_stand(tmp_path, cell, code, column):
    with pytest.raises(FormatError) as fault:
        read(written(tmp_path, CUMULATIVE.replace("3,2", cell, 1)))
    assert (fault.value.code, fault.value.line, fault.value.column) == (code, 10, column)


def test_a_choose_1_ballot_with_two_picks_is_refused(tmp_path):
    with pytest.raises(FormatError) as fault:
        read(written(tmp_path, SMALL.replace("approval", "choose-1")))
    assert (fault.value.code, fault.value.line) == ("choose-1", 15)


def test_parts_of_one_election_are_added_up_and_others_refused(tmp_path):
    head, rows = SMALL.split("u1;30", 1)
    rows = ("u1;30" + rows).splitlines(keepends=True)
    parts = [written(tmp_path, head + "".join(rows[:1]), "a.pb"), written(tmp_path, head + "".join(rows[1:]), "b.pb")]
    whole, both = read(written(tmp_path, SMALL)), read(*reversed(parts))
    assert np.array_equal(whole.voters, both.voters)
    assert np.array_equal(whole.picks, both.picks)
    other = written(tmp_path, SMALL.replace("300;3", "301;3"), "c.pb")
    with pytest.raises(FormatError) as fault:
        read(parts[0], other)
    assert fault.value.code == "other-election"


def test_what_is_written_reads_as_the_same_cells(tmp_path):
    tables = pabulib_write.sheets(written(tmp_path, SMALL))
    again = written(tmp_path, pabulib_write.text(tables), "z.pb")
    assert pabulib_write.sheets(again) == tables
    election = read(written(tmp_path, SMALL))
    back = read(written(tmp_path, pabulib_write.text(pabulib_write.of(election)), "w.pb"))
    assert back.projects == election.projects
    assert np.array_equal(back.picks, election.picks)


def test_memory_grows_with_different_ballots_not_with_rows(tmp_path, monkeypatch):
    monkeypatch.setattr(pabulib_rows, "BLOCK", 1 << 16)
    path = tmp_path / "long.pb"
    head = SMALL[: SMALL.index("u1;30")].replace("num_votes;4\n", "")
    path.write_text(head + "".join(f"{one};;1,2\n" for one in range(100_000)))
    tracemalloc.start()
    election = read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert election.people == 100_000
    assert election.voters.tolist() == [100_000]
    assert peak < 8_000_000


@pytest.mark.parametrize("size", [1, 7, 40])
def test_a_file_read_in_slices_is_the_file_read_at_once_and_faults_keep_their_line(tmp_path, monkeypatch, size):
    path = tmp_path / "a.pb"
    head = SMALL[: SMALL.index("u1;30")].replace("num_votes;4\n", "")
    votes = "".join(f"{one};{30 + one % 5};{('1', '2', '1,2')[one % 3]}\n" for one in range(50))
    path.write_text(head + votes)
    whole = read(path)
    monkeypatch.setattr(pabulib, "SLICE", size)
    again = read(path)
    assert (again.people, again.voters.tolist(), again.picks.tolist()) == (50, whole.voters.tolist(), whole.picks.tolist())
    path.write_text(head + votes + "x;30;nobody\n")
    with pytest.raises(FormatError) as fault:
        read(path)
    assert (fault.value.code, fault.value.line) == ("unknown-project", head.count("\n") + 51)


@pytest.mark.skipif(not SHARED.exists(), reason="no shared elections here")
def test_the_shared_elections_read_and_write_unchanged(tmp_path):
    for path in sorted(SHARED.glob("*.pb")):
        if path.stat().st_size > 300_000:
            continue  # the large ones are read by test_cities
        tables = pabulib_write.sheets(path)
        assert pabulib_write.sheets(written(tmp_path, pabulib_write.text(tables))) == tables
        assert read(path).ballots == len(tables.votes) - 1
