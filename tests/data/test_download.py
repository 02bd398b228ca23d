"""transflower-data download as a person types it, against a real server on this machine."""

import base64
import io
import json
import signal
import socket
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from data.cli import run
from data.download.bucket import list_bucket
from data.download.remote_sets import SETS, find_set
from data.download.web import Patience
from tests.data.bucket_server import BucketServer, running_server
from tests.data.child_process import started, wait_for_work
from tests.ports import held_port

ROOT = Path(__file__).parents[2]
ARCHIVE = "aist_plusplus_public/20210308/fullset.zip"
MUSIC = "v1.0.0/audio/wav.zip"


def packed(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name, content)
    return file.getvalue()


FULL_SET = packed({"aist_plusplus_final/motions/one.pkl": b"pickle", "aist_plusplus_final/ignore_list.txt": b"two\n"})


class Terminal(io.StringIO):
    """Somebody who types at a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[BucketServer]:
    for variable in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(variable, raising=False)
    with running_server() as running:
        running.objects[ARCHIVE] = FULL_SET
        running.objects[MUSIC] = packed({"mBR0.wav": b"RIFF"})
        random = np.random.default_rng(0)
        for name in ("scalers/motion.pkl", "scalers/audio.pkl", "seeds/seed1.npy", "seeds/seed2.npy", "seeds/read.me"):
            running.objects[name] = random.bytes(2000)
        yield running


def download(server: BucketServer, *words: str) -> int:
    return run(["download", *words, "--endpoint", server.url])


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("words", [[], ["--list"]])
def test_without_a_name_the_data_sets_are_listed(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["download", *words]) == 0
    table = capsys.readouterr().out
    for word in [*(known.name for known in SETS), "2.3 GB", "306 MB", "CC BY 4.0", "-o FOLDER"]:
        assert word in table


def test_help_explains(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stop:
        run(["download", "--help"])
    assert stop.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    for word in ("--dry-run", "--yes", "--only", "--offline", "restricted unpickler", "HTTPS_PROXY"):
        assert word in text


def test_the_catalogue_is_sound() -> None:
    assert len({known.name for known in SETS}) == len(SETS)
    for known in SETS:
        assert known.endpoint.startswith("https://")
        assert bool(known.files) != bool(known.prefixes)
        assert bool(known.bucket) == bool(known.prefixes)
        # Without the slash models/transflower_expmap_old would bring its namesakes too.
        assert all(prefix.endswith("/") for prefix in known.prefixes)
        assert known.licence


def test_aistpp_is_announced_fetched_unpacked_and_not_fetched_twice(
    server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes") == 0
    said = capsys.readouterr().out
    for word in ("CC BY 4.0", "1 file, ", f"from {server.url}", "checked by MD5", "Python pickles", "Li, Yang, Ross"):
        assert word in said
    assert files_below(tmp_path) == [
        "fullset/aist_plusplus_final/ignore_list.txt",
        "fullset/aist_plusplus_final/motions/one.pkl",
        "fullset/transflower_source.json",
    ]
    source = json.loads((tmp_path / "fullset/transflower_source.json").read_text())
    assert source["licence"] == "CC BY 4.0, Google LLC"
    assert source["url"] == f"{server.url}/{ARCHIVE}"

    num_requests = len(server.requests)
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes") == 0
    assert "everything is here already" in capsys.readouterr().out
    assert len(server.requests) == num_requests + 1  # it asks whether the file has changed, and no more


def test_nothing_is_fetched_without_a_yes(
    server: BucketServer,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    out = tmp_path / "new"
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))
    assert download(server, "aistpp", "-o", str(out)) == 1
    assert "nobody sits at a terminal to ask: add --yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", Terminal("\n"))
    assert download(server, "aistpp", "-o", str(out)) == 0
    assert "nothing was fetched" in capsys.readouterr().out
    assert not out.exists()
    monkeypatch.setattr("sys.stdin", Terminal("y\n"))
    assert download(server, "aistpp", "-o", str(out)) == 0
    assert "Fetch it? [y/N]" in capsys.readouterr().out
    assert (out / "fullset").is_dir()


def test_a_dry_run_writes_nothing(server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert download(server, "original-seeds", "-o", str(tmp_path / "new"), "--dry-run") == 0
    said = capsys.readouterr().out
    assert "seeds/seed1.npy  2 kB" in said
    assert "6 kB would be fetched" in said
    assert not (tmp_path / "new").exists()
    assert not any("alt=media" in path for path, _, _ in server.requests)


def test_archives_can_stay(server: BucketServer, tmp_path: Path) -> None:
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes", "--no-unpack") == 0
    assert files_below(tmp_path) == ["fullset.zip"]
    sent = server.sent_bytes
    assert download(server, "aistpp", "-o", str(tmp_path), "--keep-archives") == 0  # nothing to fetch: no question
    assert "fullset.zip" in files_below(tmp_path)
    assert "fullset/aist_plusplus_final/ignore_list.txt" in files_below(tmp_path)
    assert server.sent_bytes - sent <= len(FULL_SET)


def test_a_folder_in_the_way_is_named_before_anything_is_fetched(
    server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes") == 0
    server.objects[ARCHIVE] = packed({"newer": b"1"})
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes") == 1
    assert "was not made from the fullset.zip that the server has now: move it away" in capsys.readouterr().err
    assert (tmp_path / "fullset" / "aist_plusplus_final").is_dir()


def test_the_terms_of_the_music_must_be_accepted(
    server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert download(server, "aist-music", "-o", str(tmp_path), "--yes") == 1
    captured = capsys.readouterr()
    assert "terms_of_use" in captured.out
    assert "if you accept these terms, add --accept-terms" in captured.err
    assert files_below(tmp_path) == []
    assert download(server, "aist-music", "-o", str(tmp_path), "--yes", "--accept-terms") == 0
    assert "wav/mBR0.wav" in files_below(tmp_path)


def test_a_bucket_is_fetched_file_by_file_and_resumed(
    server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert download(server, "original-seeds", "-o", str(tmp_path), "--yes", "--only", "*.npy") == 0
    assert files_below(tmp_path) == ["seeds/seed1.npy", "seeds/seed2.npy"]
    capsys.readouterr()
    num_requests = len(server.requests)
    assert download(server, "original-seeds", "-o", str(tmp_path), "--yes") == 0
    fetched = [path for path, _, _ in server.requests[num_requests:] if "alt=media" in path]
    assert len(fetched) == 1
    assert "seeds%2Fread.me" in fetched[0]
    assert "seeds/seed1.npy  2 kB, is here" in capsys.readouterr().out
    for name in files_below(tmp_path):
        assert (tmp_path / name).read_bytes() == server.objects[name]
    assert download(server, "original-seeds", "-o", str(tmp_path), "--only", "*.mp3") == 1
    assert "none of 3 files of original-seeds is named like *.mp3" in capsys.readouterr().err


def test_a_spoiled_copy_is_fetched_again(server: BucketServer, tmp_path: Path) -> None:
    assert download(server, "original-seeds", "-o", str(tmp_path), "--yes") == 0
    (tmp_path / "seeds/seed1.npy").write_bytes(bytes(2000))
    assert download(server, "original-seeds", "-o", str(tmp_path), "--yes") == 0
    assert (tmp_path / "seeds/seed1.npy").read_bytes() == server.objects["seeds/seed1.npy"]


def test_offline_is_one_sentence_that_helps(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("data.download.command.Patience", partial(Patience, sleep=pauses.append))
    with held_port(socket.SOCK_STREAM) as port:
        endpoint = f"http://127.0.0.1:{port}"
        assert run(["download", "aistpp", "-o", str(tmp_path / "new"), "--yes", "--endpoint", endpoint]) == 1
        said = capsys.readouterr().err
        for word in (
            f"{endpoint.removeprefix('http://')} cannot be reached",
            "nothing was lost",
            "Run the same command again",
            f"{endpoint}/{ARCHIVE} to {tmp_path / 'new' / 'fullset.zip'} by hand, and add --offline",
        ):
            assert word in said
        assert said.count("error:") == 1
        assert "Traceback" not in said
        assert run(["download", "original-models", "-o", str(tmp_path / "new"), "--yes", "--endpoint", endpoint]) == 1
    said = capsys.readouterr().err
    assert f"gsutil -m cp -r gs://metagen/models/transflower_expmap_old {tmp_path / 'new' / 'models'}" in said
    assert pauses == [], "it is said at once"
    assert not (tmp_path / "new").exists()


def test_an_archive_brought_by_hand_is_unpacked_offline(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["download", "aistpp", "-o", str(tmp_path), "--offline"]) == 1
    assert f"at {tmp_path / 'fullset.zip'}, and there is no such file" in capsys.readouterr().err
    (tmp_path / "fullset.zip").write_bytes(FULL_SET)
    assert run(["download", "aistpp", "-o", str(tmp_path), "--offline"]) == 0
    assert (tmp_path / "fullset/aist_plusplus_final/motions/one.pkl").read_bytes() == b"pickle"
    assert run(["download", "aistpp", "-o", str(tmp_path), "--offline"]) == 0
    assert "everything is here already" in capsys.readouterr().out
    assert run(["download", "original-seeds", "-o", str(tmp_path), "--offline"]) == 1
    assert "original-seeds has none" in capsys.readouterr().err


def test_a_disk_without_room_is_said_before(
    server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": len(FULL_SET)}))
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes") == 1
    assert "the download, unpacked, at least needs" in capsys.readouterr().err
    assert files_below(tmp_path) == []
    assert download(server, "aistpp", "-o", str(tmp_path), "--yes", "--no-unpack") == 0


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["aist", "-o", "x"], "no data set is named 'aist'; there are aistpp, "),
        (["aistpp"], "say where to: transflower-data download aistpp -o FOLDER"),
        (["aistpp", "-o", "x", "--endpoint", "ftp://example.org"], "is no address such as https://"),
        (["aistpp", "-o", __file__], "is a file, not a folder"),
    ],
)
def test_a_wrong_request_is_a_sentence(words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["download", *words]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="Windows cannot send this signal to one process")
def test_an_interrupted_download_is_kept_and_continued(server: BucketServer, tmp_path: Path) -> None:
    server.objects[ARCHIVE] = packed({"noise": np.random.default_rng(0).bytes(200_000)})
    server.faults, server.fault_bytes = ["", "stall"], 100_000  # HEAD is answered well
    command = [sys.executable, "-m", "data.cli", "download", "aistpp", "-o", str(tmp_path)]
    command += ["--yes", "--endpoint", server.url]
    with started(command, cwd=ROOT, stderr=subprocess.PIPE) as process:
        wait_for_work(
            process, lambda: any(path.stat().st_size >= 100_000 for path in tmp_path.glob("*.part")), "it got 100 kB"
        )
        process.send_signal(signal.SIGINT)
        _, said = process.communicate()
    assert process.returncode == 130
    assert f"interrupted; what came is kept in {tmp_path}: run the same command again" in said
    assert [path.stat().st_size for path in tmp_path.iterdir()] == [100_000]

    assert download(server, "aistpp", "-o", str(tmp_path), "--yes") == 0
    assert server.ranges() == ["bytes=100000-"]
    assert (tmp_path / "fullset/noise").stat().st_size == 200_000


def listing(server: BucketServer, prefix: str = "seeds/") -> list[str]:
    patience = Patience(num_retries=0)
    return [file.path.as_posix() for file in list_bucket(server.url, "metagen", prefix, patience)]


def test_all_pages_of_a_list_are_read(server: BucketServer) -> None:
    server.objects = {f"seeds/{number:03}.npy": b"x" for number in range(25)} | {"seeds/": b"", "other/a": b""}
    server.page_items = 4
    assert listing(server) == [f"seeds/{number:03}.npy" for number in range(25)]
    assert len(server.requests) == 7


@pytest.mark.parametrize(
    "name", ["seeds/../../hostile", "seeds//hostile", "seeds/C:hostile", "seeds/..\\hostile", "seeds/nul"]
)
def test_a_listed_name_that_could_leave_the_folder_is_refused(
    server: BucketServer, tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    server.objects[name] = b"hostile"
    assert download(server, "original-seeds", "-o", str(tmp_path / "inside"), "--yes") == 1
    assert "unsafe name" in capsys.readouterr().err
    assert files_below(tmp_path) == []


def test_a_bucket_that_is_empty_or_closed_is_a_sentence(server: BucketServer) -> None:
    with pytest.raises(ValueError, match="there is nothing in gs://metagen/nowhere/"):
        listing(server, "nowhere/")
    server.list_status = 401
    with pytest.raises(OSError, match="is not open to the public"):
        listing(server)
    server.list_status = 503
    with pytest.raises(OSError, match="gave up after 1 attempts"):
        listing(server)


WHOLE = {"name": "seeds/a", "size": "1", "generation": "1"}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (b"<html>Please sign in</html>", "does not answer with a list of files"),
        (b"[]", "does not answer with a list of files"),
        (b'{"items": {}}', "does not answer with a list of files"),
        (b'{"items": [1]}', "does not answer with a list of files"),
        (b"[" * 100_000, "does not answer with a list of files"),
        (json.dumps({"items": [{"name": "seeds/a"}]}).encode(), "without its size"),
        (json.dumps({"items": [WHOLE | {"size": "-1"}]}).encode(), "without its size"),
        (json.dumps({"items": [WHOLE | {"md5Hash": "?"}]}).encode(), "where a checksum"),
        (json.dumps({"items": [WHOLE | {"crc32c": base64.b64encode(b"12345").decode()}]}).encode(), "where a checksum"),
        (json.dumps({"items": [WHOLE, WHOLE]}).encode(), "two files of this name"),
        (json.dumps({"items": [WHOLE], "nextPageToken": "0"}).encode(), "does not end"),
    ],
)
def test_a_list_that_is_none_is_refused(server: BucketServer, page: bytes, words: str) -> None:
    server.raw_page = page
    with pytest.raises(ValueError, match=words):
        listing(server)


def test_the_way_to_the_original_models_is_the_documented_one(server: BucketServer, tmp_path: Path) -> None:
    known = find_set("original-models")
    server.objects = {f"{prefix}version_0/hparams.yaml": b"dropout: 0" for prefix in known.prefixes}
    server.objects["models/transflower_expmap_old2/not_wanted"] = b""
    assert download(server, "original-models", "-o", str(tmp_path), "--yes") == 0
    assert files_below(tmp_path) == [
        "models/transflower_expmap_finetune2_old/version_0/hparams.yaml",
        "models/transflower_expmap_old/version_0/hparams.yaml",
    ]
    assert server.requests[0][0].startswith("/storage/v1/b/metagen/o?prefix=models%2Ftransflower_expmap_old%2F&")
    assert server.requests[-1][0].endswith(
        "/o/models%2Ftransflower_expmap_finetune2_old%2Fversion_0%2Fhparams.yaml?alt=media&ifGenerationMatch=1"
    )
