"""Dances to be measured: real ones, and those of a dancer who is left alone with the same music."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from data.dataset.prepared_reader import PreparedFolder
from data.motion.motion import Motion
from data.motion.pose_codec import PoseCodec
from data.movement.speed import Curve, pose_speed
from data.movement.velocity_power import velocity_power
from data.sound.audio_features import INTERNAL_RATE_HZ, AudioFeatures, AudioFeaturesConfig
from training.data_modules.windows import with_exact_clock
from training.fitting.rollout import Excerpt, sounding_excerpts
from training.metrics.beats import beat_coherence
from training.metrics.repetition import likeness_after

Item = TypeVar("Item")
_STATE_TEMPI: Final = "list clip, genre, group and bpm in a clips.csv beside the recordings, and prepare them again"
_FASTEST_OF: Final = 12  # dances of a style are enough for the place in the beat at which it is fastest


@dataclass(frozen=True, eq=False)
class Dance:
    """One dance with the music it belongs to.

    Attributes:
        motion: The body.
        codec: Turns it into pose vectors.
        beat: Beat position of the music at each frame, (frames,); NaN where there is no music.
        style: Index of the style.
        fastest_rad: Where in the beat real dances of that style are fastest.
    """

    motion: Motion
    codec: PoseCodec
    beat: Curve
    style: int
    fastest_rad: float

    def with_beat(self, beat: Curve) -> "Dance":
        """The same body beside other music; how fast it moves is computed once for all of these."""
        other = replace(self, beat=beat)
        vars(other)["pose_speed"] = self.pose_speed
        return other

    @cached_property
    def vectors(self) -> NDArray[np.float32]:
        """Pose vectors of the body as it is seen, (frames, dims)."""
        return self.codec.encode(self.motion)

    @cached_property
    def pose_speed(self) -> Curve:
        """See `data.movement.speed.pose_speed`."""
        return pose_speed(self.motion)

    @cached_property
    def likeness(self) -> Curve:
        """See `training.metrics.repetition.likeness_after`."""
        return likeness_after(self.motion, self.beat)

    @cached_property
    def velocity_power(self) -> Curve:
        """See `data.movement.velocity_power.velocity_power`."""
        return velocity_power(self.motion)


@dataclass(frozen=True, eq=False)
class Repertoire:
    """Held-out music and real dances, from a prepared folder.

    Attributes:
        codec: The folder's pose codec.
        styles: Names of the styles.
        music: What dancers hear of each excerpt, (dances, frames, music_dims).
        beats: Beat position at each frame, (dances, frames); NaN where no tempo is known.
        style_of: Style of each excerpt.
        held_out: All real dances of the held-out split: the reference.
        learned: As many real dances of the training split as there are excerpts, of the same styles: what a dancer who
            learned everything perfectly would be like.
        by_style: Pose vectors of all real dances of the training split, by style.
        fastest_rad: Where in the beat real dances of each style are fastest; none where no tempo is known.
        left_out: A sentence for what of the folder, or of the measures, is left out.
    """

    codec: PoseCodec
    styles: list[str]
    music: NDArray[np.float32]
    beats: NDArray[np.float64]
    style_of: list[int]
    held_out: list[Dance]
    learned: list[Dance]
    by_style: dict[int, list[NDArray[np.float32]]]
    fastest_rad: dict[int, float]
    left_out: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, folder: PreparedFolder, *, split: str, seconds: float, num_dances: int, exact_clock: bool = False
    ) -> "Repertoire":
        """Excerpts of a length, spread evenly over a split.

        Where a tempo is known of sequences of both splits, they alone are taken; else all are, and no dance has beats.

        Args:
            folder: The prepared folder.
            split: The held-out split.
            seconds: Length of the excerpts.
            num_dances: How many; all again when there are fewer.
            exact_clock: Dancers hear the exact beat oscillator, as from Ableton Link or MIDI clock, not the tracker's.

        Raises:
            ValueError: If the folder has no excerpt so long in one of the splits, or the exact clock no tempo.
        """
        codec = PoseCodec.from_dict(folder.fingerprint["pose_codec"])
        num_frames = int(seconds * codec.rate_hz)
        sequences = {name: folder.sequences(name) for name in ("train", split)}
        found = {name: sounding_excerpts(some, num_frames) for name, some in sequences.items()}
        for name, excerpts in found.items():
            if not sequences[name]:
                raise ValueError(
                    f"{folder.path}: split {name!r} holds no sequence to judge by; prepare it again with more "
                    "choreographies of a style, or with --val-groups"
                )
            if not excerpts:
                raise ValueError(f"{folder.path}: no {seconds:g} s with music in split {name!r}; use --seconds")
        found, left_out = _with_known_beats(found)
        knows_beats = found[split][0].sequence.knows_beats
        if exact_clock and not knows_beats:
            raise ValueError(f"{folder.path}: no exact clock without a tempo; {_STATE_TEMPI}")
        by_style: dict[int, list[Excerpt]] = {}
        for excerpt in found["train"]:
            by_style.setdefault(excerpt.sequence.style, []).append(excerpt)
        fastest = {style: _fastest_rad(codec, some) for style, some in by_style.items() if knows_beats}

        def real(excerpt: Excerpt) -> Dance:
            style = excerpt.sequence.style
            return Dance(_decoded(codec, excerpt), codec, excerpt.beat, style, fastest.get(style, np.pi))

        chosen = spread(found[split], num_dances)
        music = [np.array(excerpt.sequence.audio[excerpt.frames], np.float32) for excerpt in chosen]
        if exact_clock:
            columns = slice(*folder.fingerprint["audio_columns"]["beat"])
            pairs = zip(music, chosen, strict=True)
            music = [
                with_exact_clock(torch.from_numpy(m), torch.from_numpy(e.beat), columns, codec.rate_hz).numpy()
                for m, e in pairs
            ]
        return cls(
            codec=codec,
            styles=folder.styles,
            music=np.stack(music),
            beats=np.stack([excerpt.beat for excerpt in chosen]),
            style_of=[excerpt.sequence.style for excerpt in chosen],
            held_out=[real(excerpt) for excerpt in found[split]],
            learned=[real(_of_style(by_style, e.sequence.style, place)) for place, e in enumerate(chosen)],
            by_style={
                style: [np.asarray(e.sequence.pose[e.frames]) for e in excerpts] for style, excerpts in by_style.items()
            },
            fastest_rad=fastest,
            left_out=left_out,
        )

    def silence(self) -> NDArray[np.float32]:
        """As much silence as there is music, (dances, frames, music_dims)."""
        count, num_frames, dims = self.music.shape
        return np.repeat(silent_features(num_frames, self.codec.rate_hz, dims)[None], count, 0)

    def medley(self, seconds: float) -> NDArray[np.float32]:
        """All music in a row, from the first again when it ends, (frames, music_dims)."""
        num_frames = int(seconds * self.codec.rate_hz)
        music = self.music.reshape(-1, self.music.shape[2])
        return np.tile(music, (-(-num_frames // len(music)), 1))[:num_frames]

    def dances(self, vectors: Sequence[NDArray[np.float32]]) -> list[Dance]:
        """Pose vectors of a dance to each excerpt, as dances."""
        return [
            Dance(self.codec.decode(dance), self.codec, beat, style, self.fastest_rad.get(style, np.pi))
            for dance, beat, style in zip(vectors, self.beats, self.style_of, strict=True)
        ]


def _with_known_beats(found: dict[str, list[Excerpt]]) -> tuple[dict[str, list[Excerpt]], tuple[str, ...]]:
    """The excerpts whose beats are known, by split, or all of them where a split has none; and what is left out."""
    known = {name: [one for one in excerpts if one.sequence.knows_beats] for name, excerpts in found.items()}
    bare = next((name for name, excerpts in known.items() if not excerpts), None)
    if bare is not None:
        return found, (
            f"Of no sequence of split `{bare}` a tempo is known. Left out is what needs beats: how they are met, with "
            f"its controls; what is danced again after so many; the motion graph. To have them, {_STATE_TEMPI}.",
        )
    lost = sum(len(found[name]) - len(known[name]) for name in found)
    return known, (f"{lost} excerpts whose tempo is not known are left out.",) if lost else ()


def silent_features(num_frames: int, rate_hz: float, dims: int) -> NDArray[np.float32]:
    """What a dancer hears of silence, (frames, dims); zeros where the features are not those of sound."""
    features = AudioFeatures(AudioFeaturesConfig(sample_rate_hz=INTERNAL_RATE_HZ, rate_hz=round(rate_hz)))
    if features.dims != dims:
        return np.zeros((num_frames, dims), np.float32)
    return features.offline(np.zeros(round(num_frames * INTERNAL_RATE_HZ / rate_hz), np.float32))[:num_frames]


def spread(items: Sequence[Item], count: int) -> list[Item]:
    """So many items, evenly from all; from the first again when there are fewer."""
    if count >= len(items):
        return [items[i % len(items)] for i in range(count)]
    return [items[i] for i in np.linspace(0, len(items) - 1, count).astype(int)]


def _decoded(codec: PoseCodec, excerpt: Excerpt) -> Motion:
    return codec.decode(np.asarray(excerpt.sequence.pose[excerpt.frames]))


def _fastest_rad(codec: PoseCodec, excerpts: Sequence[Excerpt]) -> float:
    coherences = [beat_coherence(pose_speed(_decoded(codec, e)), e.beat) for e in spread(excerpts, _FASTEST_OF)]
    return float(np.angle(np.mean(coherences)))


def _of_style(by_style: dict[int, list[Excerpt]], style: int, place: int) -> Excerpt:
    excerpts = by_style.get(style) or [excerpt for some in by_style.values() for excerpt in some]
    return excerpts[(place * 7) % len(excerpts)]  # neighbours come from the same choreography
