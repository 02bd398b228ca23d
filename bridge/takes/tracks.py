"""The tracks of a take: level, states, controls and faults, on the clock of the dance that was sent."""

from collections.abc import Sequence
from dataclasses import fields
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bridge.control.controls import Controls
from bridge.takes.soundtrack import shown_s
from bridge.takes.take import Take
from data.picture.soundtrack import Soundtrack
from data.picture.tracks import AttentionTrace, Tracks


def take_tracks(take: Take, sound: Soundtrack | None, attention_trace: AttentionTrace | None = None) -> Tracks:
    """All that a take knows, ready to be plotted.

    Args:
        take: The take.
        sound: From `take_soundtrack` or `with_sound`; None where nothing was danced.
        attention_trace: Where the dancer looked when it danced the take again.
    """
    header, sent = take.header, take.sent
    title = f"{take.path.name}: {header.checkpoint}, seed {header.seed}, {header.source}"
    motion = take.motion()
    sent_s = (sent.time_us - sent.time_us[:1]).astype(np.float64) * 1e-6
    states = _states(sent_s, sent.states, take.duration_s)
    if not take.was_danced:
        return Tracks(title, motion, states=states, parts=take.parts)
    times_s = shown_s(take)
    return Tracks(
        title,
        motion,
        sound=sound,
        level=(times_s, take.steps.level_dbfs),
        states=states,
        controls=changed_controls(times_s, take.steps.controls),
        parts=take.parts,
        missed_s=missed_s(take),
        failed_s=times_s[take.steps.failed != 0],
        attention_trace=attention_trace,
    )


def missed_s(take: Take) -> NDArray[np.float64]:
    """Ticks without a new pose between the first danced one and the last: the deadlines that were missed."""
    sent = take.sent
    new = np.flatnonzero(sent.index >= 0)
    if not len(new):
        return np.zeros(0)
    ticks = np.arange(new[0], new[-1] + 1)
    missed = ticks[sent.index[ticks] < 0]
    return np.asarray((sent.time_us[missed] - sent.time_us[0]) * 1e-6)


def changed_controls(
    times_s: NDArray[np.float64], controls: Sequence[Controls]
) -> list[tuple[str, NDArray[np.float64], list[Any]]]:
    """Of each control that changed: its name, when, and its value from then on; the first is that of the beginning."""
    changed = []
    for field in fields(Controls):
        values = [getattr(asked, field.name) for asked in controls]
        rows = [0, *(row for row in range(1, len(values)) if values[row] != values[row - 1])]
        if len(rows) > 1:
            changed.append((field.name, times_s[rows], [values[row] for row in rows]))
    return changed


def _states(sent_s: NDArray[np.float64], states: Sequence[str], end_s: float) -> list[tuple[float, float, str]]:
    runs = [(word, next(rows)[0]) for word, rows in groupby(enumerate(states), key=lambda row: row[1])]
    begins = [float(sent_s[row]) for _, row in runs]
    return [(begin, until, word) for (word, _), begin, until in zip(runs, begins, [*begins[1:], end_s], strict=True)]
