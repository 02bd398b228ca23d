"""A performer steers the phrases of a dancer who has a plan."""

from collections.abc import Mapping
from typing import Any

import pytest

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.engine import Engine
from data.music import synthesise
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig

SAMPLE_RATE_HZ = 24_000
NUM_FRAMES = 240
BEAT_FRAMES = 15
"""At 120 beats a minute."""
ASKED_FRAME = 180


@pytest.fixture(scope="module")
def engine() -> Engine:
    return DancerFile.open(backend="torch").load_engine(device="cpu")  # whose state tells the phrase


@pytest.fixture(scope="module")
def heard() -> Any:
    """Sound features of a song, (frames, dims)."""
    song = synthesise("house", 120.0, 16, 1, sample_rate_hz=SAMPLE_RATE_HZ).samples
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=SAMPLE_RATE_HZ, rate_hz=30)).offline(song)
    return features[:NUM_FRAMES]


def phrases(engine: Engine, heard: Any, asked: Mapping[int, tuple[str, Any]]) -> list[int]:
    """The phrase of each frame, -1 before there is a dance; what is asked for at a frame is a control and its value."""
    control_state = ControlState(Controls(music_only=False), BeatControls())
    state, danced = engine.initial_state(3), []
    for frame, music in enumerate(heard):
        if frame in asked:
            name, value = asked[frame]
            control_state.apply(name, (value,), 0.0)
        _, state = engine.step(music, -12.0, state, control_state.controls)
        danced.append(-1 if state.dancer is None else int(state.dancer.place.phrase))
    return danced


def test_a_phrase_is_held_and_left_on_the_next_beat(engine: Engine, heard: Any) -> None:
    danced = phrases(engine, heard, {0: ("hold_phrase", 1), ASKED_FRAME: ("next_phrase", None)})
    nobody = max(danced)
    first = next(frame for frame, phrase in enumerate(danced) if phrase not in (-1, nobody))
    assert len({*danced[first:ASKED_FRAME]}) == 1, "held"
    changes = [frame for frame in range(first + 1, NUM_FRAMES) if danced[frame] != danced[frame - 1]]
    assert len(changes) == 1, "held again"
    assert ASKED_FRAME <= changes[0] <= ASKED_FRAME + BEAT_FRAMES + 1
    assert danced[-1] != nobody


def test_without_a_plan_no_phrase_is_danced(engine: Engine, heard: Any) -> None:
    improvised = {*phrases(engine, heard, {0: ("plan", 0.0)})} - {-1}
    assert improvised == {max(phrases(engine, heard[:60], {}))}
