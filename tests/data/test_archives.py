"""Archives from elsewhere: what an honest one becomes, and what a hostile one does not."""

import json
import stat
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from data.download.archives import read_source, unpack_zip
from data.download.safe_path import check_distinct, safe_path

SOURCE = {"url": "https://example.org/a.zip", "licence": "CC BY 4.0"}


def zip_of(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as zipped:
        for name, content in members.items():
            zipped.writestr(zipfile.ZipInfo(name), content)
    return path


def zip_of_kind(path: Path, mode: int) -> Path:
    info = zipfile.ZipInfo("motions/odd")
    info.external_attr = mode << 16
    with zipfile.ZipFile(path, "w") as zipped:
        zipped.writestr(info, "/etc/passwd")
    return path


def everything_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder).as_posix()) for path in folder.rglob("*") if path.is_file())


def test_an_archive_becomes_a_folder_that_knows_its_source(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"top/": b"", "top/motions/one.pkl": b"1" * 5000, "top/splits.txt": b"one\n"})
    progress: list[tuple[int, int]] = []
    assert unpack_zip(archive, tmp_path / "a", SOURCE, lambda *done: progress.append(done)) == 2
    assert everything_below(tmp_path / "a") == ["top/motions/one.pkl", "top/splits.txt", "transflower_source.json"]
    assert (tmp_path / "a/top/motions/one.pkl").read_bytes() == b"1" * 5000
    assert read_source(tmp_path / "a") == SOURCE
    assert progress[-1] == (5004, 5004)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a", "a.zip"]


@pytest.mark.parametrize(
    "name",
    [
        "../hostile",
        "top/../../hostile",
        "/hostile",
        "//host/hostile",
        "C:/hostile",
        "C:hostile",
        "..\\hostile",
        "top\\hostile",
        "./hostile",
        "top//hostile",
        "../hostile/",
        "nul.txt",
        "hostile.",
        "hostile\n",
        "e" * 256,
        "transflower_source.json",
    ],
)
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    archive = zip_of(tmp_path / "a.zip", {"good": b"1", name: b"2"})
    with pytest.raises(ValueError, match="unsafe name"):
        unpack_zip(archive, tmp_path / "inside" / "a", SOURCE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


@pytest.mark.parametrize("mode", [stat.S_IFLNK | 0o777, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFSOCK])
def test_links_and_devices_are_refused(tmp_path: Path, mode: int) -> None:
    archive = zip_of_kind(tmp_path / "a.zip", mode)
    with pytest.raises(ValueError, match="'motions/odd' is a link or a device"):
        unpack_zip(archive, tmp_path / "a", SOURCE)
    assert not (tmp_path / "a").exists()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a/x": b"", "A/X": b""}, "two files of this name"),
        ({"caf\u00e9": b"", "cafe\u0301": b""}, "two files of this name"),
        ({"a": b"", "a/x": b""}, "a file and a folder"),
    ],
)
def test_files_that_overwrite_one_another_are_refused(tmp_path: Path, members: dict[str, bytes], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        unpack_zip(zip_of(tmp_path / "a.zip", members), tmp_path / "a", SOURCE)


def test_a_bomb_is_refused_before_a_byte_is_written(tmp_path: Path) -> None:
    archive = tmp_path / "a.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        for number in range(3):
            zipped.writestr(f"zeros_{number}", bytes(5_000_000))
    progress: list[tuple[int, int]] = []
    with pytest.raises(ValueError, match=r"would grow from .* kB to 15 MB, more than 100 times: it may be a zip bomb"):
        unpack_zip(archive, tmp_path / "a", SOURCE, lambda *done: progress.append(done))
    assert progress == []


def test_a_declared_size_that_lies_is_found(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"zeros": bytes(1_000_000)})
    data = archive.read_bytes()
    archive.write_bytes(data.replace((1_000_000).to_bytes(4, "little"), (1000).to_bytes(4, "little")))
    with pytest.raises(ValueError, match="is damaged"):
        unpack_zip(archive, tmp_path / "a", SOURCE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def encrypted(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    archive.write_bytes(data)


def cut_short(archive: Path) -> None:
    archive.write_bytes(archive.read_bytes()[:-30])


def flipped(archive: Path) -> None:
    data = bytearray(archive.read_bytes())
    data[60] ^= 0xFF
    archive.write_bytes(data)


def repacked(archive: Path) -> None:
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_LZMA) as zipped:
        zipped.writestr("x", b"1")


def no_zip(archive: Path) -> None:
    archive.write_text("<html>Please sign in</html>", encoding="utf-8")


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (encrypted, "is encrypted"),
        (cut_short, "is damaged or no zip archive"),
        (flipped, "is damaged or no zip archive"),
        (repacked, "is packed by method 14"),
        (no_zip, "is damaged or no zip archive"),
    ],
)
def test_a_bad_archive_leaves_nothing(tmp_path: Path, spoil: Callable[[Path], None], words: str) -> None:
    archive = zip_of(tmp_path / "a.zip", {"first": b"1" * 100, "second": b"2" * 100})
    spoil(archive)
    with pytest.raises(ValueError, match=words):
        unpack_zip(archive, tmp_path / "a", SOURCE)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_an_interrupted_unpacking_leaves_nothing_half(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"first": b"1" * 100, "second": b"2" * 100})

    def stop(done_bytes: int, total_bytes: int) -> None:
        assert (tmp_path / ".a.unpacking" / "first").exists()
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        unpack_zip(archive, tmp_path / "a", SOURCE, stop)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.zip"]


def test_what_a_killed_unpacking_left_is_cleared(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"first": b"1"})
    (tmp_path / ".a.unpacking").mkdir()
    (tmp_path / ".a.unpacking" / "stale").touch()
    unpack_zip(archive, tmp_path / "a", SOURCE)
    assert everything_below(tmp_path / "a") == ["first", "transflower_source.json"]


def test_a_folder_that_is_there_is_never_touched(tmp_path: Path) -> None:
    archive = zip_of(tmp_path / "a.zip", {"first": b"1"})
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "mine").touch()
    with pytest.raises(ValueError, match=r"exists and is not what a.zip unpacks to"):
        unpack_zip(archive, tmp_path / "a", SOURCE)
    assert everything_below(tmp_path / "a") == ["mine"]


def test_a_disk_without_room_is_said_before(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": 10}))
    archive = zip_of(tmp_path / "a.zip", {"first": b"1" * 100})
    with pytest.raises(ValueError, match=r"unpacking a.zip needs 100 bytes, but the disk of .* has 10 bytes"):
        unpack_zip(archive, tmp_path / "a", SOURCE)


def test_a_folder_of_other_making_has_no_source(tmp_path: Path) -> None:
    assert read_source(tmp_path) is None
    for text in ("no json", json.dumps(["a list"])):
        (tmp_path / "transflower_source.json").write_text(text, encoding="utf-8")
        assert read_source(tmp_path) is None


def test_honest_names_are_kept() -> None:
    for name in ("a", ".hidden/b.npy", "version_15/epoch=311-step=630988.ckpt", "tänze/日本.pkl", "console/nulls.txt"):
        assert safe_path(name).as_posix() == name
    check_distinct(safe_path(name) for name in ("a/b", "a/c", "ab"))
