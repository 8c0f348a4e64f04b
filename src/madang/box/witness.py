"""A witness: somebody independent who looks at the box's newest checkpoint, makes sure the log only grew, and signs it too.

1. Nothing is signed before the consistency with what was seen last time is proved; a box that shows two logs is told so loudly.
2. What was seen is kept before the signature leaves, so a crash can make a witness sign twice but never forget.
3. The very first look remembers poll.json by its hash; a box that changes it is not signed for any more.
"""

import json
import os
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen

from madang.methods.sealed import SealedError, b64, board, poll, unb64
from madang.methods.sealed.writing import fields, plain
from madang.methods.transparency.checkpoint import Checkpoint, SigningKey
from madang.methods.transparency.merkle import verify_consistency

MOST = 16_000_000  # bytes of one answer
SECONDS = 30


class WitnessFault(Exception):
    """The checkpoint is not signed; the sentence (Korean / English) says why."""


def key_at(path: Path, name: str) -> SigningKey:
    """The witness's key in a file; made there under `name` if there is none. Raises WitnessFault."""
    if not path.exists():
        try:
            made = SigningKey.make(name)
        except ValueError as fault:
            raise WitnessFault(f"--name: {fault}") from None
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
            out.write(made.secret())
    try:
        return SigningKey.read(path.read_text())
    except ValueError as fault:
        raise WitnessFault(f"{path}: {fault}") from None


def cosign(url: str, key: SigningKey, state: Path, at: int) -> str:
    """Look at the newest checkpoint under `url` (http://box/slug) and cosign it at the time `at` (Unix seconds).

    Returns what was done in words. Raises WitnessFault, above all when the box shows another log than last time.
    """
    seen = _seen(state)
    try:
        read = poll.read(_get(f"{url}/poll.json"))
        note = _get(f"{url}/checkpoint").decode()
        point = board.read_note(read, note).checkpoint
    except (SealedError, UnicodeDecodeError) as fault:
        raise WitnessFault(f"투표함의 답을 믿을 수 없습니다 / the box's answer does not hold: {fault}") from None
    if seen and seen["poll"] != b64(read.digest):
        raise WitnessFault("poll.json이 지난번과 다릅니다 / poll.json is another than last time")
    _grew(url, seen, point)
    try:
        line = board.cosign(read, note, key, at)
    except SealedError as fault:
        raise WitnessFault(f"{key.verifier}: {fault}") from None
    _remember(state, {"poll": b64(read.digest), "size": point.size, "root": b64(point.root)})
    _get(f"{url}/cosign", line.encode())
    return f"{read.slug}: {point.size}표까지 함께 서명했습니다 / cosigned at {point.size} ballots ({b64(point.root)})"


def _grew(url: str, seen: dict[str, object], point: Checkpoint) -> None:
    """Raises WitnessFault unless the log of `point` begins with the one seen last time."""
    old, root = int(str(seen.get("size", 0))), unb64(seen.get("root", ""))
    if not old:
        return
    if point.size < old:
        raise WitnessFault(f"게시판이 줄었습니다: {old} → {point.size} / the log has shrunk")
    path = []
    if point.size > old:
        given = plain(_get(f"{url}/consistency?from={old}&to={point.size}"))
        parts = given.get("path") if isinstance(given, dict) else None
        if not isinstance(parts, list):
            raise WitnessFault("이어짐을 보이지 못했습니다 / no proof of consistency")
        path = [unb64(part, 32) for part in parts]
    if not verify_consistency(old, point.size, root, point.root, path):
        raise WitnessFault(
            f"두 게시판입니다: {old}표일 때 본 것이 지금 것의 앞부분이 아닙니다. 널리 알려 주세요. / "
            f"a split log: what was seen at {old} is not the beginning of this one. Tell everyone."
        )


def _seen(state: Path) -> dict[str, object]:
    if not state.exists():
        return {}
    try:
        return fields(json.loads(state.read_text()), {"poll": str, "size": int, "root": str})
    except (ValueError, SealedError) as fault:
        raise WitnessFault(f"{state}: {fault}") from None


def _remember(state: Path, seen: dict[str, object]) -> None:
    part = state.with_name(f"{state.name}.part")
    with part.open("w") as out:
        out.write(json.dumps(seen))
        out.flush()
        os.fsync(out.fileno())
    part.rename(state)


def _get(url: str, body: bytes | None = None) -> bytes:
    if not url.startswith(("http://", "https://")):
        raise WitnessFault("http(s) 주소가 필요합니다 / an http(s) address is needed")
    try:
        with urlopen(Request(url, body), timeout=SECONDS) as answer:  # noqa: S310 — the scheme has just been looked at
            return bytes(answer.read(MOST))
    except HTTPError as fault:
        raise WitnessFault(f"{url}: {fault.code} {fault.read(300).decode(errors='replace')}") from None
    except (URLError, OSError) as fault:
        raise WitnessFault(f"{url}: {fault}") from None
