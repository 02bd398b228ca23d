"""Batches: stretches of stems mixed anew each time, changed as rooms, speakers and desks change sound, with labels."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.signal import lfilter

from data.sound.beat_network.network import NUM_BANDS, RATE_HZ, network_inputs
from training.beat_network.kits import NUM_DRUM_STEMS
from training.beat_network.stems import FLOOR_DB, HOP_RATE_HZ, STEP_DB, Stems

Array = NDArray[np.float32]

LABEL_RATE_HZ: Final = 2 * RATE_HZ
LABEL_DELAY: Final = 2
"""Half frames from the one in which a beat is to the one that is labelled: its onset must have been heard."""
DELAY_S: Final = (LABEL_DELAY + 0.5) / LABEL_RATE_HZ
MEAN_LEVEL_DB: Final = 14.8
"""Mean of the summed mel power of music after the automatic gain."""
_NEIGHBOUR: Final = 0.4
_SHARES: Final = {"drummer": 0.34, "groove": 0.32, "song": 0.10, "pop": 0.07, "synth": 0.17}
_POWER_OF: Final = np.float32(10.0) ** ((FLOOR_DB + STEP_DB * np.arange(256, dtype=np.float32)) / np.float32(10.0))
_PLACE: Final = np.linspace(0.0, 1.0, NUM_BANDS, dtype=np.float32)


@dataclass(frozen=True, eq=False)
class Batch:
    """Stretches to learn from.

    Attributes:
        inputs: float32 (batch, frames, 192).
        labels: float32 (batch, frames, 4): beat and downbeat in the first, and in the second half of the frame.
        clock: float32 (batch, frames, 4): cosine and sine of the phase in the beat and in the bar, at the frame's end.
        weights: float32 (batch, frames, 2): of beats and of downbeats; 0 where they are not known.
    """

    inputs: Array
    labels: Array
    clock: Array
    weights: Array


def make_batch(
    pieces: Mapping[str, Sequence[Stems]],
    size: int,
    seconds: float,
    rng: np.random.Generator,
    *,
    is_varied: bool = True,
) -> Batch:
    """Stretches of pieces, by kind as often as each kind deserves.

    Args:
        pieces: By kind, as `training.beat_network.sources.KINDS` has them.
        size: Stretches.
        seconds: Length of each.
        rng: Draws all.
        is_varied: Changed, and not just mixed.
    """
    kinds = [kind for kind, found in pieces.items() if found]
    shares = np.array([_SHARES.get(kind, 0.2) for kind in kinds])
    rows = []
    for _ in range(size):
        found = pieces[kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))]]
        rows.append(stretch_of(found[int(rng.integers(len(found)))], seconds, rng, is_varied=is_varied))
    return Batch(*(np.stack(parts) for parts in zip(*rows, strict=True)))


def stretch_of(
    piece: Stems, seconds: float, rng: np.random.Generator, *, is_varied: bool
) -> tuple[Array, Array, Array, Array]:
    """Inputs, labels, clock and weights of one stretch; see `Batch`."""
    num_hops = int(seconds * RATE_HZ) * (HOP_RATE_HZ // RATE_HZ)
    speed = float(np.exp(rng.uniform(-0.085, 0.085))) if is_varied else 1.0
    need = int(num_hops * speed) + 2
    total = piece.levels.shape[1]
    first = int(rng.integers(0, max(1, total - need + 1)))
    levels = piece.levels[:, first : first + need]
    power = mix(levels, rng, is_varied=is_varied)
    if len(power) < need:  # the end of the piece
        power = np.concatenate([power, np.full((need - len(power), NUM_BANDS), 1e-9, np.float32)])
    mel_db = decibels(at_speed(power, num_hops, speed))
    level_db = 10 * np.log10(float(np.mean(np.exp(mel_db * np.float32(np.log(10) / 10)).sum(axis=1))) + 1e-9)
    mel_db += np.float32(MEAN_LEVEL_DB - level_db + (rng.normal(0, 2.5) if is_varied else 0.0))
    if is_varied:
        mel_db = varied(mel_db, rng)
    beats_s = (piece.beats_s - first / HOP_RATE_HZ) / speed
    labels, clock, weights = targets(beats_s, piece.places, num_hops * RATE_HZ // HOP_RATE_HZ)
    if is_varied and rng.random() < 0.1:  # it begins after silence
        silent = int(rng.integers(4, num_hops // 5)) // 4 * 4
        mel_db[:silent] = FLOOR_DB
        weights[: silent // 4] = 0.0
        labels[: silent // 4] = 0.0
        weights[silent // 4 : silent // 4 + RATE_HZ] *= 0.2
    elif is_varied and rng.random() < 0.06:  # or pauses; the beat goes on
        begin = int(rng.integers(num_hops // 3, num_hops - 4))
        mel_db[begin : begin + int(rng.integers(60, 600))] = FLOOR_DB
    return network_inputs(np.maximum(mel_db, np.float32(FLOOR_DB))), labels, clock, weights


def decibels(power: Array) -> Array:
    """Ten times the common logarithm."""
    return np.log(power + np.float32(1e-9)) * np.float32(10 / np.log(10))


def at_speed(power: Array, num_hops: int, speed: float) -> Array:
    """Power (hops, bands) played so much faster, the first `num_hops` of it."""
    if speed == 1.0:
        return power[:num_hops].copy()
    grid = np.arange(num_hops) * speed
    low = grid.astype(int)
    part = (grid - low)[:, None].astype(np.float32)
    return np.asarray(power[low] * (1 - part) + power[low + 1] * part)


def mix(levels: NDArray[np.uint8], rng: np.random.Generator, *, is_varied: bool) -> Array:
    """Stems (stems, hops, 64) as one power (hops, 64): the mix differs each time, and some stems are silent."""
    if len(levels) == 1:
        return np.asarray(_POWER_OF[levels[0]])
    sums = np.array([float(_POWER_OF[one[::8]].sum(axis=1).mean()) for one in levels])
    is_there = sums > 1e-3
    gain_db = np.zeros(len(levels))
    if is_varied:
        gain_db = rng.normal(0.0, [3.0, 3.0, 4.5, 3.0, 4.0])
        is_off = rng.random(len(levels)) < [0.06, 0.06, 0.12, 0.1, 0.06]
    else:
        is_off = np.zeros(len(levels), bool)
    has_drums, has_band = is_there[:NUM_DRUM_STEMS].any(), is_there[NUM_DRUM_STEMS:].any()
    kind = rng.random()
    if has_drums and has_band:
        is_off[NUM_DRUM_STEMS:] |= kind < 0.24
        is_off[:NUM_DRUM_STEMS] |= kind > 0.88
    if (is_off | ~is_there).all():
        is_off[:] = False
    gains = np.where(is_off | ~is_there, 0.0, 10.0 ** (gain_db / 10.0))
    drums, band = (gains[part] @ sums[part] for part in (slice(0, NUM_DRUM_STEMS), slice(NUM_DRUM_STEMS, None)))
    if drums > 0 and band > 0:
        gains[NUM_DRUM_STEMS:] *= drums / band * 10.0 ** (-rng.normal(2.0, 5.5 if is_varied else 2.0) / 10.0)
    power = np.zeros(levels.shape[1:], np.float32)
    for stem in np.flatnonzero(gains):
        part = _POWER_OF[levels[stem]] * np.float32(gains[stem])
        if is_varied:
            tone = rng.normal(0, 2.5) * (_PLACE - 0.5) * 2
            tone += rng.normal(0, 2.0) * np.cos(np.pi * (2 * _PLACE - rng.random()))
            part *= (10.0 ** (tone / 10.0)).astype(np.float32)
            if rng.random() < 0.05:  # it rests for a while
                begin, end = np.sort(rng.integers(0, len(part), 2))
                part[begin:end] = 0.0
        power += part
    if is_varied and drums > 0 and band > 0 and rng.random() < 0.15:  # all drums rest for a while
        begin, end = np.sort(rng.integers(0, len(power), 2))
        rest = np.zeros((end - begin, NUM_BANDS), np.float32)
        for instruments in range(NUM_DRUM_STEMS, len(levels)):
            rest += _POWER_OF[levels[instruments, begin:end]] * np.float32(gains[instruments])
        power[begin:end] = rest
    return power


def varied(mel_db: Array, rng: np.random.Generator) -> Array:
    """Mel decibels (hops, 64) through another equaliser, speaker, compressor, codec, room, and with noise."""
    x = _PLACE
    curve = rng.normal(0, 3) * (x - 0.5) * 2 + rng.normal(0, 3) * np.cos(2 * np.pi * (x - rng.random()))
    curve += rng.normal(0, 2) * np.cos(4 * np.pi * (x - rng.random()))
    if rng.random() < 0.15:  # a small speaker
        curve -= 40 * np.maximum(0, rng.uniform(0.1, 0.35) - x)
    if rng.random() < 0.12:  # an old file: nothing above some frequency
        curve -= 60 * np.clip((x - rng.uniform(0.65, 0.95)) * 20, 0, 1)
    mel_db += curve.astype(np.float32)
    if rng.random() < 0.2:  # a compressor takes loud parts back
        total = decibels(np.exp(mel_db * np.float32(np.log(10) / 10)).sum(axis=1))
        rate = np.float32(1 / (HOP_RATE_HZ * rng.uniform(0.03, 0.3)))
        slow = lfilter([rate], [1.0, rate - 1.0], total - total.mean())
        mel_db -= (rng.uniform(0.2, 0.7) * slow)[:, None].astype(np.float32)
    has_room, has_noise = rng.random() < 0.3, rng.random() < 0.35
    if not has_room and not has_noise:
        return mel_db
    power = np.exp(mel_db * np.float32(np.log(10) / 10))
    if has_room:  # power lingers
        keep = np.exp(-13.8 / (rng.uniform(0.2, 1.2) * HOP_RATE_HZ))
        wet = 10 ** (rng.uniform(-12, 1) / 10)
        power += lfilter([wet * (1 - keep)], [1.0, -keep], power, axis=0).astype(np.float32)
    if has_noise:
        floor = 10 ** ((rng.uniform(-45, -8) + rng.normal(0, 6) * (x - 0.5) * 2) / 10)
        power += floor.astype(np.float32) * rng.standard_exponential(power.shape, np.float32)
    return decibels(power)


def targets(beats_s: NDArray[np.float64], places: NDArray[np.int64], num_frames: int) -> tuple[Array, Array, Array]:
    """Labels (frames, 4), clock (frames, 4) weights (frames, 2) of beats in seconds after the first frame begins."""
    labels = np.zeros((2 * num_frames, 2), np.float32)
    is_known = bool(np.all(places > 0)) and len(places) > 0
    for column, times in ((0, beats_s), (1, beats_s[places == 1])):
        at = np.floor(times * LABEL_RATE_HZ).astype(int) + LABEL_DELAY
        for offset, value in ((-1, _NEIGHBOUR), (1, _NEIGHBOUR), (0, 1.0)):
            inside = at + offset
            inside = inside[(inside >= 0) & (inside < 2 * num_frames)]
            labels[inside, column] = np.maximum(labels[inside, column], value)
    ends_s = (np.arange(num_frames) + 1) / RATE_HZ - DELAY_S
    clock, weights = np.zeros((num_frames, 4), np.float32), np.ones((num_frames, 2), np.float32)
    place = np.interp(ends_s, beats_s, np.arange(len(beats_s)))
    turn = 2 * np.pi * place
    clock[:, 0], clock[:, 1] = np.cos(turn), np.sin(turn)
    meter = int(places.max(initial=0))
    if is_known and meter > 1:
        turn = 2 * np.pi * (place + places[0] - 1) / meter
        clock[:, 2], clock[:, 3] = np.cos(turn), np.sin(turn)
    else:
        weights[:, 1] = 0.0
    weights[:RATE_HZ] *= 0.2  # nobody knows the beat in the first second
    weights[(ends_s < beats_s[0] - 0.5) | (ends_s > beats_s[-1] + 0.5)] = 0.0
    return labels.reshape(num_frames, 4), clock, weights
