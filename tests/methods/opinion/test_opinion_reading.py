"""Files as people have them, and files nobody should have."""

import codecs

import pytest

from madang.methods.opinion import Unreadable, read_names, read_statements, read_votes

PLAIN = "participant,statement,vote\n김,1,1\n이,1,-1\n김,2,0\n"


def rows(log):
    return [
        (log.participants[p], log.statements[s], int(v))
        for p, s, v in zip(log.participant, log.statement, log.vote, strict=True)
    ]


@pytest.fixture
def write(tmp_path):
    def write(content, name="votes.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


WANTED = [("김", "1", 1), ("이", "1", -1), ("김", "2", 0)]


@pytest.mark.parametrize(
    "content",
    [
        PLAIN,
        PLAIN.replace("\n", "\r\n"),
        codecs.BOM_UTF8 + PLAIN.encode(),
        PLAIN.encode("utf-16"),
        PLAIN.encode("cp949"),
        "timestamp,datetime,comment-id,voter-id,vote\n5,Mon,1,김,1\n6,Mon,1,이,-1\n7,Mon,2,김,0\n",
        "의견,참여자,찬반\n1,김,찬성\n1,이,반대\n2,김,유보\n",
        "Participant,Statement,Vote,time\n김,1,+1,2026-01-01T00:00:00\n이,1,-1.0,2026-01-01\n김,2,pass,2026-01-01\n",
    ],
)
def test_the_same_votes_are_read_from_every_shape_and_encoding(write, content):
    assert rows(read_votes(write(content))) == WANTED


def test_a_wide_table_is_read_by_its_columns(write):
    log = read_votes(write("participant,group-id,n-votes,1,2\n김,0,2,1,0\n이,,1,-1,\n"))
    assert sorted(rows(log)) == sorted(WANTED)


def test_agreement_is_minus_one_in_the_database_and_can_be_turned(write):
    assert [vote for *_, vote in rows(read_votes(write(PLAIN), flip=True))] == [-1, 1, 0]


@pytest.mark.parametrize(
    ("content", "line", "column", "says"),
    [
        ("", 1, 1, "empty"),
        ("participant,statement,vote\n", 2, 1, "no vote"),
        ("a,b,c\n1,2,3\n", 1, 1, "header"),
        (PLAIN + "박,1,NaN\n", 5, 5, "not a vote"),
        (PLAIN + "박,1,2\n", 5, 5, "not a vote"),
        (PLAIN + "박,1,\n", 5, 5, "not a vote"),
        (PLAIN + "박,1\n", 5, 1, "truncated"),
        (PLAIN + ",1,1\n", 5, 1, "no id"),
        (PLAIN + "박,,1\n", 5, 3, "no id"),
        (PLAIN + '박,"1\n', 5, 1, "not CSV"),
        (PLAIN + "박,1,\0\n", 5, 5, "NUL"),
        ("participant,statement,vote,at\n김,1,1,inf\n", 2, 7, "not a time"),
        ("participant,statement,vote,at\n김,1,1,99999999999999999999\n", 2, 7, "out of range"),
        ("participant,1,1\n김,1,1\n", 1, 13, "repeated"),
        ("participant,1,2\n김,1,1\n김,0,0\n", 3, 1, "twice"),
        ("participant,1,2\n김,1,7\n", 2, 5, "not a vote"),
        (b"participant,statement,vote\n\xff\xfe\xfd,1,1\n", 1, 1, "neither"),
    ],
)
def test_what_cannot_be_read_is_refused_by_line_and_column(write, content, line, column, says):
    with pytest.raises(Unreadable, match=says) as refused:
        read_votes(write(content))
    assert (refused.value.line, refused.value.column) == (line, column)


def test_a_vote_on_an_unknown_statement_is_refused_or_by_wish_left_out(write):
    path = write(PLAIN)
    with pytest.raises(Unreadable, match="unknown statement") as refused:
        read_votes(path, known=["1"])
    assert (refused.value.line, refused.value.column) == (4, 3)
    assert rows(read_votes(path, known=["1"], lenient=True)) == WANTED[:2]


def test_a_folder_and_a_missing_file_are_refused_in_words(tmp_path):
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(Unreadable, match="cannot be read"):
            read_votes(path)


def test_statements_have_texts_and_moderation(write):
    path = write('timestamp,comment-id,moderated,comment-body,is-meta\n1,7,-1,"나무, 그늘",0\n2,8,1,"말 ""안에"" 말",1\n')
    assert [(one.key, one.moderated, one.text, one.meta) for one in read_statements(path)] == [
        ("7", -1, "나무, 그늘", False), ("8", 1, '말 "안에" 말', True)]  # fmt: skip
    with pytest.raises(Unreadable, match="twice"):
        read_statements(write("comment-id\n1\n1\n"))
    with pytest.raises(Unreadable, match="none of them"):
        read_statements(write("comment-id,moderated\n1,5\n"))
    with pytest.raises(Unreadable, match="no column"):
        read_statements(write("a,b\n1,5\n"))


def test_names_are_read_one_a_line(write):
    assert read_names(write("# 광고\n김\n\n이 \n김\n")) == ("김", "이")
