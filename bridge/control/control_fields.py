"""The controls as fields of values. Written by `make tables` from data/tables/controls.json: change that."""

import math
from dataclasses import dataclass
from typing import Literal

ClockName = Literal["auto", "audio", "tap", "midi", "link"]


@dataclass(frozen=True, kw_only=True)
class DanceFields:
    """What a dance is made with, control by control.

    Attributes:
        temperature: Spread of the dance, 0 to 2: 1 as learned, less is calmer, more is wilder.
        energy: How much the body moves, 0 to 1; 0.5 is the average of what was learned, of the style if one is asked
            for. None leaves it to the dancer, who then keeps on the calm side.
        groove: How much the beat modulates the speed of the body, 0 to 1. None is what suits the dancer and stands in
            its file: with the default dancer 0.05 pulses about as much as real street dance, with one without a plan
            0.15.
        noise_correlation: How much the chance of a frame resembles that of the frame before, 0 to 0.95: more of it
            makes movements that go on for longer and reach further. None is what was fitted to real dance and stands in
            the dancer's file.
        style: A style that the dancer knows, by its letters or its name: BR Break, HO House, JB "Ballet Jazz", JS
            "Street Jazz", KR Krump, LH "LA-style Hip-hop", LO Lock, MH "Middle Hip-hop", PO Pop, WA Waack. Left to the
            dancer, if not given.
        style_guidance: How strongly the style that is asked for is exaggerated against dance of no style, 0 to 8; 0 is
            off. While it is on and a style is asked for, a step costs less than twice as much. For dancers without a
            plan; the default dancer has none.
        plan: Share of phrases that are choreographed, the others being improvised, 0 to 1; for dancers with a plan.
        seed_pose: The pose from which a dance starts, such as HO-1 or "House 1", whatever the seed (in the literature:
            seed motion, motion prompt). `transflower dancer` lists styles and seed poses. If not given, the seed
            chooses one that does not rest, of the style if one is asked for.
        mirror: Left and right change places.
        facing: How strongly the dance is led back to its front, 0 (not at all) to 1; turns and spins still happen.
        front_deg: Direction of the front in degrees, -180 to 180, about the vertical from forward (+Z) to the figure's
            left (+X).
        foot_lock: Feet that carry the body stay where they are.
        grounding: The hips follow the feet, so that nobody floats, and the body keeps its balance.
        keep_moving: While music sounds, the dance does not stand for longer than a moment.
        music_only: Music is danced to; speech, applause and the noise of a room are not.
        leash_m: Radius of the circle in which the dancer stays, in metres; 0 keeps the dancer on the spot.
    """

    temperature: float = 1.0
    energy: float | None = 0.5
    groove: float | None = None
    noise_correlation: float | None = None
    style: str | None = None
    style_guidance: float = 4.0
    plan: float = 1.0
    seed_pose: str | None = None
    mirror: bool = False
    facing: float = 0.5
    front_deg: float = 0.0
    foot_lock: bool = True
    grounding: bool = True
    keep_moving: bool = True
    music_only: bool = True
    leash_m: float = 1.5


@dataclass(frozen=True, kw_only=True)
class ControlFields(DanceFields):
    """What a performer asks of the dance.

    Attributes:
        hold_phrase: Dances the present phrase again and again.
        seed: Chooses the dance; another one begins another dance. None is the seed of the performance.
        freeze: Holds the pose like a statue.
        idle: Stands idle whatever sounds.
        threshold_dbfs: Sound louder than this is danced to, dB relative to full scale; a dance ends 6 dB below.
    """

    hold_phrase: bool = False
    seed: int | None = None
    freeze: bool = False
    idle: bool = False
    threshold_dbfs: float = -50.0


@dataclass(frozen=True, kw_only=True)
class EasedFields:
    """The controls that an engine moves towards what is asked for; NaN before it moved, and for none.

    Attributes:
        temperature: As asked for, eased.
        energy: As asked for, eased.
        groove: As asked for, eased.
        noise_correlation: As asked for, eased.
        style_guidance: As asked for, eased.
        foot_lock: Share that is on, 0 to 1, eased.
        grounding: Share that is on, 0 to 1, eased.
        leash_m: As asked for, eased.
    """

    temperature: float = math.nan
    energy: float = math.nan
    groove: float = math.nan
    noise_correlation: float = math.nan
    style_guidance: float = math.nan
    foot_lock: float = math.nan
    grounding: float = math.nan
    leash_m: float = math.nan
