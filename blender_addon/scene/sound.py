"""Sound in the sequencer: the song of a take at the right frame, and where the sound of a strip begins."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import bpy

Strip = Any
"""Blender's class of sequencer strips, whose name changed in 5.0."""


@dataclass(frozen=True)
class StripSound:
    """What a sound strip plays.

    Attributes:
        path: Sound file.
        start_frame: Where on the timeline the file's first sample lies, also if it is cut off.
        first_frame: Where the strip begins to sound.
        last_frame: Where it ends.
    """

    path: Path
    start_frame: float
    first_frame: float
    last_frame: float


def strips_of(scene: bpy.types.Scene) -> list[Strip]:
    """The strips of the scene's sequencer."""
    editor: Any = scene.sequence_editor  # 4.4 renamed its strips, 5.0 dropped the old name
    if editor is None:
        return []
    return list(editor.strips if hasattr(editor, "strips") else editor.sequences)


def add_song(scene: bpy.types.Scene, path: Path, frame: int) -> Strip:
    """A sound strip that begins at a frame, in a channel that is free there.

    Raises:
        ValueError: It is no sound that Blender can play.
    """
    editor: Any = scene.sequence_editor or scene.sequence_editor_create()
    strips = editor.strips if hasattr(editor, "strips") else editor.sequences
    channel = 1 + max((strip.channel for strip in strips), default=0)
    try:
        strip = strips.new_sound(path.stem, str(path), channel, frame)
    except RuntimeError as error:
        raise ValueError(f"{path.name} is no sound that Blender can play ({str(error).strip()})") from None
    if strip.frame_duration <= 1 and strip.sound.samplerate == 0:
        strips.remove(strip)
        raise ValueError(f"{path.name} is no sound that Blender can play")
    return strip


def strip_sound(strip: Strip) -> StripSound:
    """What a sound strip plays.

    Raises:
        ValueError: It is no sound strip, its file is not there, or it plays at another speed.
    """
    if strip.type != "SOUND" or strip.sound is None:
        raise ValueError(f"{strip.name} is no sound strip")
    if strip.sound.packed_file is not None:
        raise ValueError(
            f"{strip.sound.name} is packed into the file: unpack it first, so that transflower can read it"
        )
    if abs(getattr(strip, "speed_factor", 1.0) - 1.0) > 1e-6 or abs(getattr(strip, "pitch", 1.0) - 1.0) > 1e-6:
        raise ValueError(f"{strip.name} plays at another speed, which transflower does not hear: bounce it to a file")
    path = Path(bpy.path.abspath(strip.sound.filepath, library=strip.sound.library))
    if not path.is_file():
        raise ValueError(f"The sound file of {strip.name} is missing: {path}")
    return StripSound(path, float(strip.frame_start), float(strip.frame_final_start), float(strip.frame_final_end))


def active_sound_strip(scene: bpy.types.Scene) -> Strip | None:
    """The active strip of the sequencer if it is a sound, else the only sound there is."""
    editor: Any = scene.sequence_editor  # 4.4 renamed its strips, 5.0 dropped the old name
    if editor is None:
        return None
    active = editor.active_strip
    if active is not None and active.type == "SOUND":
        return active
    sounds = [strip for strip in strips_of(scene) if strip.type == "SOUND"]
    return sounds[0] if len(sounds) == 1 else None
