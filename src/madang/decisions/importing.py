"""Any Pabulib file as a vote to look at: read, counted by the rule its city used, compared with the other rules.

1. What the city said stays the city's: title, place, year, currency and rule are those of the file, its source is said in words.
2. A file that cannot be read exactly is refused with line and column; nothing of it is kept.
"""

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.utils.text import slugify

from madang.methods.budgeting.account import account, as_announced
from madang.methods.budgeting.compare import preview
from madang.methods.budgeting.election import Election
from madang.methods.budgeting.pabulib import read

LARGEST = 256 * 2**20  # bytes of a file


def imported(path: Path, *, key: str = "", encoding: str = "utf-8") -> dict[str, Any]:
    """What `decisions.import_vote` takes, from one file. Seconds for 100,000 ballots.

    Raises FormatError (a ValueError) with file, line and column, ValueError for a file that is too large.
    """
    if path.stat().st_size > LARGEST:
        raise ValueError(f"{path}: {LARGEST // 2**20} MB보다 큽니다 / larger than {LARGEST // 2**20} MB")
    election = read(path, encoding=encoding)
    text = path.read_bytes()
    said = {name: value.strip() for name, value in election.meta.items()}
    return {
        "key": (slugify(key) or slugify(path.stem) or sha256(text).hexdigest()[:12])[:80],
        "title": title(said) or path.stem,
        "source": source(said),
        "unit": said.get("currency", "")[:12] or "?",
        "file": text,
        "account": dict(account(election, as_announced(election))) | {"said": about(election)},
        "preview": preview(election),
    }


def title(said: Mapping[str, str]) -> str:
    """Place and year as people say it: "Wieliczka — Green Budget 2023"."""
    where = [said[name] for name in ("unit", "subunit", "district") if said.get(name)]
    return " ".join([" — ".join(dict.fromkeys(where)), said.get("instance", "")]).strip()[:300]


def source(said: Mapping[str, str]) -> str:
    """Where it comes from, in words."""
    days = " – ".join(dict.fromkeys(said[name] for name in ("date_begin", "date_end") if said.get(name)))
    parts = [said.get("description", ""), ", ".join(said[name] for name in ("unit", "country") if said.get(name)), days]
    return (" · ".join(part for part in parts if part) + " · Pabulib (pabulib.org)")[:500]


def about(election: Election) -> dict[str, str]:
    """What the file says of its own rule, for the page."""
    return {name: election.meta[name].strip()[:200] for name in ("rule", "vote_type", "max_length", "edition") if election.meta.get(name)}
