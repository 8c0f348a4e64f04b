"""The record: what happened, append-only, sealed in batches into a log that anyone can verify."""

from madang.methods.transparency.canonical import digest
from madang.record.writing import Note, write

__all__ = ["Note", "digest", "write"]
