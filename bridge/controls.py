"""What a performer may change while the dance goes on: wishes for the dance, and wishes for the beat."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal, get_args

from bridge.body.gate import SilenceGate
from models.style_names import find_seed_pose, find_style

ClockName = Literal["auto", "audio", "tap", "midi", "link"]

RANGES: Final[dict[str, tuple[float, float]]] = {
    "temperature": (0.0, 2.0),
    "energy": (0.0, 1.0),
    "groove": (0.0, 1.0),
    "noise_correlation": (0.0, 0.95),
    "style_guidance": (0.0, 8.0),
    "facing": (0.0, 1.0),
    "front_deg": (-180.0, 180.0),
    "leash_m": (0.0, 20.0),
    "threshold_dbfs": (-90.0, 0.0),
    "bpm": (30.0, 300.0),
    "offset_ms": (-500.0, 500.0),
    "octave": (-2, 2),
}
"""Lowest and highest value of what is a number; both are allowed."""


@dataclass(frozen=True, kw_only=True)
class Controls:
    """What a performer asks of the dance; a frame obeys the controls it is stepped with.

    A value: whoever wants a change makes a new one. What happens once (a reset, a panic) is a count that has grown.

    Attributes:
        temperature: Spread of the dance: 1 as learned, less is calmer, more is wilder.
        energy: How much the body moves, 0 (hardly) to 1 (a lot), 0.5 as the average of what was learned, of the style
            if one is wished for; None leaves it to the dancer, who is then on the calm side.
        style: A style of the checkpoint, by its letters (HO) or its name (House); None leaves it to the dancer.
        seed_pose: Name of the checkpoint's seed pose from which a dance starts, whatever the seed; None lets the seed
            choose one that does not rest, of the style if one is wished for.
        groove: How much the beat modulates the speed of the body, 0 (not at all) to 1; 0.15 pulses about as much as
            real street dance.
        noise_correlation: How much the chance of a frame resembles that of the frame before, 0 (white) to 0.95: more
            of it makes movements that go on for longer and reach further; None is what was fitted to real dance and
            stands in the checkpoint.
        style_guidance: How strongly the style that is wished for is exaggerated against dance of no style, 0 (not at
            all) to 8; without a style it has no effect.
        seed: Chooses the dance; another one begins another dance. None is the seed of the performance.
        idle: Stand idle whatever sounds.
        freeze: Hold the pose, as in a game of statues.
        mirror: Left and right change places.
        facing: How strongly the dance is led back to its front, 0 (not at all) to 1; turns and spins still happen.
        front_deg: Direction of the front about +Y, degrees from +Z towards +X.
        leash_m: The dancer is called back from so far away from home; 0 keeps the dancer on the spot.
        foot_lock: Feet that carry the body stay where they are.
        grounding: The hips follow the feet, so that nobody floats, and the body keeps its balance.
        keep_moving: While music sounds, the dance does not stand for longer than a moment.
        music_only: Music is danced to; speech, applause and the noise of a room are not.
        threshold_dbfs: Sound louder than this is danced to, dB relative to full scale; a dance ends 6 dB below.
        num_resets: How often the dance was begun anew, at home.
        num_panics: How often everything was to stop; the figure then eases into standing idle as fast as looks human.

    Example:
        >>> from dataclasses import replace
        >>> calm = Controls(energy=0.2, style="HO")
        >>> replace(calm, freeze=True, num_resets=calm.num_resets + 1).energy
        0.2
        >>> Controls(energy=7)
        Traceback (most recent call last):
        ValueError: energy must lie between 0 and 1, not 7
    """

    temperature: float = 1.0
    energy: float | None = 0.5
    style: str | None = None
    seed_pose: str | None = None
    groove: float = 0.15
    noise_correlation: float | None = None
    style_guidance: float = 4.0
    seed: int | None = None
    idle: bool = False
    freeze: bool = False
    mirror: bool = False
    facing: float = 0.5
    front_deg: float = 0.0
    leash_m: float = 1.5
    foot_lock: bool = True
    grounding: bool = True
    keep_moving: bool = True
    music_only: bool = True
    threshold_dbfs: float = SilenceGate.open_dbfs
    num_resets: int = 0
    num_panics: int = 0

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__.keys() & RANGES.keys():
            require_in_range(name, getattr(self, name))

    def known_to(self, styles: Sequence[str], seed_poses: Sequence[str]) -> "Controls":
        """These controls for a dancer with these styles and seed poses: both by the names that the dancer has.

        Raises:
            ValueError: The dancer does not know the style, or does not have the seed pose.

        Example:
            >>> Controls(style="house").known_to(("BR", "HO"), ()).style
            'HO'
        """
        return replace(
            self,
            style=None if self.style is None else find_style(self.style, styles),
            seed_pose=None if self.seed_pose is None else find_seed_pose(self.seed_pose, seed_poses),
        )


@dataclass(frozen=True, kw_only=True)
class BeatControls:
    """What a performer asks of the beat: who tells it, and how it is to be read.

    Attributes:
        clock: Who tells the beat; `auto` takes the surest of those that tell one.
        bpm: Tempo that the performer set by number, beats a minute; None leaves it to the clock.
        taps: The last taps of a finger, `time.monotonic()` seconds, oldest first; at most 32 of them.
        nudge_beats: Part of a beat by which the beat was pushed forward (positive) or back, all nudges together.
        offset_ms: By how much the dance leads the sound (positive) or follows it.
        octave: Doublings (positive) and halvings of the tempo.
    """

    clock: ClockName = "auto"
    bpm: float | None = None
    taps: tuple[float, ...] = ()
    nudge_beats: float = 0.0
    offset_ms: float = 0.0
    octave: int = 0

    def __post_init__(self) -> None:
        if self.clock not in get_args(ClockName):
            raise ValueError(f"no clock {self.clock!r}; there are {', '.join(get_args(ClockName))}")
        for name in ("bpm", "offset_ms", "octave"):
            require_in_range(name, getattr(self, name))


def require_in_range(name: str, value: float | None) -> None:
    """Says whether a number is one that this control takes; None always is.

    Raises:
        ValueError: It is not a number or outside `RANGES`.
    """
    low, high = RANGES[name]
    if value is not None and not (math.isfinite(value) and low <= value <= high):
        raise ValueError(f"{name} must lie between {low:g} and {high:g}, not {value}")
