"""What commands ask of a picture. Nothing here draws, so that a command line is there at once."""

from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

import tyro

ENDINGS: Final = {".mp4": "a film with sound", ".gif": "a looping picture", ".png": "a contact sheet"}

Trail = Literal["hips", "hands", "none"]
TRAILS: Final = get_args(Trail)


@dataclass(frozen=True, kw_only=True)
class PictureOptions:
    """What of a dance is drawn, and how."""

    start_s: float = 0.0
    """Where in the dance to begin."""
    seconds: Annotated[float | None, tyro.conf.arg(metavar="SECONDS")] = None
    """How much of it to draw; to its end, if not given."""
    size: Annotated[str | None, tyro.conf.arg(metavar="WIDTHxHEIGHT")] = None
    """Of the picture in pixels; a film is 1280x720, a looping picture 480x400 and a contact sheet 1600 wide, if not
    given."""
    fps: Annotated[float | None, tyro.conf.arg(metavar="FPS")] = None
    """Pictures a second; 30 for a film, 15 for a looping picture, if not given."""
    every_s: float = 0.5
    """Time between the figures of a contact sheet."""
    front_deg: Annotated[float | None, tyro.conf.arg(metavar="DEG")] = None
    """The front from which it is seen, in degrees about the vertical from +Z towards +X. That of the performance or of
    the generated dance, if not given; of other dances, where they face on average."""
    trail: Trail = "hips"
    """What leaves a trail: the hips on the floor, the hands in the air, or none."""
    features: bool = False
    """Show also what the dancer hears: the mel spectrum and the strength of onsets."""
