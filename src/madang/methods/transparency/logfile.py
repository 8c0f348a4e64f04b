"""The download: one plain text file, written as it streams and read line by line.

    {"keys":["…"],"madang-log":1,"peaks":[],"since":0,"size":2}      header
    0<TAB>base64 leaf hash<TAB>{"act":"proposals.submit",…}          an entry: position, hash, exact text
    1<TAB>base64 leaf hash<TAB>{"act":"proposals.support",…}
    =<TAB>"origin\\n2\\nroot\\n\\n— origin signature\\n"                 a signed checkpoint over all lines above

One file and not a folder: a citizen can mail it, `diff` two of them, and `cut -f3` gives plain JSON lines. Position and
hash stand beside each text though both could be computed, because they turn "somewhere the root is wrong" into
"line 4711 was altered". A download that starts later (`since`) brings the peaks of the tree before it; they need
no trust, because wrong peaks cannot give the signed root.
"""

import base64
import json
from collections.abc import Iterable

from madang.methods.transparency.canonical import canonical
from madang.methods.transparency.checkpoint import VerifierKey
from madang.methods.transparency.merkle import Frontier

VERSION = 1
LINE_MAX = 4_000_000  # bytes; an entry holds ids and digests, so this is far more than any


def header(keys: Iterable[VerifierKey], before: Frontier, size: int) -> bytes:
    """The first line: the log's keys, where this download begins, and how many entries the log had."""
    return _line(
        canonical(
            {
                "madang-log": VERSION,
                "keys": [str(key) for key in keys],
                "since": before.size,
                "peaks": [base64.b64encode(peak).decode() for peak in before.peaks],
                "size": size,
            }
        )
    )


def entry_line(position: int, leaf: bytes, text: str) -> bytes:
    return _line(f"{position}\t{base64.b64encode(leaf).decode()}\t{text}")


def checkpoint_line(note: str) -> bytes:
    return _line("=\t" + json.dumps(note, ensure_ascii=False))


def _line(text: str) -> bytes:
    return text.encode() + b"\n"
