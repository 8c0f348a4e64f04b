"""poll.zip is refused before it costs anything when it is not what it says."""

import io
import struct
import subprocess
import sys
import warnings
import zipfile

import pytest
import sealed_poll as making

from madang.methods.sealed import SealedError, bundle
from madang.methods.sealed.audit import audit
from madang.methods.sealed.bundle import Bundle, Posted


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return making.made(7).write(tmp_path_factory.mktemp("bundle") / "poll.zip")


@pytest.fixture
def zipped(path, tmp_path):
    """A zip with the poll's files changed, named and packed as asked."""

    def pack(change=lambda files: files, compress=zipfile.ZIP_DEFLATED):
        target = tmp_path / "hostile.zip"
        with zipfile.ZipFile(target, "w", compress) as archive, warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # a name twice
            for name, raw in change(list(making.parts(path).items())):
                archive.writestr(name, raw)
        return target

    return pack


def code(file):
    report = audit(file)
    assert not report.ok
    return report.fault.code


@pytest.mark.parametrize("name", ["../evil", "/etc/passwd", "a/../poll.json", "POLL.JSON", "poll.json/", "__MACOSX/x", "투표"])
def test_a_name_that_has_no_place_is_refused(zipped, name):
    assert code(zipped(lambda files: [*files, (name, b"")])) == "unknown-file"


def test_a_name_twice_is_refused_whatever_it_holds(zipped):
    for number in (0, 8):
        assert code(zipped(lambda files, number=number: [*files, files[number]])) == "duplicate-file"


@pytest.mark.parametrize("name", bundle.FILES)
def test_each_missing_file_is_named(zipped, name):
    file = zipped(lambda files: [each for each in files if each[0] != name])
    report = audit(file)
    assert (report.fault.code, report.fault.detail) == ("missing-file", name)


@pytest.mark.parametrize("compress", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_rare_way_of_packing_is_refused(zipped, compress):
    assert code(zipped(compress=compress)) == "bad-zip"


def test_an_uncompressed_zip_is_as_good(zipped):
    assert audit(zipped(compress=zipfile.ZIP_STORED)).ok


def test_what_is_no_zip_cut_off_or_followed_by_more_is_refused(path, tmp_path):
    raw = path.read_bytes()
    half = raw[: len(raw) // 2]
    grown = [b"#!/bin/sh\n" + raw, b"PK\3\4" + raw, raw + b"!", raw[:-2] + b"\1\0"]
    for number, bad in enumerate([b"", b"PK", raw[:-1], half, b"\0" * 100, raw[-22:], *grown]):
        target = tmp_path / f"{number}.zip"
        target.write_bytes(bad)
        assert code(target) in ("bad-zip", "missing-file"), number
    assert code(tmp_path) == "unreadable"


def test_an_encrypted_entry_is_refused(path, tmp_path):
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    raw[at + 8] |= 1
    (tmp_path / "a.zip").write_bytes(raw)
    assert code(tmp_path / "a.zip") == "bad-zip"


def test_a_directory_of_many_names_is_never_read(tmp_path):
    target = tmp_path / "many.zip"
    with zipfile.ZipFile(target, "w") as archive:
        for number in range(2_000):
            archive.writestr(f"{number}", b"")
    report = audit(target)
    assert (report.fault.code, "names" in report.fault.detail) == ("bad-zip", True)


@pytest.mark.parametrize("name", ["poll.json", "board.jsonl", "paper.jsonl", "checkpoints.txt"])
def test_a_bomb_is_refused_in_little_memory(path, tmp_path, name):
    """160 MB of one letter in a file of 160 kB."""
    target = tmp_path / "bomb.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for one, raw in making.parts(path).items():
            with archive.open(one, "w", force_zip64=True) as file:
                file.write(raw if one != name else b"")
                for _ in range(160 if one == name else 0):
                    file.write(b"0" * 1_000_000)
    said = "import sys; from madang.methods.sealed.audit import audit; r = audit(sys.argv[1])\n"
    said += "print(r.fault.code, [line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')][0])"
    done = subprocess.run([sys.executable, "-c", said, str(target)], capture_output=True, text=True, check=True, timeout=60)
    found, peak = done.stdout.split()
    assert found in ("too-large", "bad-line")
    assert int(peak) < 100_000  # kB


def test_a_size_that_lies_is_refused(path, tmp_path):
    raw = bytearray(path.read_bytes())
    at = raw.index(b"PK\x01\x02")
    for offset in (16, 20, 24, 42):
        lying = bytearray(raw)
        struct.pack_into("<L", lying, at + offset, struct.unpack_from("<L", raw, at + offset)[0] + 3)
        target = tmp_path / f"{offset}.zip"
        target.write_bytes(lying)
        assert audit(target).ok is False or making.parts(target) == making.parts(path)


def test_a_line_of_the_board_reads_back_and_nothing_else_reads():
    for posted in (Posted(b"{}", bytes(64), b"sealed"), Posted(b"{}", bytes(64))):
        line = posted.line()
        assert (line[-1:], Posted.read(line[:-1])) == (b"\n", posted)
        row = line[:-1]
        changed = [row.replace(b"sig", b"Sig"), *(row.replace(b"e30", other) for other in (b"e3", b"e31", b"e30=", b'\\"e30'))]
        for bad in (b"", b"{}", line, b" " + row, row + b" ", row[:-1], *changed, row.replace(b",", b',"more":"e30",', 1)):
            with pytest.raises(SealedError):
                Posted.read(bad)


def test_notes_are_parted_by_one_empty_line(tmp_path):
    whole = making.made(12)
    with Bundle(whole.write(tmp_path / "a.zip")) as opened:
        assert list(opened.notes()) == whole.notes()
    for raw in (b"\n", b"a\n\n\xe2\x80\x94 x\n\n", b"a\n\n\xe2\x80\x94 x\n\n\nb\n", b"\xff\n", b"a\n" * 400):
        files = making.parts(tmp_path / "a.zip") | {"checkpoints.txt": raw}
        making.packed(tmp_path / "b.zip", files, closed=True)
        assert code(tmp_path / "b.zip") in ("bad-checkpoint", "bad-box-signature")


def test_a_file_object_will_do():
    held = io.BytesIO()
    bundle.write(held, making.made(0).contents(), making.HOUSE)
    with zipfile.ZipFile(held) as archive:
        assert archive.namelist() == list(bundle.FILES)
