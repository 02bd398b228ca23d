"""Which phrase of choreography is danced, and on which of its beats: pure, of the music and of what was danced."""

import math
from dataclasses import dataclass, replace
from typing import Final

import torch
from torch import Tensor, nn

PLACE_DIMS: Final = 12
"""Numbers that tell the place in a phrase."""
RATE_HZ: Final = 30
"""Frames a second."""
PHASE_PULL: Final = 0.15
"""Share of the distance to the oscillator's beat that the count makes good in a frame: it glides, it never jumps."""
TRUST_KEPT: Final = 0.95
"""Share of the trust in the oscillator that is left a frame later."""
ENOUGH_TRUST: Final = 0.2
"""With less trust there is no beat to count, and no plan."""
OPEN_BEATS: Final = 8.0
"""Beats for which a dancer improvises before it may choose a phrase again."""
RECENCY_KEPT: Final = 0.8
"""Share of the memory of danced phrases that is left after each phrase."""
# What speaks for a phrase, in nats: distance of its first pose (mean square, deviations), danced lately, energy (m/s).
GAP_WEIGHT, RECENCY_WEIGHT, ENERGY_WEIGHT, MIRROR_WEIGHT = 3.0, 3.0, 4.0, 1.0
REPEATED_SHARE: Final = 0.8
"""Of the choreographed phrases, so many are danced twice: a dance comes back to what it did."""
FIRST_TIME: Final = 0.5 * (RECENCY_KEPT + RECENCY_KEPT**2)
"""A phrase is danced for the first time as long as the one before it is remembered better than so."""
BEATS_A_BAR: Final = 4
KEYS_A_BEAT: Final = 2
"""Key poses of a phrase a beat: where it is to be, and not how it gets there."""
# Likewise: a phrase of another style, and the phrase that is left, only where there is no other.
_NEVER, _LEFT = -1e4, -1e3


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where dancers are in their plan.

    Attributes:
        phrase: Phrase that is danced, (batch,) int64; the number of phrases leaves it open.
        beat: Beats since it began, (batch,).
        trust: Smoothed confidence of the beat oscillator, (batch,).
        recency: How lately each phrase was danced, (batch, phrases + 1), 1 for the present one.
        answered: How many requests to leave a phrase were met, (batch,).
    """

    phrase: Tensor
    beat: Tensor
    trust: Tensor
    recency: Tensor
    answered: Tensor


@dataclass(frozen=True, kw_only=True)
class PlanRequest:
    """What a planner is asked for.

    Attributes:
        style: Style index, (batch,) int64; the number of styles leaves it free.
        energy: Mean joint speed in m/s, (batch,); NaN leaves it free.
        plan: Share of phrases that are choreographed, the others being improvised, (batch,), 0 to 1.
        hold: 1 repeats the present phrase, (batch,).
        asked: How often the present phrase was to be left for another, (batch,).
    """

    style: Tensor
    energy: Tensor
    plan: Tensor
    hold: Tensor
    asked: Tensor


def place_features(beat: Tensor, length: Tensor) -> Tensor:
    """The place in a phrase as numbers: beats since it began and beats it has (...) -> (..., PLACE_DIMS)."""
    parts = [beat / length, (length - beat).clamp(0, 4) / 4, length / 16]
    for period in (1, 2, 4, 8):
        parts += [(2 * math.pi / period * beat).cos(), (2 * math.pi / period * beat).sin()]
    return torch.stack([*parts, torch.ones_like(beat)], -1)


class PhrasePlanner(nn.Module):
    """Counts beats, and at the end of a phrase draws the next.

    Most phrases are danced twice, as choreographers have it. The next is the likelier the nearer its first pose is to
    the present one, the longer ago it was danced, the nearer its energy to the request; its own mirror image is a
    welcome answer. With a style, only its phrases are drawn, if there are any; without one those of the present
    phrase's style are preferred.

    Attributes:
        group: Choreography of each phrase, (phrases + 1,) int64; the last row is that of no phrase.
        beats: Beats of each, (phrases + 1,).
        style: Style of each, (phrases + 1,) int64.
        energy: Mean joint speed of each, m/s, (phrases + 1,).
        mirror: The mirror image of each, or itself, (phrases + 1,) int64.
        keys: Standardised key poses of each, `KEYS_A_BEAT` a beat from its beginning, (phrases + 1, keys, dims).
    """

    group: Tensor
    beats: Tensor
    style: Tensor
    energy: Tensor
    mirror: Tensor
    keys: Tensor

    def __init__(self, num_phrases: int, num_groups: int, num_styles: int, dims: int, most_beats: int) -> None:
        super().__init__()
        self.num_phrases, self.num_groups, self.num_styles = num_phrases, num_groups, num_styles
        size = num_phrases + 1
        self.register_buffer("group", torch.full((size,), num_groups, dtype=torch.int64))
        self.register_buffer("beats", torch.full((size,), OPEN_BEATS))
        self.register_buffer("style", torch.full((size,), num_styles, dtype=torch.int64))
        self.register_buffer("energy", torch.zeros(size))
        self.register_buffer("mirror", torch.arange(size))
        self.register_buffer("keys", torch.zeros(size, most_beats * KEYS_A_BEAT + 1, dims))

    def initial_place(self, batch_size: int) -> Place:
        """No phrase yet, and no beat heard."""
        device = self.beats.device
        return Place(
            phrase=torch.full((batch_size,), self.num_phrases, dtype=torch.int64, device=device),
            beat=torch.full((batch_size,), OPEN_BEATS, device=device),
            trust=torch.zeros(batch_size, device=device),
            recency=torch.zeros(batch_size, self.num_phrases + 1, device=device),
            answered=torch.zeros(batch_size, device=device),
        )

    def next_place(self, place: Place, oscillator: Tensor, pose: Tensor, request: PlanRequest, noise: Tensor) -> Place:
        """The place of one more frame.

        Args:
            place: That of the frame before.
            oscillator: cos, sin, log2(bpm / 120) and confidence of the beat, (batch, 4).
            pose: The newest pose, standardised, (batch, dims).
            request: What is asked for.
            noise: Two standard normal numbers, (batch, 2): one draws the phrase, one whether there is to be one.
        """
        cos, sin, log_tempo, sure = oscillator.unbind(-1)
        sure = sure.clamp(0, 1)
        trust = TRUST_KEPT * place.trust + (1 - TRUST_KEPT) * sure
        phase = torch.atan2(sin, cos) / (2 * math.pi)
        counted = place.beat + 120 * log_tempo.clamp(-1.5, 1.5).exp2() / 60 / RATE_HZ
        counted = counted + PHASE_PULL * sure * (torch.remainder(phase - counted + 0.5, 1.0) - 0.5)
        on_beat = counted.floor() > place.beat.floor()
        is_open = place.phrase >= self.num_phrases
        has_phrases = (self.style[None, : self.num_phrases] == request.style[:, None]).any(-1)
        has_phrases = has_phrases & (request.style < self.num_styles)
        asked_style = request.style.masked_fill(~has_phrases, self.num_styles)
        wrong = has_phrases & ~is_open & (self.style[place.phrase] != asked_style)
        may = (trust >= ENOUGH_TRUST) & (request.plan > 0)
        over = counted >= self.beats[place.phrase]
        left = request.asked != place.answered
        ends = on_beat & (over | wrong | left)
        uniform = 0.5 * (1 + torch.erf(noise / math.sqrt(2)))
        numbers = torch.arange(self.num_phrases + 1, device=pose.device)
        others = place.recency.masked_fill(numbers[None] == place.phrase[:, None], 0.0).amax(-1)
        returns = (others > FIRST_TIME) & (uniform[:, 1] < REPEATED_SHARE * request.plan)
        again = ((request.hold > 0) | returns) & ~is_open & ~wrong & ~left
        planned = may & (again | (uniform[:, 1] < request.plan))
        drawn = self._drawn(place, pose, replace(request, style=asked_style), uniform[:, 0], left)
        chosen = torch.where(again, place.phrase, drawn)
        nobody = torch.full_like(drawn, self.num_phrases)
        phrase = torch.where(ends, torch.where(planned, chosen, nobody), place.phrase)
        phrase = torch.where(may, phrase, nobody)
        begins = ends | (phrase != place.phrase)
        beat = torch.where(begins, torch.remainder(counted, 1.0), counted)
        beat = torch.where(may, beat, beat.clamp_max(OPEN_BEATS))
        present = (numbers[None] == phrase[:, None]).to(pose.dtype)
        kept = torch.where(begins, RECENCY_KEPT, 1.0)[:, None]
        return Place(
            phrase=phrase,
            beat=beat,
            trust=trust,
            recency=torch.maximum(place.recency * kept, present),
            answered=torch.where(ends | ~may, request.asked, place.answered),
        )

    def next_keys(self, phrase: Tensor, beat: Tensor) -> tuple[Tensor, Tensor]:
        """The next two key poses and the beats until the first of them.

        Args:
            phrase: (...) int64.
            beat: Beats since it began, (...).

        Returns:
            Poses (..., 2, dims), zeros where no phrase is danced, and beats (...).
        """
        place = (beat * KEYS_A_BEAT).clamp(0, self.keys.shape[1] - 1)
        index = place.floor().long()
        last = (self.beats[phrase] * KEYS_A_BEAT).long().clamp_max(self.keys.shape[1] - 1)  # improvising has no keys
        ahead = torch.stack([(index + 1).minimum(last), (index + 2).minimum(last)], -1)
        keys = self.keys.flatten(0, 1)[phrase[..., None] * self.keys.shape[1] + ahead]
        return keys, (1 - (place - index)) / KEYS_A_BEAT

    def _drawn(self, place: Place, pose: Tensor, request: PlanRequest, uniform: Tensor, left: Tensor) -> Tensor:
        """A phrase by its likelihood, (batch,) int64; not the present one where that is to be left."""
        count = self.num_phrases
        gap = (pose[:, None] - self.keys[None, :count, 0]).square().mean(-1)
        score = -GAP_WEIGHT * gap - RECENCY_WEIGHT * place.recency[:, :count]
        off = (self.energy[None, :count] - request.energy[:, None]).abs()
        score = score - ENERGY_WEIGHT * torch.nan_to_num(off, nan=0.0)
        numbers = torch.arange(count, device=pose.device)
        answers = self.mirror[place.phrase][:, None] == numbers[None]
        score = score + (MIRROR_WEIGHT + RECENCY_WEIGHT) * (answers & (place.recency[:, :count] < 0.5)).to(pose.dtype)
        style, asked = self.style[None, :count], request.style[:, None]
        own = self.style[place.phrase][:, None]
        foreign = torch.where(asked < self.num_styles, (style != asked) * -_NEVER, (style != own) * 3.0)
        foreign = foreign + (left[:, None] & (place.phrase[:, None] == numbers)) * -_LEFT
        likelihood = (score - foreign).softmax(-1).cumsum(-1)
        return (likelihood < uniform[:, None]).sum(-1).clamp_max(count - 1)
