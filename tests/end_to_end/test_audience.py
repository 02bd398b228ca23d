"""`python -m tests.audience`: songs danced to by the whole program in every style, ready to be measured."""

import json
import sys
from pathlib import Path

import pytest

from data.formats.sound_file import write_sound
from data.music import synthesise
from tests.program import run_program
from tests.tiny_dancer import STYLES, write_tiny_dancer
from training.audience.seen import read_dances

ROOT = Path(__file__).parents[2]


@pytest.mark.slow
def test_every_song_is_danced_to_in_every_style(tmp_path):
    dancer = write_tiny_dancer(tmp_path / "tiny.safetensors")
    song = synthesise("house", bpm=120, num_beats=12, seed=0)
    for name in ("one", "two"):
        write_sound(tmp_path / f"{name}.wav", song.samples, song.sample_rate_hz)
    out = tmp_path / "danced"
    typed = [sys.executable, "-m", "tests.audience", "one.wav", "two.wav", "-o", str(out), "--seeds", "2"]
    typed = [word if not word.endswith(".wav") else str(tmp_path / word) for word in typed]
    options = ["--seconds", "3", "--jobs", "1", "--checkpoint", str(dancer), "--", "--groove", "0.5"]
    begun = run_program([*typed, *options], cwd=ROOT)
    assert begun.returncode == 0, begun.stdout
    dances = read_dances([out])
    assert sorted((dance.song, dance.style) for dance in dances) == [
        (name, style) for name in ("one", "two") for style in sorted(STYLES)
    ]
    assert {len(dance.motion) for dance in dances} == {90}
    entries = json.loads((out / STYLES[0] / "dances.json").read_text())["dances"]
    assert {entry["groove"] for entry in entries} == {0.5}
    again = run_program([*typed, *options], cwd=ROOT)
    assert again.returncode == 2
    assert "is there already" in again.stdout
