"""How well a music detector judges sound that it has never heard: group by group, as a dancer would dance."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.sound.audio_features import INTERNAL_RATE_HZ, AudioFeatures, AudioFeaturesConfig
from data.sound.music_detector import INPUT_COLUMNS, RATE_HZ, MusicDetector
from training.music_detector.examples import heard
from training.music_detector.scenes import Kind

_AUDIBLE_DBFS: Final = -55.0


@dataclass(frozen=True)
class MusicDetectorScore:
    """What became of the recordings of a group.

    Attributes:
        group: Its name.
        kind: What it is.
        seconds: How long it sounded.
        danced_share: Share of the time in which it sounded that it would have been danced to.
        latest_start_s: Longest time from the first sound to the dance; NaN where nobody danced.
        latest_stop_s: Longest time from the first sound to the last moment of a dance that should not be.
    """

    group: str
    kind: Kind
    seconds: float
    danced_share: float
    latest_start_s: float
    latest_stop_s: float


def is_danced(
    detector: MusicDetector, samples: NDArray[np.float32]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.float32]]:
    """Of each frame of a sound at 24 kHz: whether it is danced to, whether it sounds, and the network's logit."""
    inputs, levels = heard(samples)
    frame = np.zeros(AudioFeatures(AudioFeaturesConfig(sample_rate_hz=INTERNAL_RATE_HZ)).dims, np.float32)
    state = detector.initial_state()
    danced, logits = np.zeros(len(inputs), bool), np.zeros(len(inputs), np.float32)
    for index, row in enumerate(inputs):
        frame[INPUT_COLUMNS] = row
        danced[index], state = detector.step(frame, state)
        logits[index] = state.logit
    return danced, levels > _AUDIBLE_DBFS, logits


def judge(
    detector: MusicDetector, recordings: Mapping[Kind, Iterable[tuple[str, NDArray[np.float32]]]]
) -> list[MusicDetectorScore]:
    """Each group of recordings (group, samples at 24 kHz), each recording after a second of silence."""
    judged = []
    for kind, pairs in recordings.items():
        groups: dict[str, list[NDArray[np.float32]]] = {}
        for group, samples in pairs:
            groups.setdefault(group, []).append(samples)
        for group, sounds in groups.items():
            num_danced = num_sounding = 0
            starts, stops = [], []
            for samples in sounds:
                silence = np.zeros(INTERNAL_RATE_HZ, np.float32)
                danced, sounds_now, _ = is_danced(detector, np.concatenate([silence, samples]))
                first = int(np.argmax(sounds_now))
                both = np.flatnonzero(danced & sounds_now)
                num_danced, num_sounding = num_danced + len(both), num_sounding + int(sounds_now.sum())
                if len(both):
                    starts.append((both[0] - first) / RATE_HZ)
                    stops.append((both[-1] + 1 - first) / RATE_HZ)
            judged.append(
                MusicDetectorScore(
                    group=group,
                    kind=kind,
                    seconds=num_sounding / RATE_HZ,
                    danced_share=num_danced / max(num_sounding, 1),
                    latest_start_s=max(starts, default=float("nan")),
                    latest_stop_s=max(stops, default=float("nan")),
                )
            )
    return judged


def table(judged: Iterable[MusicDetectorScore]) -> str:
    """The judgement as text: for music what was missed, for all else what was danced."""
    lines = [f"{'kind':8}{'group':32}{'s':>7}{'danced':>9}{'missed':>9}{'start, s':>10}"]
    for row in judged:
        missed = f"{1.0 - row.danced_share:9.1%}" if row.kind == "music" else f"{'':9}"
        danced = f"{row.danced_share:9.1%}" if row.kind != "music" else f"{'':9}"
        start = f"{row.latest_start_s:10.2f}" if row.kind == "music" else ""
        lines.append(f"{row.kind:8}{row.group[:31]:32}{row.seconds:7.0f}{danced}{missed}{start}")
    return "\n".join(lines)
