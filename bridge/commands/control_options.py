"""The controls as options of the commands. Written by `make tables` from data/tables/controls.json: change that."""

from dataclasses import dataclass
from typing import Annotated

import tyro

from bridge.control.control_fields import ClockName


@dataclass(frozen=True, kw_only=True)
class DanceControlOptions:
    """How the dancer dances."""

    temperature: float = 1.0
    """Spread of the dance, 0 to 2: 1 as learned, less is calmer, more is wilder."""
    energy: Annotated[float | None, tyro.conf.arg(metavar="0..1|None")] = 0.5
    """How much the body moves, 0 to 1; 0.5 is the average of what was learned, of the style if one is asked for. None
    leaves it to the dancer, who then keeps on the calm side."""
    groove: Annotated[float | None, tyro.conf.arg(metavar="0..1|None")] = None
    """How much the beat modulates the speed of the body, 0 to 1. None is what suits the dancer and stands in its file:
    with the default dancer 0.05 pulses about as much as real street dance, with one without a plan 0.15."""
    noise_correlation: Annotated[float | None, tyro.conf.arg(metavar="0..0.95|None")] = None
    """How much the chance of a frame resembles that of the frame before, 0 to 0.95: more of it makes movements that go
    on for longer and reach further. None is what was fitted to real dance and stands in the dancer's file."""
    style: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """A style that the dancer knows, by its letters or its name: BR Break, HO House, JB "Ballet Jazz", JS "Street
    Jazz", KR Krump, LH "LA-style Hip-hop", LO Lock, MH "Middle Hip-hop", PO Pop, WA Waack. Left to the dancer, if not
    given."""
    style_guidance: float = 4.0
    """How strongly the style that is asked for is exaggerated against dance of no style, 0 to 8; 0 is off. While it is
    on and a style is asked for, a step costs less than twice as much. For dancers without a plan; the default dancer
    has none."""
    plan: float = 1.0
    """Share of phrases that are choreographed, the others being improvised, 0 to 1; for dancers with a plan."""
    seed_pose: Annotated[str | None, tyro.conf.arg(metavar="NAME")] = None
    """The pose from which a dance starts, such as HO-1 or "House 1", whatever the seed (in the literature: seed motion,
    motion prompt). `transflower dancer` lists styles and seed poses. If not given, the seed chooses one that does not
    rest, of the style if one is asked for."""
    mirror: bool = False
    """Left and right change places."""
    facing: float = 0.5
    """How strongly the dance is led back to its front, 0 (not at all) to 1; turns and spins still happen."""
    front_deg: float = 0.0
    """Direction of the front in degrees, -180 to 180, about the vertical from forward (+Z) to the figure's left
    (+X)."""
    foot_lock: bool = True
    """Feet that carry the body stay where they are."""
    grounding: bool = True
    """The hips follow the feet, so that nobody floats, and the body keeps its balance."""
    keep_moving: bool = True
    """While music sounds, the dance does not stand for longer than a moment."""
    music_only: bool = True
    """Music is danced to; speech, applause and the noise of a room are not."""
    leash_m: float = 1.5
    """Radius of the circle in which the dancer stays, in metres; 0 keeps the dancer on the spot."""


@dataclass(frozen=True, kw_only=True)
class BeatControlOptions:
    """Who says where the beat is."""

    clock: ClockName = "auto"
    """auto takes Ableton Link if it has peers, else MIDI clock if it ticks, else taps, else what is heard."""
    bpm: Annotated[float | None, tyro.conf.arg(metavar="BPM|None")] = None
    """A tempo by number, where the music has one that is known."""
    offset_ms: float = 0.0
    """By how much the dance leads the sound (positive) or follows it, to make up for slow screens or loudspeakers."""


@dataclass(frozen=True, kw_only=True)
class StageControlOptions:
    """When there is a dance."""

    threshold_dbfs: float = -50.0
    """Sound louder than this is danced to, dB relative to full scale; a dance ends 6 dB below."""
