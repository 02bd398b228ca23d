"""Beats of a MIDI file: its tempo map and time signatures, not its notes."""

from pathlib import Path
from typing import Any

import numpy as np

from training.beats.annotation import Annotation


def read_midi(path: Path, duration_s: float, delay_s: float = 0.0) -> Annotation:
    """Beats from the file's first tick on, for as long as the sound lasts; its last tempo goes on.

    The beat is what the time signature counts: a quarter of x/4, a half of x/2, an eighth of x/8; three of them where
    eighths (or shorter) come in threes, as in 6/8, 9/8 and 12/8. Without a time signature it is 4/4.

    Args:
        path: The file, as a sequencer, or Frets on Fire (`notes.mid`), wrote it.
        duration_s: Of the sound.
        delay_s: The file's first tick sounds so late.

    Raises:
        ValueError: It cannot be read, or its ticks are no parts of a beat.
    """
    ticks_per_quarter, tempi, signatures = _events(path)
    change_ticks = np.array([tick for tick, _ in tempi], np.float64)
    tick_s = np.array([microseconds / 1e6 / ticks_per_quarter for _, microseconds in tempi])
    change_s = np.concatenate([[0.0], np.cumsum(np.diff(change_ticks) * tick_s[:-1])])

    def seconds(tick: float) -> float:
        place = int(np.searchsorted(change_ticks, tick, side="right")) - 1
        return delay_s + float(change_s[place] + (tick - change_ticks[place]) * tick_s[place])

    times: list[float] = []
    places: list[int] = []
    for place, (start, numerator, denominator) in enumerate(signatures):
        end = signatures[place + 1][0] if place + 1 < len(signatures) else float("inf")
        in_threes = denominator >= 8 and numerator > 3 and numerator % 3 == 0
        beat_ticks = 4.0 * ticks_per_quarter / denominator * (3 if in_threes else 1)
        per_bar = numerator // 3 if in_threes else numerator
        number = 0
        while (tick := start + number * beat_ticks) < end - 1e-6 and (time_s := seconds(tick)) < duration_s:
            if time_s >= 0:
                times.append(time_s)
                places.append(number % per_bar)
            number += 1
    return Annotation(np.array(times), np.array(places, np.int64))


def _events(path: Path) -> tuple[int, list[tuple[int, int]], list[tuple[int, int, int]]]:
    """Ticks a quarter; (tick, microseconds a quarter) of each tempo; (tick, upper, lower number) of each signature."""
    file = _open(path)
    if not 0 < file.ticks_per_beat < 0x8000:
        raise ValueError(f"{path} counts frames of film, not beats: export it with a tempo map")
    tempi, signatures = {0: 500_000}, {0: (4, 4)}
    for track in file.tracks:
        tick = 0
        for message in track:
            tick += message.time
            if message.type == "set_tempo":
                if not message.tempo:
                    raise ValueError(f"{path}: a tempo of no time at all at tick {tick}: export it again")
                tempi[tick] = message.tempo
            elif message.type == "time_signature":
                if not (message.numerator and message.denominator):
                    raise ValueError(f"{path}: no bar has {message.numerator}/{message.denominator}: export it again")
                signatures[tick] = (message.numerator, message.denominator)
    return (
        file.ticks_per_beat,
        sorted(tempi.items()),
        sorted((tick, above, below) for tick, (above, below) in signatures.items()),
    )


def _open(path: Path) -> Any:
    try:
        import mido
    except ModuleNotFoundError:
        raise ValueError(f"{path}: MIDI needs the package mido: pip install -e '.[train]'") from None
    try:
        return mido.MidiFile(path)
    except (OSError, ValueError, EOFError, KeyError, IndexError) as error:
        raise ValueError(f"{path} cannot be read as MIDI ({error or type(error).__name__}): export it again") from None


def read_delay_s(song_ini: Path) -> float:
    """How late the notes of a song for Frets on Fire sound, by the line `delay` of its song.ini, milliseconds there."""
    if not song_ini.is_file():
        return 0.0
    for line in song_ini.read_text(encoding="utf-8", errors="replace").splitlines():
        name, is_set, value = line.partition("=")
        if is_set and name.strip().lower() == "delay":
            try:
                return float(value) / 1000.0
            except ValueError:
                raise ValueError(f"{song_ini}: delay is {value.strip()!r}, no number of milliseconds") from None
    return 0.0
