"""Where on the timeline a take lands: with the song, and with what was baked before, so that several dance together."""

from dataclasses import dataclass
from typing import Any

import bpy

from ..core.take import Take
from .sound import active_sound_strip

_KEY, _START = "transflower_take", "transflower_start_frame"


@dataclass(frozen=True)
class TakePlace:
    """Where a take's beginning lies.

    Attributes:
        frame: On the timeline.
        why: For people.
    """

    frame: float
    why: str


def mark(action: bpy.types.Action, take: Take, start_frame: float) -> None:
    """Keeps in a baked action which take it is, and at which of its frames the take's own beginning lies."""
    action[_KEY], action[_START] = take.key, float(start_frame)


def place_before(scene: bpy.types.Scene, take: Take) -> TakePlace | None:
    """Where the same take lies in this scene already, on any rig, also after its strip was moved."""
    frames = [frame for key, frame, _ in _baked(scene) if key == take.key]
    return TakePlace(min(frames), "where it lies already") if frames else None


def place_in_time(scene: bpy.types.Scene, take: Take) -> TakePlace:
    """Where a take is in time with the scene.

    That is the first of these that there is: where the timeline was while it was recorded; where the same take lies
    already; the beginning of the song, the active sound strip or the only one; the earliest take that was baked here;
    the playhead.
    """
    if take.start_frame is not None:
        return TakePlace(take.start_frame, "as the timeline was while it was recorded")
    before = place_before(scene, take)
    if before is not None:
        return before
    song = active_sound_strip(scene)
    if song is not None:
        return TakePlace(float(song.frame_start), f"with the song {song.name}")
    _, frame, name = min(_baked(scene), key=lambda found: found[1], default=("", None, ""))
    if frame is not None:
        return TakePlace(frame, f"with the take {name}")
    return TakePlace(float(scene.frame_current), "at the playhead")


def why_not_played(scene: bpy.types.Scene, first_frame: int, last_frame: int) -> str:
    """What of a bake the timeline leaves out, and the way out; empty if nothing."""
    name = "preview range" if scene.use_preview_range else "scene"
    begin = scene.frame_preview_start if scene.use_preview_range else scene.frame_start
    end = scene.frame_preview_end if scene.use_preview_range else scene.frame_end
    if first_frame >= begin and last_frame <= end:
        return ""
    return f"The {name} plays frames {begin} to {end} only, the take lies at {first_frame} to {last_frame}"


def _baked(scene: bpy.types.Scene) -> list[tuple[str, float, str]]:
    """Take, first frame and action of all that was baked on rigs of this scene."""
    found = []
    for thing in scene.objects:
        animation: Any = thing.animation_data  # actions hold properties of ours by name
        if thing.type != "ARMATURE" or animation is None:
            continue
        if animation.action is not None and _START in animation.action:
            found.append((str(animation.action[_KEY]), float(animation.action[_START]), animation.action.name))
        for strip in (strip for track in animation.nla_tracks for strip in track.strips):
            if strip.action is not None and _START in strip.action:
                into_action = float(strip.action[_START]) - strip.action_frame_start
                found.append((str(strip.action[_KEY]), strip.frame_start + strip.scale * into_action, strip.name))
    return found
