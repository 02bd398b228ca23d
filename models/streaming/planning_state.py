"""What a `PlanningTransflower` remembers, and what it learns from."""

from dataclasses import dataclass

from torch import Tensor

from models.networks.causal_transformer import RingCache
from models.step.dancer import DanceBatch
from models.streaming.phrase_planner import Place


@dataclass(frozen=True, kw_only=True)
class PlannedBatch(DanceBatch):
    """A `DanceBatch` with the phrases that are danced; `pose` has `PlanningTransflower.history` frames first.

    Attributes:
        phrase: Index of the phrase at each danced frame, (batch, frames) int64; the number of phrases where unknown.
        group: Index of its choreography, likewise.
        beat: Beats since it began, (batch, frames).
        beats: Beats that it has, (batch, frames).
    """

    phrase: Tensor
    group: Tensor
    beat: Tensor
    beats: Tensor


@dataclass(frozen=True, kw_only=True)
class PlanningState:
    """Everything a batch of dancers remembers.

    Attributes:
        pose: Newest pose, moving dimensions, standardised, (batch, dims).
        changes: Last changes as danced, newest first, in their deviations, (batch, lags, dims).
        innovation: What the newest change was beside its linear prediction, in its deviations, (batch, dims).
        ankles: Ankles of the newest pose below the hips, (batch, 2, 3), metres; see `models.streaming.footing`.
        power: Running mean square of innovations, (batch,).
        music: History of feature frames, newest last, (batch, 1 + future_frames, music_dims).
        cache: Keys and values of the transformer.
        place: Place in the plan.
        style: Style index, (batch,) int64; `Config.num_styles` leaves it to the dancer.
        energy: Requested mean joint speed in m/s, (batch,); NaN leaves it to the dancer.
        look_ahead_frames: Frames by which the music runs ahead of the dance, (batch,) int64.
        groove: How much the beat modulates the speed of the dance, (batch,), 0 to 1.
        plan: Share of choreographed phrases, (batch,), 0 to 1.
        hold: 1 repeats the present phrase, (batch,).
        asked: How often the present phrase was to be left for another, (batch,).
    """

    pose: Tensor
    changes: Tensor
    innovation: Tensor
    ankles: Tensor
    power: Tensor
    music: Tensor
    cache: RingCache
    place: Place
    style: Tensor
    energy: Tensor
    look_ahead_frames: Tensor
    groove: Tensor
    plan: Tensor
    hold: Tensor
    asked: Tensor
