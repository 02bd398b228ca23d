"""What is to be drawn: a dance from a take or a file, with its sound, cut to what was asked for."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from bridge.takes.take_file import SUFFIX
from data.commands.printable import printable
from data.dataset.reading_options import ReadingOptions
from data.picture.options import PictureOptions
from data.sound.channels import parse_channels

if TYPE_CHECKING:
    from bridge.takes.take import Take
    from data.motion.motion import Motion
    from data.picture.soundtrack import Soundtrack

Advance = Callable[[int, int], None]


def check_sound(sound: Path | None, sound_at_s: float | None, channels: str | None) -> tuple[int, ...] | None:
    """The channels that are heard of a sound; refuses what is said of a sound where there is none.

    Raises:
        ValueError: There is none, or the channels cannot be meant.
    """
    if sound is None and sound_at_s is not None:
        raise ValueError("--sound-at-s says when --sound begins: give both")
    if sound is None and channels is not None:
        raise ValueError(f"--channels {channels} are those of --sound: give both")
    return parse_channels(channels)


def read_source(
    dance: Path,
    *,
    sound: Path | None,
    sound_at_s: float | None,
    part: int | None,
    picture: PictureOptions,
    advance: Advance,
    reading: ReadingOptions | None = None,
    channels: tuple[int, ...] | None = None,
) -> "tuple[Motion, Soundtrack | None, PictureOptions, Take | None]":
    """The dance, its sound, what of it is drawn, and the take if it is one.

    What is left out of a file of other programs, or guessed, is reported on standard error.

    Raises:
        ValueError: The file is no dance, or has no such part; the message says what to do.
    """
    from data.picture.dance_file import DANCE_ENDINGS, read_dance
    from data.picture.soundtrack import read_soundtrack

    ending = dance.suffix.lower()
    if ending == SUFFIX:
        if reading is not None and (reading.map is not None or reading.unit != ReadingOptions.unit):
            raise ValueError(f"--map and --unit are of files of other programs, and {dance} is a take")
        strict = reading is not None and reading.strict
        return _read_take(dance, sound, sound_at_s, part, picture, advance, channels, strict=strict)
    if part is not None:
        raise ValueError(f"--part is of a take, and {dance} is none")
    if ending not in DANCE_ENDINGS:
        known = ", ".join((SUFFIX, *DANCE_ENDINGS))
        raise ValueError(f"{dance}: a dance is read from {known}, not {ending or 'without an ending'}")
    notes: list[str] = []
    motion = read_dance(dance, (reading or ReadingOptions()).how, notes)
    tell(dance, notes)
    picture = _seen_from(picture, _generated_front_deg(dance))
    if sound is None:
        return motion, None, picture, None
    return (
        motion,
        replace(read_soundtrack(sound, advance, channels=channels), starts_s=sound_at_s or 0.0),
        picture,
        None,
    )


def tell(dance: Path, notes: Sequence[str], *, strict: bool = False) -> None:
    """Tells on standard error what was left out or guessed.

    Raises:
        ValueError: There is something to tell, and it is to be an error.
    """
    if notes and strict:
        raise ValueError(f"{dance}: {'; '.join(notes)} (an error because of --strict)")
    for note in notes:
        print(printable(f"note: {dance}: {note}"), file=sys.stderr)


def _seen_from(picture: PictureOptions, front_deg: float | None) -> PictureOptions:
    """The picture seen from the dance's own front, unless another one was asked for."""
    return picture if picture.front_deg is not None else replace(picture, front_deg=front_deg)


def _generated_front_deg(dance: Path) -> float | None:
    """The front that the index beside a generated dance tells of, if it was led back to one."""
    from bridge.batch.index import read_index

    try:
        entry = read_index(dance.parent).get(dance.name)
    except (ValueError, OSError):
        return None  # what lies beside a dance is no reason not to show it
    return entry.recipe.front_deg if entry is not None and entry.recipe.facing > 0 else None


def _read_take(
    path: Path,
    sound: Path | None,
    sound_at_s: float | None,
    part: int | None,
    picture: PictureOptions,
    advance: Advance,
    channels: tuple[int, ...] | None,
    *,
    strict: bool,
) -> "tuple[Motion, Soundtrack | None, PictureOptions, Take | None]":
    from bridge.takes.soundtrack import take_soundtrack, with_sound
    from bridge.takes.take import read_take
    from data.picture.soundtrack import read_soundtrack

    take = read_take(path)
    tell(path, take.notes, strict=strict)
    motion = take.motion()
    picture = _seen_from(picture, take.front_deg)
    if part is not None:
        begin_s, end_s = take.part_span(part)
        rest_s = end_s - begin_s - picture.start_s
        if rest_s <= 0:
            raise ValueError(f"part {part} lasts {end_s - begin_s:.1f} s: lower --start-s")
        seconds = rest_s if picture.seconds is None else min(picture.seconds, rest_s)
        picture = replace(picture, start_s=begin_s + picture.start_s, seconds=seconds)
    if sound is not None:
        heard = read_soundtrack(sound, advance, features_hz=take.header.rate_hz, channels=channels)
        return motion, with_sound(take, heard, sound_at_s), picture, take
    return motion, take_soundtrack(take) if take.was_danced else None, picture, take
