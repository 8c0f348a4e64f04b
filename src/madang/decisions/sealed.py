"""A sealed ballot from its paper to poll.zip: what is signed, what the board brings back, what is published.

1. poll.json is written once from the frozen paper; classes without a name are called `all`.
2. Votes come back from the board alone: every header, signature and checkpoint is checked before one is opened.
3. poll.zip holds nothing but what the audit needs; the house audits its own file before it publishes it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from madang.decisions.models import Ballot, Option
from madang.decisions.models.paper import Elector, Fate, PaperVote
from madang.decisions.models.sealed import SealedPoll
from madang.decisions.reconciling import account, bundles_of
from madang.issuers.rights import issued, ring
from madang.methods.sealed import SealedError, b64, ballot, board, bundle, counting, poll, seal, unb64
from madang.methods.sealed.audit import Report, audit
from madang.methods.sealed.bundle import Posted
from madang.methods.sealed.growth import Growth
from madang.record.key import signing_key

CITY = "city"  # the issuer beside the roll of the house
ALL = "all"  # the class where a ballot knows no classes
SMALLEST, STEP = 256, 128
DESK = ("handed", "spoiled", "unreturned", "counted")


def class_of(group: str) -> str:
    """The key a class of the house has in poll.json."""
    return group or ALL


def slug_of(on: Ballot) -> str:
    """The name of the poll: the process and the ballot's number."""
    return f"{on.process.key}-{on.pk}".lower().replace("_", "-")[-100:].strip("-")


def groups(on: Ballot) -> list[str]:
    """The classes of voters of a ballot, as poll.json names them."""
    weights, sheets = on.rule.get("weights", {}), on.rule.get("sheets", ())
    if weights:
        return list(weights)
    return [*dict.fromkeys(code for sheet in sheets for code in sheet.get("classes", ())), ALL]


def rolls(on: Ballot, given: Mapping[str, int]) -> dict[str, int]:
    """How many are on the roll of each class: what was given, or what was loaded, or the electorate of a ballot of one class."""
    if given:
        return {key: given.get(key, 0) for key in groups(on)}
    counts = dict.fromkeys(groups(on), 0)
    for group in Elector.objects.filter(ballot=on).values_list("voter_class", flat=True).iterator(5000):
        key = class_of(group)
        counts[key] = counts.get(key, 0) + 1
    if not any(counts.values()) and len(counts) == 1:
        counts = dict.fromkeys(counts, on.electorate or 0)
    return counts


def padding(rule: Mapping[str, Any], options: list[dict[str, Any]]) -> int:
    """Bytes every plaintext has: room for the longest marks this paper can carry."""
    value = max([1, *(int(rule.get(name) or 0) for name in ("points", "most"))])
    longest = sum(len(str(option["place"])) + len(str(value)) + 2 for option in options)
    return max(SMALLEST, -(-(longest + 16) // STEP) * STEP)


def written(
    on: Ballot, at: datetime, *, observers: Mapping[str, Mapping[str, Any]], counts: Mapping[str, int], **keys: Any
) -> poll.Poll:
    """poll.json of a ballot. `keys`: box_key, seal_key, shares, least, witnesses, batch.

    Makes the city's keys of this poll where they are missing. Raises SealedError("bad-poll").
    """
    slug = slug_of(on)
    lines = list(Option.objects.filter(ballot=on).select_related("matter", "where").order_by("place"))
    options = [
        {
            "place": line.place,
            "title": line.title,
            "cost": line.cost_krw,
            "sheet": line.sheet,
            "where": line.where.code if line.where else "",
        }
        for line in lines
    ]
    ours = ring().make(slug, list(counts))
    missing = [key for key in counts if key not in observers]
    if missing:
        raise SealedError("bad-poll", f"{', '.join(missing)}: no key of the observers")
    return poll.write({
        "poll": slug, "title": {"ko": on.question, "en": on.question}, "use": on.use, "rule": on.rule, "options": options,
        "classes": [
            {"key": key, "roll": number, "issuers": [{"name": CITY, "n": b64(ours[key]), "e": 65537}, dict(observers[key])]}
            for key, number in counts.items()
        ],
        "box": keys["box_key"], "witnesses": keys["witnesses"],
        "seal": {"key": keys["seal_key"], "of": keys["shares"], "least": keys["least"]},
        "batch": keys["batch"], "padded": padding(on.rule, options), "revote": bool(on.rule.get("revote")),
        "opens_at": _second(max(on.opens_at, at)), "closes_at": _second(on.closes_at),
    })  # fmt: skip


def _second(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def signature(of: poll.Poll) -> str:
    """poll.sig, by the key that signs the house's record."""
    return poll.house_signature(of.raw, signing_key()).decode()


# ── after closing ────────────────────────────────────────────────────────────
def folder(of: SealedPoll) -> Path:
    """Where the board of a poll and its poll.zip are kept: MADANG_HOME/polls/<slug>."""
    return Path(settings.HOME) / "polls" / of.slug


def archive(of: SealedPoll) -> Path:
    return folder(of) / "poll.zip"


def published(of: SealedPoll) -> bool:
    """Whether poll.zip is there for everybody: counted, written and audited."""
    return of.ballot.closed_at is not None and archive(of).exists()


def notes(path: Path) -> list[str]:
    """The checkpoints of a checkpoints.txt, oldest first."""
    return re.split(
        r"(?<=\n)\n(?!— )", path.read_text("utf-8")
    )  # a note has an empty line of its own, before its signatures


def opened(of: SealedPoll) -> Iterator[tuple[str, str, str]]:
    """(receipt, class, marks) of every ballot of the board that counts, each checked as every auditor will.

    Raises SealedError with the fault: a board that does not hold is not counted.
    """
    read, key = of.poll, seal.SealKey.read(unb64(of.seed, 32))
    growth = Growth(read, iter(notes(folder(of) / "checkpoints.txt")), "")
    size = 0
    for posted in lines(of):
        header = ballot.read_header(read, posted.header)
        ballot.check(read, header, posted.sig)
        leaf = ballot.leaf(posted.header, posted.sig)
        growth.add(leaf)
        size += 1
        if posted.sealed is None:
            continue
        ballot.check_sealed(read, header, posted.sealed)
        marks = seal.opened(key, posted.sealed, ballot.info(read.digest, header.class_key, header.pk, header.seq))
        yield board.code(leaf), header.class_key, marks
    if growth.last().size != size:
        raise SealedError("ballot-dropped", f"{size} / {growth.last().size}")


def lines(of: SealedPoll) -> Iterator[Posted]:
    """The lines of the board as they were taken over."""
    with (folder(of) / "board.jsonl").open("rb") as file:
        for line in file:
            yield Posted.read(line.rstrip(b"\n"))


def publish(
    of: SealedPoll,
    votes: Iterable[tuple[str, str]],
    *,
    paper: list[dict[str, Any]],
    desk: list[dict[str, Any]],
    observed: Any,
) -> Report:
    """Write poll.zip, audit it as everybody will, and only then put it out.

    `votes`: every (class, marks), sealed and on paper; `observed`: issued.json of the observers.
    Returns the audit's report. Raises SealedError with the fault; then nothing is published.
    """
    path = archive(of)
    part = path.with_name(".poll.zip.part")
    result = counting.counted(of.poll, counting.Votes((class_of(group), marks) for group, marks in votes))
    contents = bundle.Contents(
        poll=of.poll, poll_signature=of.signature.encode(), seal=seal.SealKey.read(unb64(of.seed, 32)),
        issued=[*issued(of.slug, CITY), *observed], desk=desk, result=result, checkpoints=notes(folder(of) / "checkpoints.txt"),
        paper=paper, board=lines(of),
    )  # fmt: skip
    bundle.write(part, contents, signing_key())
    report = audit(part, key=str(signing_key().verifier))
    if report.fault is not None:
        part.unlink()
        raise SealedError(report.fault.code, f"{report.fault.words('ko')} / {report.fault.words('en')}")
    part.rename(path)
    return report


def paper_rows(on: Ballot) -> list[dict[str, Any]]:
    """paper.jsonl: every sheet that counts, in the order of the serials."""
    sheets = PaperVote.objects.filter(ballot=on, fate=Fate.COUNTED, bundle__aside=False).order_by("serial")
    rows = sheets.values_list("bundle__booth__name", "serial", "voter_class", "marks")
    return [
        {"desk": desk, "serial": serial, "class": class_of(group), "marks": marks}
        for desk, serial, group, marks in rows
    ]


def desk_rows(on: Ballot) -> list[dict[str, Any]]:
    """desk.json: the account of each booth and class; sheets set aside stand in the difference."""
    sums: dict[tuple[str, str], Counter[str]] = {}
    for pack in bundles_of(on):
        told = account(pack)
        if told["open"]:
            continue
        held = sums.setdefault((pack.booth.name, class_of(pack.voter_class)), Counter())
        held.update({name: told[name] for name in ("handed", "spoiled", "unreturned")})
        held["counted"] += 0 if pack.aside else told["counted"]
    return [
        {
            "desk": desk,
            "class": group,
            **{name: one[name] for name in DESK},
            "difference": one["handed"] - sum(one[name] for name in DESK[1:]),
        }
        for (desk, group), one in sums.items()
    ]
