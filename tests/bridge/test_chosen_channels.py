"""A file of several channels, of which one is the music: every command that reads songs hears those that are chosen."""

import json
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest
import soundfile

from bridge.cli import main
from bridge.commands.attention import look_at_song
from bridge.commands.dance_source import read_source
from bridge.commands.generate import Generate
from bridge.commands.options import DancerOptions
from bridge.commands.plot import Plot
from bridge.commands.render import Render
from data.cli import run as run_data
from data.dataset.prepare_options import PrepareOptions
from data.dataset.recordings import find_recordings
from data.formats.motion_file import write_motion
from data.formats.sound_file import read_sound
from data.inspection.inspect import inspect
from data.inspection.thresholds import Thresholds
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.picture.film import FilmSound, film
from data.picture.options import PictureOptions
from tests.tiny_dancer import write_tiny_dancer

RATE_HZ, CHOSEN = 24_000, 2


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Four channels of which the second beats, and that one alone."""
    folder = tmp_path_factory.mktemp("songs")
    rng = np.random.default_rng(0)
    sound = 0.3 * rng.standard_normal((2 * RATE_HZ, 4)).astype(np.float32)
    sound[:, CHOSEN - 1] *= np.arange(len(sound)) % 12_000 < 1_000
    soundfile.write(folder / "four.wav", sound, RATE_HZ, subtype="FLOAT")
    soundfile.write(folder / "one.wav", sound[:, CHOSEN - 1], RATE_HZ, subtype="FLOAT")
    return folder / "four.wav", folder / "one.wav"


@pytest.mark.usefixtures("warm_children")
def test_a_dance_is_to_the_channel_that_was_chosen_and_the_index_says_so(
    songs: tuple[Path, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    dancer = str(write_tiny_dancer(tmp_path / "tiny.safetensors"))
    order = ["--checkpoint", dancer, "--no-music-only", "--jobs", "1", "--format", "npz"]

    def danced(song: Path, folder: str, *more: str) -> np.ndarray:
        main(["generate", str(song.parent / song.name), "-o", str(tmp_path / folder), "--samples", "1", *order, *more])
        return np.load(next((tmp_path / folder).glob("*.npz")))["rotations"]

    (tmp_path / "chosen").mkdir()
    (tmp_path / "alone").mkdir()
    chosen, alone = danced(songs[0], "chosen", "--channels", str(CHOSEN)), danced(songs[1], "alone")
    np.testing.assert_array_equal(chosen, alone)
    (entry,) = json.loads((tmp_path / "chosen/dances.json").read_text())["dances"]
    assert entry["channels"] == str(CHOSEN)
    with pytest.raises(SystemExit):  # what is there was made otherwise
        danced(songs[0], "chosen", "--channels", "1,3")
    assert "channels 2, not 1,3" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        danced(songs[0], "none", "--channels", "5")
    said = "".join(capsys.readouterr())
    assert "four.wav" in said
    assert "no channel 5" in said


def test_recordings_and_features_are_of_the_channel_that_was_chosen(songs: tuple[Path, Path], tmp_path: Path) -> None:
    (clips := tmp_path / "clips").mkdir()
    shutil.copy(songs[0], clips / "four.wav")
    write_motion(clips / "four.bvh", IdleMotion(default_skeleton(), 30).motion(60))
    ((recording,), _) = find_recordings(clips, channels=(CHOSEN,))
    np.testing.assert_array_equal(recording.sound()[0], read_sound(songs[1])[0])
    made = {}
    for song, more in ((songs[0], ["--channels", str(CHOSEN)]), (songs[1], [])):
        out = tmp_path / song.stem
        assert run_data(["features", str(song), "-o", str(out), "--jobs", "1", *more]) == 0
        made[song.stem] = np.load(out / f"{song.stem}.audio.npy")
    np.testing.assert_array_equal(made["four"], made["one"])


def test_what_is_inspected_and_plotted_is_the_channel_that_was_chosen(songs: tuple[Path, Path], tmp_path: Path) -> None:
    (clips := tmp_path / "clips").mkdir()
    sound = soundfile.read(songs[0], dtype="float32")[0]
    sound[:, CHOSEN - 1] = 0
    soundfile.write(clips / "a.wav", sound, RATE_HZ, subtype="FLOAT")
    write_motion(clips / "a.bvh", IdleMotion(default_skeleton(), 30).motion(60))
    kinds = [
        {finding.kind for finding in inspect(clips, Thresholds(), channels=channels, jobs=1).findings}
        for channels in (None, (CHOSEN,))
    ]
    assert kinds[1] - kinds[0] == {"silence"}
    options = DancerOptions(checkpoint=write_tiny_dancer(tmp_path / "tiny.safetensors"), device="cpu")
    plotted = [
        look_at_song(song, options, False, None, None, lambda *_: None, channels)
        for song, channels in ((songs[0], (CHOSEN,)), (songs[1], None))
    ]
    np.testing.assert_array_equal(plotted[0].motion.rotations, plotted[1].motion.rotations)
    assert plotted[0].sound is not None
    assert plotted[0].sound.channels == (CHOSEN,)


def test_a_choice_that_means_nothing_is_refused_before_anything_is_read() -> None:
    with pytest.raises(ValueError, match="--channels '0'"):
        PrepareOptions(channels="0")
    with pytest.raises(ValueError, match="rendered music"):
        PrepareOptions(channels="1", chain=True)
    for command in (
        Generate(songs=(Path("missing.wav"),), channels="left"),
        Render(dance=Path("missing.bvh"), output=Path("a.gif"), sound=Path("a.wav"), channels="left"),
        Plot(dance=Path("missing.mp3"), output=Path("a.png"), channels="left"),
    ):
        with pytest.raises(ValueError, match="--channels 'left'"):
            command.run()
    for without_sound in (
        Render(dance=Path("missing.bvh"), output=Path("a.gif"), channels="1"),
        Plot(dance=Path("missing.bvh"), output=Path("a.png"), channels="1"),
    ):
        with pytest.raises(ValueError, match="--channels 1 are those of --sound"):
            without_sound.run()


@pytest.mark.skipif(shutil.which("ffmpeg") is None, reason="ffmpeg is missing: apt install ffmpeg")
def test_what_is_drawn_and_heard_in_a_film_is_the_channel_that_was_chosen(
    songs: tuple[Path, Path], tmp_path: Path
) -> None:
    write_motion(tmp_path / "dance.bvh", IdleMotion(default_skeleton(), 30).motion(60))
    drawn = [
        read_source(
            tmp_path / "dance.bvh", sound=song, sound_at_s=None, part=None, picture=PictureOptions(),
            advance=lambda *_: None, channels=channels,
        )[1]
        for song, channels in ((songs[0], (CHOSEN,)), (songs[1], None))
    ]  # fmt: skip
    assert drawn[0] is not None
    assert drawn[1] is not None
    np.testing.assert_array_equal(drawn[0].envelope, drawn[1].envelope)
    assert drawn[0].channels == (CHOSEN,)
    sound = FilmSound.at(songs[0], 0.0, (CHOSEN,))
    with film(tmp_path / "a.mp4", size=(64, 64), rate_hz=10, duration_s=1.0, sound=sound) as growing:
        for _ in range(10):
            growing.write(np.zeros((64, 64, 4), np.uint8))
    decode = ["ffmpeg", "-v", "error", "-i", tmp_path / "a.mp4", "-f", "f32le", "-ar", str(RATE_HZ), "-"]
    heard = np.frombuffer(subprocess.run(decode, check=True, capture_output=True).stdout, np.float32)
    expected = read_sound(songs[1])[0][: len(heard)]
    assert abs(len(heard) - RATE_HZ) < RATE_HZ // 10, "one channel"
    assert np.corrcoef(heard[: len(expected)], expected)[0, 1] > 0.8
