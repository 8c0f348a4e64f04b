"""Find what stands twice among millions of records without keeping them in memory.

1. Records of one length, whose first byte is as good as chance, go to 64 temporary files by that byte.
2. Then each file is sorted by itself: equal beginnings come to stand side by side. Memory is a 64th of the records at most.
"""

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from types import TracebackType
from typing import IO

PARTS = 64
SPILL = 64_000  # bytes kept in memory for each part


class Sieve:
    """A context manager; `size` is the length of a record in bytes."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._stack = ExitStack()
        self._parts: list[IO[bytes]] = []

    def __enter__(self) -> "Sieve":
        for _ in range(PARTS):
            self._parts.append(self._stack.enter_context(tempfile.SpooledTemporaryFile(max_size=SPILL)))
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None) -> None:
        self._stack.close()

    def add(self, record: bytes) -> None:
        self._parts[record[0] >> 2].write(record)

    def neighbours(self) -> Iterator[tuple[bytes, bytes]]:
        """Each record with the next one in order of their bytes; the last of a part with b""."""
        for part in self._parts:
            part.seek(0)
            raw = part.read()
            ordered = sorted(raw[start : start + self.size] for start in range(0, len(raw), self.size))
            yield from zip(ordered, [*ordered[1:], b""], strict=False)  # an empty part has no neighbours
