"""Rolls as people send them: taken whole or refused whole, with row and reason."""

from pathlib import Path

import pytest

from madang.issuers.invitations import COLUMNS, code_hash, invite, new_code, plain_code
from madang.issuers.roll import RollRefused, read_roll

KEY = b"0123456789abcdef0123456789abcdef"
HEAD = "이름,생년월일,전화,이메일,구분\n"


@pytest.fixture
def roll(tmp_path: Path):
    def read(text: str | bytes, classes=("시민", "위원")):
        path = tmp_path / "roll.csv"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_roll(path, KEY, classes)

    return read


def faults(roll, text, **more) -> list[str]:
    with pytest.raises(RollRefused) as refused:
        roll(text, **more)
    return [str(fault) for fault in refused.value.faults]


def test_a_roll_becomes_keyed_hashes_and_classes(roll):
    lines = roll(HEAD + "김지어,900101,010-1234-5678,,시민\n이지어,19851231,,e@example.org,위원\n")
    assert [line.voter_class for line in lines] == ["시민", "위원"]
    assert len({line.voter for line in lines}) == 2
    assert all(len(line.voter) == 32 for line in lines)
    assert (len(lines[0].phone), lines[0].email) == (32, b"")
    assert "김지어" not in repr(lines)


@pytest.mark.parametrize(
    "again",
    [
        "김지어,900101,010-1234-5678,,시민",
        "김 지어,90-01-01,01012345678,,위원",
        "김지어,19900101,+82 10 1234 5678,,시민",
        "ＫＩＭ지어,900101,010-9999-9999,Kim@Example.org,시민",
    ],
)
def test_no_spelling_lets_one_voter_stand_there_twice(roll, again):
    first = "KIM지어,900101,010-8888-8888,kim@example.org,시민" if "ＫＩＭ" in again else "김지어,900101,010-1234-5678,,시민"
    assert faults(roll, HEAD + first + "\n" + again + "\n") == ["3행 name: 2행에 이미 있는 사람입니다 / the voter of line 2 again"]


def test_two_people_of_one_name_and_birthday_and_a_family_with_one_telephone_are_let_be(roll):
    lines = roll(
        HEAD + "김지어,900101,010-1234-5678,,시민\n김지어,900101,010-1234-5679,,시민\n박지어,910101,010-1234-5678,,시민\n"
    )
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (",900101,010-1234-5678,,시민", "name: 이름이"),
        ("김지어,901301,010-1234-5678,,시민", "birth: 생년월일이"),
        ("김지어,900230,010-1234-5678,,시민", "birth: 생년월일이"),
        ("김지어,９00101x,010-1234-5678,,시민", "birth: 생년월일이"),
        ("김지어,900101,1234,,시민", "phone: 전화번호가"),
        ("김지어,900101,,not an address,시민", "email: 이메일이"),
        ("김지어,900101,,,시민", "phone/email: 전화나"),
        ("김지어,900101,010-1234-5678,,구청장", "class: 이 투표에"),
        ("김\x07지어,900101,010-1234-5678,,시민", "name: 너무 길거나"),
        ("김" * 300 + ",900101,010-1234-5678,,시민", "name: 너무 길거나"),
        ("김지어,900101,010-1234-5678,시민", "-: 칸이 4개"),
    ],
)
def test_one_bad_row_refuses_the_whole_roll_and_says_which(roll, row, said):
    told = faults(roll, HEAD + "이지어,900101,010-1234-0000,,시민\n" + row + "\n")
    assert len(told) == 1
    assert told[0].startswith(f"3행 {said}")


@pytest.mark.parametrize(
    "text",
    [
        b"", HEAD, "이름,전화\n김,010-1234-5678\n", "이름,이름,생년월일,전화,구분\n", "이름,생년월일,구분\n", b"\xff\xfe\xfd",
        HEAD + '김지어,"900101,010-1234-5678,,시민\n', b"PK\x03\x04" + bytes(200), HEAD.encode() + b"\x00" * 50,
        "이름,생년월일,전화\n김지어,900101,010-1234-5678\n", HEAD + "가" * 1_000_001 + "\n",
    ],
)  # fmt: skip
def test_a_file_that_is_no_roll_is_refused_in_words(roll, text):
    assert faults(roll, text)


def test_a_hundred_thousand_bad_rows_are_told_as_a_hundred(roll):
    assert len(faults(roll, HEAD + "x,1,2,3,4\n" * 100_000)) == 100


def test_with_one_class_the_column_may_be_absent(roll):
    assert roll("이름,생년월일,전화\n김지어,900101,010-1234-5678\n", classes=("시민",))[0].voter_class == "시민"


def test_a_roll_in_the_letters_of_windows_is_read(roll):
    assert len(roll((HEAD + "김지어,900101,010-1234-5678,,시민\n").encode("cp949"))) == 1


def test_letters_carry_codes_the_database_does_not_know_and_no_formula(roll, tmp_path):
    lines = roll(HEAD + "=1+1,900101,010-1234-5678,,시민\n김지어,900101,010-1234-5678,,시민\n")
    entries = invite(lines, KEY, "yard", tmp_path / "letters.csv")
    rows = [row.split(",") for row in (tmp_path / "letters.csv").read_text("utf-8-sig").splitlines()]
    assert rows[0] == list(COLUMNS)
    assert rows[1][0] == "'=1+1"
    assert [code_hash(KEY, "yard", plain_code(row[-1])) for row in rows[1:]] == [code for code, _ in entries]
    with pytest.raises(FileExistsError):
        invite(lines, KEY, "yard", tmp_path / "letters.csv")


@pytest.mark.parametrize("typed", ["", "2222", "2222-2222-2222-222O", "가나다라" * 4, "2" * 10_000])
def test_what_is_no_code_is_none(typed):
    assert plain_code(typed) == ""


def test_a_code_is_read_as_people_type_it():
    code = new_code()
    assert plain_code(code.lower().replace("-", " ")) == code
