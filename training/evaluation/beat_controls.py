"""Whether dances keep time: the beat measures with the true beats against the same with beats that are not theirs."""

from collections.abc import Callable, Sequence
from typing import Final

import numpy as np

from data.movement.speed import Curve
from training.evaluation.dances import Dance
from training.evaluation.measures import beat_match, coherence, knows_beats, lock
from training.metrics.beats import WRONG_TEMPO, BeatTest, beat_test

CONTROLS: Final = ("half a beat off", "wrong song", "wrong tempo", "silence")
BEAT_MEASURES: Final[dict[str, tuple[Callable[[Dance], float], tuple[str, ...]]]] = {
    "beat F1": (lambda dance: beat_match(dance).f1, CONTROLS),
    # Its size is that of any place in the beat.
    "beat coherence": (coherence, tuple(control for control in CONTROLS if control != "half a beat off")),
    "beat lock": (lock, CONTROLS),
}
"""The measures, and the controls that each of them can tell from the music."""


def with_control(dances: Sequence[Dance], control: str) -> list[Dance]:
    """The same dances with beats that they did not hear.

    In ``silence`` these are none: what a dancer does without music, which the true beats are then held against, only
    the dancer can tell; see `beat_tests`.
    """
    beats = [dance.beat for dance in dances]
    if control == "half a beat off":
        other = [beat + 0.5 for beat in beats]
    elif control == "wrong tempo":
        other = [beat * WRONG_TEMPO for beat in beats]
    elif control == "wrong song":
        tempi = np.array([(beat[-1] - beat[0]) / (len(beat) - 1) for beat in beats])  # beats a frame
        farthest = [int(np.argmax(np.abs(np.log(tempi / tempo)))) for tempo in tempi]
        other = [_as_long(beats[i], len(beat)) for i, beat in zip(farthest, beats, strict=True)]
    elif control == "silence":
        other = [np.full_like(beat, np.nan) for beat in beats]
    else:
        raise ValueError(f"control must be one of {CONTROLS}, not {control!r}")
    return [dance.with_beat(beat) for dance, beat in zip(dances, other, strict=True)]


def _as_long(beat: Curve, num_frames: int) -> Curve:
    """The beats of another song for so many frames; past its end it goes on in its last tempo."""
    more = beat[-1] + (beat[-1] - beat[-2]) * np.arange(1, max(0, num_frames - len(beat)) + 1)
    return np.concatenate([beat, more])[:num_frames]


def beat_tests(dances: Sequence[Dance], in_silence: Sequence[Dance] | None = None) -> dict[str, dict[str, BeatTest]]:
    """By measure and control, whether the dances keep to their own beats more than to the control's.

    Args:
        dances: At least six; there is no test where the beats of none are known.
        in_silence: What the same dancers danced when the music could not be heard, with its beats; real dancers were
            not asked, and are held against no beats at all.
    """
    tests: dict[str, dict[str, BeatTest]] = {}
    if not knows_beats(dances):
        return tests
    for name, (measure, controls) in BEAT_MEASURES.items():
        matched = [measure(dance) for dance in dances]
        tests[name] = {}
        for control in controls:
            others = in_silence if control == "silence" and in_silence is not None else with_control(dances, control)
            tests[name][control] = beat_test(matched, [measure(dance) for dance in others])
    return tests
