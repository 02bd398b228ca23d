"""Films as others see them: ffprobe tells size, rate and length, ffmpeg gives back sound and pictures."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import psutil
import pytest
import soundfile

from data.formats.bvh import write_bvh
from data.formats.ffmpeg import find_ffmpeg
from data.formats.sound_file import read_sound, write_sound
from data.music import synthesise
from data.picture.film import FILM, Film, FilmSound, film
from data.picture.options import PictureOptions
from data.picture.render import render
from data.picture.soundtrack import read_soundtrack
from data.picture.stage import LEFT, RIGHT
from tests.clip_maker import dancing
from tests.data.child_process import limit_files, started, wait_for_work
from tests.data.test_picture import of_colour
from tests.waiting import GENEROUS_S

needs_ffmpeg = pytest.mark.skipif(
    shutil.which("ffmpeg") is None or shutil.which("ffprobe") is None,
    reason="films need ffmpeg and ffprobe (Debian: apt install ffmpeg)",
)
BY_PIP = find_spec("imageio_ffmpeg") is not None
SMALL = PictureOptions(size="320x240")
CLICK_S = 2.0


@pytest.fixture
def song(tmp_path: Path) -> Path:
    """Six seconds of almost silence, with one click at two seconds, in stereo as people have it."""
    samples = 0.001 * np.random.default_rng(0).standard_normal((6 * 44_100, 2))
    samples[round(CLICK_S * 44_100) : round(CLICK_S * 44_100) + 20] = 0.9
    path = tmp_path / "a song: the 1st.flac"  # a name that ffmpeg could misread
    soundfile.write(path, samples, 44_100)
    return path


def probed(path: Path) -> tuple[dict[str, str], dict[str, str] | None, float]:
    """The video stream, the sound stream if there is one, and the length of the file in seconds."""
    command = ["ffprobe", "-v", "error", "-show_streams", "-show_format", "-count_frames", "-of", "json", str(path)]
    report = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    streams = {stream["codec_type"]: stream for stream in report["streams"]}
    assert len(streams) == len(report["streams"])
    return streams["video"], streams.get("audio"), float(report["format"]["duration"])


def click_in(path: Path, folder: Path) -> float:
    """When the click sounds in a film."""
    sound = folder / "back.wav"
    subprocess.run(["ffmpeg", "-v", "error", "-y", "-i", str(path), "-vn", str(sound)], check=True)
    samples, rate_hz = read_sound(sound)
    assert np.abs(samples).max() > 0.2
    return int(np.abs(samples).argmax()) / rate_hz


def picture_in(path: Path, number: int, size: tuple[int, int]) -> np.ndarray:
    """One picture of a film, (height, width, 3)."""
    command = ["ffmpeg", "-v", "error", "-i", str(path), "-vf", f"select=eq(n\\,{number})", "-frames:v", "1"]
    command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "pipe:1"]
    raw = subprocess.run(command, check=True, capture_output=True).stdout
    return np.frombuffer(raw, np.uint8).reshape(size[1], size[0], 3)


@needs_ffmpeg
def test_a_film_has_the_size_rate_length_and_sound_that_were_asked_for(tmp_path: Path, song: Path):
    options = PictureOptions(size="426x240", fps=24, seconds=3.5, start_s=1.0)
    progress: list[tuple[int, int]] = []
    path = tmp_path / "dance.mp4"
    render(dancing(120, 12), read_soundtrack(song), path, options, lambda done, total: progress.append((done, total)))
    video, audio, duration_s = probed(path)
    assert (video["width"], video["height"], video["pix_fmt"]) == (426, 240, "yuv420p")
    assert video["r_frame_rate"] == "24/1"
    assert int(video["nb_read_frames"]) == 84
    assert duration_s == pytest.approx(3.5, abs=0.05)
    assert audio is not None
    assert (audio["codec_name"], audio["channels"]) == ("aac", 2)
    assert float(audio["duration"]) == pytest.approx(3.5, abs=0.05)
    assert progress == [(number, 84) for number in range(1, 85)]
    assert click_in(path, tmp_path) == pytest.approx(CLICK_S - 1.0, abs=0.01)
    picture = picture_in(path, 40, (426, 240))
    assert min(len(of_colour(picture, LEFT)), len(of_colour(picture, RIGHT))) > 100
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a song: the 1st.flac", "back.wav", "dance.mp4"]


@needs_ffmpeg
@pytest.mark.parametrize("starts_s", [0.7, -0.5])
def test_a_sound_that_begins_later_or_earlier_than_the_dance_is_heard_in_time(
    tmp_path: Path, song: Path, starts_s: float
):
    path = tmp_path / "dance.mp4"
    render(dancing(120, 6), replace(read_soundtrack(song), starts_s=starts_s), path, replace(SMALL, fps=10))
    _, _, duration_s = probed(path)
    assert duration_s == pytest.approx(3.0, abs=0.05)
    assert click_in(path, tmp_path) == pytest.approx(CLICK_S + starts_s, abs=0.01)


@needs_ffmpeg
def test_a_film_without_sound_has_no_sound_and_pictures_are_in_order(tmp_path: Path):
    path = tmp_path / "dance.mp4"
    numbers = [20, 200, 90]
    with film(path, size=(64, 64), rate_hz=10, duration_s=0.3, sound=None) as growing:
        for number in numbers:
            growing.write(np.full((64, 64, 4), number, np.uint8))
    video, audio, _ = probed(path)
    assert audio is None
    assert int(video["nb_read_frames"]) == 3
    for number, shade in enumerate(numbers):
        assert picture_in(path, number, (64, 64)).mean() == pytest.approx(shade, abs=4)


@needs_ffmpeg
def test_an_ffmpeg_that_dies_is_reported_and_leaves_an_older_film_as_it_was(tmp_path: Path):
    path = tmp_path / "dance.mp4"
    path.write_bytes(b"an older film")

    def shoot(growing: Film) -> None:
        growing._process.kill()
        for _ in range(50):
            growing.write(np.zeros((240, 320, 4), np.uint8))

    with (
        pytest.raises(OSError, match="ffmpeg gave up"),
        film(path, size=(320, 240), rate_hz=30, duration_s=9, sound=None) as growing,
    ):
        shoot(growing)
    assert path.read_bytes() == b"an older film"
    assert [p.name for p in tmp_path.iterdir()] == ["dance.mp4"]


@needs_ffmpeg
def test_a_sound_that_ffmpeg_cannot_read_is_refused_in_its_words(tmp_path: Path, song: Path):
    sound = read_soundtrack(song)
    song.write_bytes(b"not a song any more" * 50)
    with pytest.raises(OSError, match=r"ffmpeg gave up: .*(format|Invalid data)"):
        render(dancing(120, 20), sound, tmp_path / "dance.mp4", SMALL)
    assert [p.name for p in tmp_path.iterdir()] == [song.name]


@needs_ffmpeg
@pytest.mark.parametrize("name", ["song.mp3", "song.ogg", "song.flac", "pipe.aiff"])
def test_a_film_of_a_part_of_a_song_is_cut_to_the_sample(tmp_path: Path, name: str):
    """Not only near it: cuts of MP3 began with damaged sound, and some of Ogg Vorbis were shifted."""
    song = synthesise("house", 120, 12, 1, sample_rate_hz=48_000)
    path = tmp_path / name
    if name == "pipe.aiff":
        soundfile.write(path, song.samples, 48_000, format="AIFF")
        content = path.read_bytes()
        at = content.index(b"SSND") + 4
        path.write_bytes(content[:4] + bytes(4) + content[8:at] + bytes(4) + content[at + 4 :])
    else:
        soundfile.write(path, song.samples, 48_000)
    heard, rate_hz = read_sound(path)
    for begin_s in (0.37, 1.731, 3.1):
        with film(
            tmp_path / "dance.mp4", size=(64, 64), rate_hz=10, duration_s=1.0, sound=FilmSound.at(path, begin_s)
        ) as growing:
            for _ in range(10):
                growing.write(np.zeros((64, 64, 4), np.uint8))
        back = tmp_path / "back.wav"
        command = ["ffmpeg", "-v", "error", "-y", "-i", str(tmp_path / "dance.mp4"), "-vn", str(back)]
        subprocess.run(command, check=True)
        filmed, _ = read_sound(back)
        first = round(begin_s * rate_hz)
        wanted = heard[first : first + 4_800]
        lags = np.arange(-300, 301)
        likeness = [
            np.corrcoef(heard[first + lag : first + lag + 4_800], filmed[:4_800])[0, 1] for lag in lags.tolist()
        ]
        assert abs(lags[int(np.argmax(likeness))]) <= 1
        assert np.corrcoef(wanted, filmed[:4_800])[0, 1] > 0.95


RENDER = (sys.executable, "-m", "bridge.cli", "render")


@needs_ffmpeg
@pytest.mark.realtime
@pytest.mark.skipif(sys.platform == "win32", reason="signals are sent as on POSIX")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_leaves_no_half_film_and_no_ffmpeg(tmp_path: Path, number: signal.Signals):
    write_bvh(tmp_path / "long.bvh", dancing(120, 240))
    (tmp_path / "dance.mp4").write_bytes(b"an older film")
    command = [
        sys.executable,
        *("-m", "bridge.cli", "render"),
        str(tmp_path / "long.bvh"),
        "-o",
        str(tmp_path / "dance.mp4"),
    ]
    # A terminal sends Ctrl-C to all programs that were started by what was typed, and so does this.
    with started(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True) as process:
        growing = ".dance.mp4.*.part"
        wait_for_work(process, lambda: any(path.stat().st_size for path in tmp_path.glob(growing)), "its film grew")
        children = psutil.Process(process.pid).children(recursive=True)
        assert any("ffmpeg" in child.name() for child in children)
        os.killpg(process.pid, number)
        out, err = process.communicate()
    assert process.returncode == 130, err
    assert (out, err) == ("", "")
    assert (tmp_path / "dance.mp4").read_bytes() == b"an older film"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dance.mp4", "long.bvh"]
    _, alive = psutil.wait_procs(children, timeout=GENEROUS_S)
    assert not alive


@pytest.mark.skipif(sys.platform == "win32", reason="files are limited as on POSIX")
@pytest.mark.parametrize("ending", [pytest.param(".mp4", marks=needs_ffmpeg), ".gif", ".png"])
def test_a_full_disk_leaves_nothing_but_one_line(tmp_path: Path, ending: str):
    write_bvh(tmp_path / "dance.bvh", dancing(120, 4))
    command = [
        sys.executable,
        *("-m", "bridge.cli", "render"),
        str(tmp_path / "dance.bvh"),
        "-o",
        str(tmp_path / f"out{ending}"),
        *(() if ending == ".png" else ("--size", "320x240")),
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    with started(command, stderr=subprocess.PIPE, preexec_fn=limit_files, env=environment) as process:
        _, err = process.communicate()
    assert process.returncode == 2, err
    assert err.startswith("transflower: ")
    assert err.count("\n") == 1, err
    assert ("SIGXFSZ" if ending == ".mp4" else "File too large") in err
    assert [p.name for p in tmp_path.iterdir()] == ["dance.bvh"]


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    """A disk of that size, which is mounted for one process alone and goes with it, however this one ends."""
    unshare = shutil.which("unshare")
    if unshare is None or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk, by unshare of util-linux (run the tests by sudo)")
    script = 'mount -t tmpfs -o "size=$2k" tmpfs "$1" && echo mounted && exec cat'  # cat ends with its input
    command = [unshare, "--mount", "sh", "-c", script, "sh", str(folder), str(kilobytes)]
    with started(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        if process.stdout.readline() != "mounted\n":
            pytest.skip("this machine does not let root mount a small disk (a container must be --privileged for it)")
        yield Path(f"/proc/{process.pid}/root{folder}")


@needs_ffmpeg
@pytest.mark.skipif(sys.platform != "linux", reason="a small disk is mounted as Linux does it")
def test_a_film_on_a_disk_that_fills_up_is_whole_or_not_there(tmp_path: Path):
    num_whole, refusals = 0, []
    for kilobytes in (4, 12, 24, 48, 400):
        with small_disk(tmp_path, kilobytes) as disk:
            path = disk / "dance.mp4"
            try:
                render(dancing(120, 3), None, path, SMALL)
                num_whole += int(probed(path)[0]["nb_read_frames"]) == 45
            except OSError as error:
                refusals.append((str(error), list(disk.iterdir())))
    assert not list(tmp_path.iterdir()), "it was written to the small disk"
    assert num_whole >= 1
    assert refusals
    assert num_whole + len(refusals) == 5
    for words, left_behind in refusals:
        assert "No space left" in words
        assert not left_behind


def test_without_ffmpeg_a_film_is_refused_at_once_and_a_looping_picture_is_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)  # nor the one that the extra film brings
    motion = dancing(120, 4)
    with pytest.raises(ValueError, match=r"apt install ffmpeg.*\[film\].*a \.gif or a \.png needs"):
        render(motion, None, tmp_path / "dance.mp4", SMALL)
    render(motion, None, tmp_path / "dance.gif", SMALL)
    render(motion, None, tmp_path / "dance.png", PictureOptions())
    assert sorted(p.name for p in tmp_path.iterdir()) == ["dance.gif", "dance.png"]


@pytest.mark.parametrize(
    ("name", "options", "said"),
    [
        ("dance.avi", PictureOptions(), r"\.mp4 \(a film with sound\), \.gif .*, \.png .*; not \.avi"),
        ("dance", PictureOptions(), "not none at all"),
        ("nowhere/dance.gif", PictureOptions(), "no folder"),
        ("dance.gif", PictureOptions(size="big"), "WIDTHxHEIGHT"),
        ("dance.gif", PictureOptions(size="50x50"), "120 to 4096"),
        ("dance.gif", PictureOptions(fps=0), "--fps"),
        ("dance.gif", PictureOptions(fps=float("nan")), "--fps"),
        ("dance.gif", PictureOptions(seconds=-1), "--seconds must be positive"),
        ("dance.gif", PictureOptions(start_s=float("nan")), "lower --start-s"),
        ("dance.png", PictureOptions(every_s=0), "--every-s must be positive"),
        pytest.param("dance.mp4", PictureOptions(size="321x240"), "even numbers", marks=needs_ffmpeg),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_the_way_out(
    tmp_path: Path, name: str, options: PictureOptions, said: str
):
    with pytest.raises(ValueError, match=said):
        render(dancing(120, 2), None, tmp_path / name, options)
    assert not list(tmp_path.iterdir())


@needs_ffmpeg
def test_a_sound_shorter_than_the_dance_ends_and_the_dance_goes_on(tmp_path: Path):
    write_sound(tmp_path / "short.wav", 0.1 * np.ones(24_000, np.float32), 24_000)
    slow = replace(SMALL, fps=10)
    render(dancing(120, 6), read_soundtrack(tmp_path / "short.wav"), tmp_path / "dance.mp4", slow)
    video, audio, duration_s = probed(tmp_path / "dance.mp4")
    assert int(video["nb_read_frames"]) == 30
    assert duration_s == pytest.approx(3.0, abs=0.05)
    assert audio is not None
    assert float(audio["duration"]) == pytest.approx(1.0, abs=0.05)
    # and a part of the dance after its end is silent
    render(dancing(120, 6), read_soundtrack(tmp_path / "short.wav"), tmp_path / "dance.mp4", replace(slow, start_s=1.5))
    assert probed(tmp_path / "dance.mp4")[1] is None


@needs_ffmpeg
@pytest.mark.skipif(not BY_PIP, reason="another ffmpeg comes by pip install -e '.[film]'")
def test_where_the_system_has_no_ffmpeg_that_of_the_extra_makes_the_same_film(
    song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reading = os.environ["PATH"]
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("IMAGEIO_FFMPEG_EXE", raising=False)
    assert "imageio_ffmpeg" in find_ffmpeg(*FILM)
    pixels = np.zeros((64, 64, 4), np.uint8)
    with film(tmp_path / "it.mp4", size=(64, 64), rate_hz=25, duration_s=3, sound=FilmSound.at(song, 0.5)) as growing:
        for _ in range(75):
            growing.write(pixels)
    monkeypatch.setenv("PATH", reading)
    video, _, duration_s = probed(tmp_path / "it.mp4")
    assert (video["codec_name"], video["nb_read_frames"]) == ("h264", "75")
    assert duration_s == pytest.approx(3.0, abs=0.05)
    assert click_in(tmp_path / "it.mp4", tmp_path) == pytest.approx(CLICK_S - 0.5, abs=0.002)
