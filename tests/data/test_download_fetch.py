"""One file from a real server on this machine: resumed, checked, and every trouble a sentence."""

import hashlib
import socket
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.download.bucket import describe, list_bucket
from data.download.crc32c import crc32c
from data.download.disk import check_room, size_text
from data.download.fetch import bytes_waiting, fetch, forget_other_versions, is_complete, part_path
from data.download.remote_file import RemoteFile
from data.download.web import Patience, UnreachableError
from tests.data.bucket_server import BucketServer, running_server
from tests.ports import held_port

CONTENT = np.random.default_rng(0).bytes(300_000)
OTHER = np.random.default_rng(1).bytes(300_000)
NAME = "bucket/dances.zip"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    with running_server() as running:
        running.objects[NAME] = CONTENT
        yield running


@pytest.fixture
def pauses() -> list[float]:
    """The pauses that were made, in seconds."""
    return []


@pytest.fixture
def patience(pauses: list[float]) -> Patience:
    return Patience(num_retries=3, timeout_s=60.0, sleep=pauses.append)


def described(server: BucketServer, patience: Patience) -> RemoteFile:
    return describe(f"{server.url}/{NAME}", patience)


def leave_part(file: RemoteFile, folder: Path, content: bytes) -> Path:
    part = part_path(file, folder)
    part.parent.mkdir(parents=True, exist_ok=True)
    part.write_bytes(content)
    return part


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_described_by_its_headers_alone(server: BucketServer, patience: Patience) -> None:
    file = described(server, patience)
    assert file.size_bytes == len(CONTENT)
    assert file.md5 == hashlib.md5(CONTENT).digest()
    assert file.crc32c == crc32c([CONTENT])
    assert str(file.path) == "dances.zip"


def test_a_file_arrives_whole_under_its_name(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    file = described(server, patience)
    progress: list[int] = []
    target = fetch(file, tmp_path / "new", patience, progress.append)
    assert target.read_bytes() == CONTENT
    assert names(tmp_path / "new") == ["dances.zip"]
    assert is_complete(file, tmp_path / "new")
    assert progress[0] == 0
    assert progress[-1] == len(CONTENT)
    assert progress == sorted(progress)


def test_a_file_of_no_bytes_arrives(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    server.objects[NAME] = b""
    assert fetch(described(server, patience), tmp_path, patience).read_bytes() == b""


def test_a_part_is_continued(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    file = described(server, patience)
    leave_part(file, tmp_path, CONTENT[:123_456])
    assert bytes_waiting(file, tmp_path) == 123_456
    before = server.sent_bytes
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT
    assert server.requests[-1][1:] == ("bytes=123456-", server.etag(NAME))
    assert server.sent_bytes - before == len(CONTENT) - 123_456


def test_a_part_that_is_all_needs_no_request(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    file = described(server, patience)
    leave_part(file, tmp_path, CONTENT)
    num_requests = len(server.requests)
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT
    assert len(server.requests) == num_requests


def test_a_file_that_changed_between_two_runs_is_begun_anew(
    server: BucketServer, patience: Patience, tmp_path: Path
) -> None:
    leave_part(described(server, patience), tmp_path, CONTENT[:100_000])
    server.objects[NAME] = OTHER
    file = described(server, patience)
    assert bytes_waiting(file, tmp_path) == 0
    forget_other_versions([file], tmp_path)
    assert names(tmp_path) == []
    assert fetch(file, tmp_path, patience).read_bytes() == OTHER
    assert server.ranges() == []


def test_only_parts_of_the_same_file_are_forgotten(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    file = described(server, patience)
    mine = leave_part(file, tmp_path, b"begun")
    for name in ("other.zip.01234567.part", "dances.zip.notes.part", "dances.zip"):
        (tmp_path / name).write_bytes(b"keep")
    (tmp_path / "dances.zip.01234567.part").write_bytes(b"of another version")
    forget_other_versions([file], tmp_path)
    assert names(tmp_path) == sorted([mine.name, "other.zip.01234567.part", "dances.zip.notes.part", "dances.zip"])


@pytest.mark.parametrize("knows_if_range", [True, False])
@pytest.mark.parametrize("other", [OTHER, OTHER[:200_000]])
def test_a_file_that_changes_meanwhile_is_never_mixed(
    server: BucketServer, patience: Patience, tmp_path: Path, knows_if_range: bool, other: bytes
) -> None:
    file = described(server, patience)
    leave_part(file, tmp_path, CONTENT[:100_000])
    server.objects[NAME] = other
    server.knows_if_range = knows_if_range
    with pytest.raises(ValueError, match="changed on the server just now: run the same command again"):
        fetch(file, tmp_path, patience)
    assert names(tmp_path) == []


def test_a_file_without_a_version_is_known_by_its_size(
    server: BucketServer, patience: Patience, pauses: list[float], tmp_path: Path
) -> None:
    server.validators = False
    file = described(server, patience)
    server.objects[NAME] = OTHER[:200_000]
    with pytest.raises(ValueError, match="changed on the server"):
        fetch(file, tmp_path, patience)
    assert names(tmp_path) == []
    assert pauses == []


def test_a_listed_file_that_changes_meanwhile_is_never_mixed(
    server: BucketServer, patience: Patience, tmp_path: Path
) -> None:
    server.objects = {"seeds/a.npy": CONTENT}
    (file,) = list_bucket(server.url, "metagen", "seeds/", patience)
    leave_part(file, tmp_path, CONTENT[:100_000])
    server.objects["seeds/a.npy"], server.generations["seeds/a.npy"] = OTHER, 2
    with pytest.raises(ValueError, match="changed on the server"):
        fetch(file, tmp_path, patience)
    assert names(tmp_path / "seeds") == []


def test_a_server_that_cannot_continue_sends_all_of_it(
    server: BucketServer, patience: Patience, tmp_path: Path
) -> None:
    file = described(server, patience)
    leave_part(file, tmp_path, OTHER[:100_000])
    server.knows_range = False
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT


def test_a_file_without_a_version_is_never_continued(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    server.validators = False
    file = described(server, patience)
    leave_part(file, tmp_path, CONTENT[:100_000])
    assert bytes_waiting(file, tmp_path) == 0
    server.faults = ["truncate", "truncate"]
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT
    assert server.ranges() == []


@pytest.mark.parametrize("part", [CONTENT[:1000], CONTENT + b"too much"])
def test_a_part_that_cannot_be_continued_is_begun_anew(
    server: BucketServer, patience: Patience, tmp_path: Path, part: bytes
) -> None:
    file = described(server, patience)
    leave_part(file, tmp_path, part)
    server.faults = [416]
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT


@pytest.mark.parametrize("fault", ["truncate", "reset"])
def test_broken_connections_are_continued(
    server: BucketServer, patience: Patience, pauses: list[float], tmp_path: Path, fault: str
) -> None:
    server.objects[NAME] = CONTENT[:10_000]
    file = described(server, patience)
    server.faults = [fault] * 8  # more than are forgiven in a row, but each brought something
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT[:10_000]
    if fault == "truncate":  # a reset may swallow bytes that were on their way
        assert server.ranges() == [f"bytes={start}-" for start in range(1000, 9000, 1000)]
        assert pauses == [1.0] * 8


def test_trouble_that_stays_ends_after_a_few_attempts(
    server: BucketServer, patience: Patience, pauses: list[float], tmp_path: Path
) -> None:
    file = described(server, patience)
    part = leave_part(file, tmp_path, CONTENT[:5000])
    server.faults = [503] * 100
    with pytest.raises(OSError, match="says 503 Service Unavailable; gave up after 4 attempts"):
        fetch(file, tmp_path, patience)
    assert pauses == [1.0, 2.0, 4.0]
    assert part.read_bytes() == CONTENT[:5000]


@pytest.mark.parametrize("faults", [["truncate", 416], ["truncate", "truncate"]])
def test_a_part_that_is_lost_each_time_is_no_progress(
    server: BucketServer, patience: Patience, pauses: list[float], tmp_path: Path, faults: list[str | int]
) -> None:
    file = described(server, patience)
    server.faults, server.knows_range = faults * 50, False
    with pytest.raises(OSError, match="gave up after 4 attempts"):
        fetch(file, tmp_path, patience)
    assert pauses == [1.0, 2.0, 4.0]


def test_a_server_that_is_busy_is_asked_again(
    server: BucketServer, patience: Patience, pauses: list[float], tmp_path: Path
) -> None:
    server.faults = [503, 429]
    server.retry_after = "7"
    file = described(server, patience)
    server.faults, server.retry_after = [500], "100000"
    messages: list[str] = []
    patience = replace(patience, tell=messages.append)
    assert fetch(file, tmp_path, patience).read_bytes() == CONTENT
    assert pauses == [7.0, 7.0, 60.0]  # as long as it asks, within reason
    assert messages == [f"{server.url[7:]} says 500 Internal Server Error; trying again in 60 s"]


@pytest.mark.parametrize(("status", "words"), [(404, "is not there"), (403, "is not open to the public")])
def test_a_no_is_taken_at_once(
    server: BucketServer, patience: Patience, pauses: list[float], status: int, words: str
) -> None:
    server.faults = [status]
    with pytest.raises(OSError, match=rf"dances.zip {words} \(HTTP {status}"):
        described(server, patience)
    assert pauses == []


def test_a_damaged_file_is_deleted_and_named(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    server.lie = True
    file = described(server, patience)
    with pytest.raises(ValueError, match=r"dances.zip came damaged: its MD5 is .*, not .*; it was deleted"):
        fetch(file, tmp_path, patience)
    assert names(tmp_path) == []


def test_an_older_copy_stays_until_the_new_one_is_good(
    server: BucketServer, patience: Patience, tmp_path: Path
) -> None:
    (tmp_path / "dances.zip").write_bytes(b"older")
    server.lie = True
    with pytest.raises(ValueError, match="damaged"):
        fetch(described(server, patience), tmp_path, patience)
    assert (tmp_path / "dances.zip").read_bytes() == b"older"
    server.lie = False
    assert fetch(described(server, patience), tmp_path, patience).read_bytes() == CONTENT


def test_without_md5_crc32c_is_the_proof(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    server.hashes = ["crc32c"]
    file = described(server, patience)
    assert file.proof == "CRC32C, as the server has no MD5 of it"
    fetch(file, tmp_path, patience)
    assert is_complete(file, tmp_path)
    server.lie = True
    with pytest.raises(ValueError, match="its CRC32C is"):
        fetch(described(server, patience), tmp_path, patience)


def test_without_a_checksum_the_size_is_the_proof(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    server.hashes = []
    file = described(server, patience)
    assert "its size only" in file.proof
    fetch(file, tmp_path, patience)
    assert is_complete(file, tmp_path)
    (tmp_path / "dances.zip").write_bytes(CONTENT[:-1])
    assert not is_complete(file, tmp_path)


def test_nobody_at_the_port_is_said_at_once(patience: Patience, pauses: list[float]) -> None:
    with (
        held_port(socket.SOCK_STREAM) as port,
        pytest.raises(UnreachableError, match=rf"127.0.0.1:{port} cannot be reached \(.*refused\)"),
    ):
        describe(f"http://127.0.0.1:{port}/a.zip", patience)
    assert pauses == []


def test_a_host_without_address_is_said_at_once(server: BucketServer, patience: Patience, pauses: list[float]) -> None:
    with pytest.raises(UnreachableError, match=r"host.invalid cannot be reached"):
        describe("http://host.invalid/a.zip", patience)
    assert pauses == []


def test_a_network_that_goes_away_meanwhile_is_waited_for(
    server: BucketServer, patience: Patience, pauses: list[float], tmp_path: Path
) -> None:
    file = described(server, patience)
    with held_port(socket.SOCK_STREAM) as port:
        gone = replace(file, url=f"http://127.0.0.1:{port}/a.zip")
        with pytest.raises(OSError, match="gave up after 4 attempts"):
            fetch(gone, tmp_path, patience)
    assert pauses == [1.0, 2.0, 4.0]


def test_the_proxy_of_the_environment_is_used(
    server: BucketServer, patience: Patience, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("http_proxy", server.url)
    assert describe(f"http://storage.invalid/{NAME}", patience).size_bytes == len(CONTENT)
    assert server.requests[-1][0] == f"http://storage.invalid/{NAME}"
    with held_port(socket.SOCK_STREAM) as port:
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{port}")
        with pytest.raises(UnreachableError, match="cannot be reached by the proxy of the environment"):
            describe(f"http://storage.invalid/{NAME}", patience)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_is_a_sentence(server: BucketServer, patience: Patience, tmp_path: Path) -> None:
    file = described(server, patience)
    part_path(file, tmp_path).symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"the disk of .* is full: make room and run the same command again"):
        fetch(file, tmp_path, patience)


def test_what_cannot_fit_is_refused_before(tmp_path: Path) -> None:
    check_room(tmp_path / "not" / "there", 1, "the download")
    with pytest.raises(ValueError, match=r"the download needs 1e\+06 TB, but the disk of .* has .* of room"):
        check_room(tmp_path / "not" / "there", 10**18, "the download")


def test_sizes_are_said_as_disks_state_them() -> None:
    assert [size_text(number) for number in (0, 999, 1234, 306_000_000, 2_300_000_000)] == [
        "0 bytes",
        "999 bytes",
        "1.23 kB",
        "306 MB",
        "2.3 GB",
    ]


def test_crc32c_is_castagnolis() -> None:
    assert crc32c([b"123456789"]) == 0xE3069283  # the check value of the catalogue of CRCs
    assert crc32c([bytes(32)]) == 0x8A9136AA  # RFC 3720, B.4
    assert crc32c([b"\xff" * 32]) == 0x62A8AB43
    assert crc32c([bytes(range(32))]) == 0x46DD794E


@settings(max_examples=30)
@given(st.integers(0, 30_000), st.lists(st.integers(0, 30_000), max_size=3))
def test_crc32c_does_not_depend_on_the_chunks(num_bytes: int, cuts: list[int]) -> None:
    data = CONTENT[:num_bytes]
    edges = sorted({0, num_bytes, *(min(cut, num_bytes) for cut in cuts)})
    chunks = [data[start:stop] for start, stop in pairwise(edges)]
    assert crc32c(chunks) == crc32c(data[index : index + 1000] for index in range(0, num_bytes, 1000))
