"""Replicas are for downloads: pages and acts never read there."""

import pytest

from madang.record.models import Entry
from madang.record.replicas import Router, reading_apart


@pytest.fixture
def replicas(monkeypatch, settings):
    for name in ("replica1", "replica2"):
        monkeypatch.setitem(settings.DATABASES, name, {})


def test_a_download_reads_from_a_replica_and_everything_else_from_the_primary(replicas):
    assert Router().db_for_read(Entry) is None
    with reading_apart():
        assert Router().db_for_read(Entry) in {"replica1", "replica2"}
    assert Router().db_for_read(Entry) is None


def test_without_replicas_a_download_reads_from_the_primary():
    with reading_apart():
        assert Router().db_for_read(Entry) is None


def test_nothing_is_migrated_on_a_replica(replicas):
    assert Router().allow_migrate("default", "record") and not Router().allow_migrate("replica1", "record")
