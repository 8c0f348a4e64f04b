"""What an audit says to people, Korean first; every code of a fault has its sentence here."""

from collections.abc import Mapping

WORDS: Mapping[str, tuple[str, str]] = {
    # the file
    "unreadable": ("파일을 열 수 없습니다.", "The file cannot be opened."),
    "bad-zip": ("온전한 zip 파일이 아닙니다.", "This is not a whole zip file."),
    "missing-file": ("있어야 할 파일이 없습니다.", "A file is missing."),
    "unknown-file": ("있어서는 안 될 파일이 들어 있습니다.", "A file stands here that has no place here."),
    "duplicate-file": ("같은 이름의 파일이 두 번 들어 있습니다.", "A file stands here twice."),
    "too-large": ("파일이 지나치게 큽니다.", "A file is far too large."),
    "bad-line": ("끝나지 않는 줄이 있습니다.", "A line does not end."),
    "malformed": ("정해진 꼴로 적히지 않았습니다.", "It is not written in the one agreed form."),
    "altered-file": ("마감할 때 서명한 파일이 바뀌었습니다.", "A file is not the one that was signed at closing."),
    # the poll
    "bad-poll": ("투표 설명서(poll.json)가 규격에 맞지 않습니다.", "poll.json does not hold."),
    "bad-paper": ("셀 수 없는 투표지입니다.", "No ballot paper can say this."),
    "bad-poll-signature": ("투표 설명서의 서명이 맞지 않습니다.", "The signature does not fit poll.json."),
    "wrong-house-key": ("다른 열쇠로 서명되었습니다.", "It was signed with another key than the one given."),
    "bad-closing": ("마감 서명이 맞지 않습니다.", "The closing and its signature do not hold."),
    # the board
    "bad-checkpoint": ("게시판의 도장(체크포인트)을 읽을 수 없습니다.", "A checkpoint of the board cannot be read."),
    "bad-box-signature": ("투표함의 서명이 맞지 않습니다.", "The box's signature does not fit its checkpoint."),
    "forged-cosignature": ("증인의 서명이 위조되었습니다.", "A witness's cosignature is forged."),
    "unknown-cosigner": ("이 투표의 증인이 아닌 서명이 있습니다.", "Somebody signed who is no witness of this poll."),
    "too-few-cosignatures": (
        "마지막 도장에 증인의 과반이 서명하지 않았습니다.",
        "Not more than half of the witnesses signed the last checkpoint.",
    ),
    "checkpoints-disordered": ("도장이 커지는 차례가 아닙니다.", "The checkpoints do not grow from one to the next."),
    "small-batch": (
        "한 번에 올린 표가 약속보다 적습니다: 순서로 사람이 드러날 수 있습니다.",
        "A batch is smaller than promised: order could betray people.",
    ),
    "ballots-reordered": ("표의 차례가 바뀌었습니다.", "Ballots were reordered."),
    "ballot-dropped": ("게시판에서 표가 빠졌습니다.", "A ballot was dropped from the board."),
    "ballot-added": ("게시판에 표가 더해졌습니다.", "A ballot was added to the board."),
    "ballot-replaced": ("게시판의 표가 바뀌거나 옮겨졌습니다.", "A ballot on the board was replaced or moved."),
    "kept-differs": ("가지고 계신 도장과 맞지 않는 게시판입니다.", "The board contradicts the checkpoint you kept."),
    # a ballot
    "other-poll": ("다른 투표의 표입니다.", "The ballot is of another poll."),
    "unknown-class": ("이 투표에 없는 구분입니다.", "There is no such class in this poll."),
    "weak-key": ("아무 글에나 맞는 약한 열쇠입니다.", "The ballot's key is weak: it would fit any text."),
    "bad-right": ("투표권이 발급된 것이 아닙니다.", "The voting right was not signed by both issuers."),
    "bad-signature": ("투표한 사람의 서명이 맞지 않습니다.", "The voter's signature does not fit."),
    "no-revote": ("다시 투표할 수 없는 투표입니다.", "This poll takes no second ballot of a key."),
    "wrong-length": ("봉인된 표의 길이가 다릅니다.", "A sealed ballot has another length than all others."),
    "sealed-altered": ("봉인된 표가 바뀌었습니다.", "The sealed part of a ballot was altered."),
    "same-turn-twice": ("한 열쇠의 같은 차례 표가 두 번 있습니다.", "One key stands here twice at one turn."),
    "superseded-counted": ("다시 투표하여 밀려난 표가 세어졌습니다.", "A ballot is counted that a later one replaced."),
    "sealed-missing": ("세어야 할 표의 내용이 빠졌습니다.", "The sealed part of a ballot that counts is missing."),
    "bad-seed": ("봉인 열쇠의 씨앗이 아닙니다.", "This is no seed of a seal."),
    "wrong-seal-key": ("투표 설명서의 봉인 열쇠가 아닙니다.", "This is not the seal key that poll.json names."),
    # rights and paper
    "bad-issued": ("발급 집계를 읽을 수 없습니다.", "The counts of issued rights do not hold."),
    "more-ballots-than-rights": ("발급된 투표권보다 표가 많습니다.", "There are more ballots than rights."),
    "more-rights-than-roll": ("명부보다 투표권과 종이표가 많습니다.", "There are more rights and paper ballots than people on the roll."),
    "bad-row": ("종이표의 줄을 읽을 수 없습니다.", "A row of the paper ballots cannot be read."),
    "serial-twice": ("같은 번호의 종이표가 두 번 있습니다.", "A paper ballot's number stands twice."),
    "bad-desk": ("투표소 대조표를 읽을 수 없습니다.", "The desks' sheets cannot be read."),
    "desk-sum": ("투표소 대조표의 합이 맞지 않습니다.", "A desk's sheet does not add up."),
    # the count
    "wrong-result": ("다시 센 결과가 발표와 다릅니다.", "The recount differs from the published result."),
    "bad-receipt": ("이 투표의 투표함이 서명한 영수증이 아닙니다.", "The box of this poll did not sign this receipt."),
    "receipt-missing": ("영수증의 표가 게시판에 없습니다.", "The ballot of this receipt is not on the board."),
}

NOTES: Mapping[str, tuple[str, str]] = {
    "untrusted-key": (
        "파일 안의 열쇠로 확인했습니다. 시가 따로 공개한 열쇠와 같은지 보십시오 (--key).",
        "Checked with the key inside the file. Compare it with the one the city publishes (--key).",
    ),
    "no-witnesses": (
        "이 투표에는 증인이 없습니다: 두 가지 게시판을 보였는지 알 수 없습니다.",
        "No witnesses: nobody can tell whether two boards were shown.",
    ),
    "absent-witness": ("마지막 도장에 서명하지 않은 증인", "Witness absent from the last checkpoint"),
    "desk-difference": ("투표소의 차이 (공개됨)", "Difference at a desk (published)"),
}


def words(code: str, language: str) -> str:
    """The sentence of a fault or a note; `language` is ko or en."""
    return (WORDS.get(code) or NOTES[code])[language == "en"]
