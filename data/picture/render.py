"""From a dance to the file that was asked for: a film, a looping picture or a contact sheet, by its ending."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from data.formats.ffmpeg import find_ffmpeg
from data.formats.whole_file import whole_file
from data.motion.motion import Motion
from data.picture.film import FILM, FilmSound, film
from data.picture.options import ENDINGS, PictureOptions
from data.picture.scene import DanceSpan, Scene, cut
from data.picture.sheet import draw_sheet
from data.picture.undisturbed import undisturbed

if TYPE_CHECKING:
    from data.picture.soundtrack import Soundtrack

_FILM_SIZE, _LOOP_SIZE = (1280, 720), (480, 400)
_FILM_HZ, _LOOP_HZ = 30.0, 15.0
_SMALLEST, _LARGEST = 120, 4096
_LOOP_COLOURS: Final = 128
_MOST_LOOP_PIXELS: Final = 400_000_000
"""All pictures of a loop are held in memory, a byte a pixel."""


def check_picture(path: Path, options: PictureOptions) -> None:
    """Refuses a picture that could not be made, before the work is done.

    Raises:
        ValueError: Its ending is none of `ENDINGS`, its folder does not exist, its size makes no sense, or it is a film
            and there is no ffmpeg.
    """
    ending = path.suffix.lower()
    if ending not in ENDINGS:
        known = ", ".join(f"{ending} ({what})" for ending, what in ENDINGS.items())
        raise ValueError(f"{path}: the ending says what to draw: {known}; not {ending or 'none at all'}")
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent}")
    size = _size(options.size)
    if ending == ".mp4":
        find_ffmpeg(*FILM)
        if size is not None and (size[0] % 2 or size[1] % 2):
            raise ValueError(f"--size {options.size}: width and height of a film are even numbers of pixels")


def render(
    motion: Motion,
    sound: "Soundtrack | None",
    path: Path,
    options: PictureOptions,
    on_picture: Callable[[int, int], None] | None = None,
) -> DanceSpan:
    """Draws a dance; the file appears whole when all is done, or not at all.

    Args:
        motion: The dance, on humanoid bones if its body is to be seen.
        sound: Shown under it, and heard in a film if its file is known.
        path: File to write.
        options: What and how.
        on_picture: Called with (pictures done, pictures in all).

    Returns:
        The part that was drawn.

    Raises:
        ValueError: See `check_picture`; or there is nothing to draw where the options say.
        OSError: The file cannot be written.
    """
    check_picture(path, options)
    size, ending = _size(options.size), path.suffix.lower()
    rate_hz = options.fps if options.fps is not None else _LOOP_HZ if ending == ".gif" else _FILM_HZ
    span = cut(motion, start_s=options.start_s, seconds=options.seconds, rate_hz=rate_hz)
    if ending == ".png":
        sheet = draw_sheet(
            motion,
            span,
            sound,
            every_s=options.every_s,
            size=size,
            shows_features=options.features,
            front_deg=options.front_deg,
        )
        with whole_file(path) as part:
            Image.fromarray(sheet.pixels[..., :3].copy()).save(part, format="PNG")
        return span
    size = size or (_LOOP_SIZE if ending == ".gif" else _FILM_SIZE)
    if ending == ".gif" and span.num_frames * size[0] * size[1] > _MOST_LOOP_PIXELS:
        raise ValueError(
            f"{path}: {span.num_frames} pictures of {size[0]}x{size[1]} are too many for a looping picture: show fewer "
            "--seconds, lower --fps or --size, or write an .mp4"
        )
    scene = Scene(
        motion,
        span,
        sound,
        size=size,
        trail=options.trail,
        shows_features=options.features,
        smooth=ending != ".gif",
        front_deg=options.front_deg,
    )
    report = on_picture or (lambda done, total: None)
    if ending == ".gif":
        _write_loop(scene, path, report)
        return span
    heard = None
    if sound is not None and sound.path is not None and span.start_s - sound.starts_s < sound.duration_s:
        heard = FilmSound.at(sound.path, span.start_s - sound.starts_s, sound.channels)
    with film(path, size=size, rate_hz=rate_hz, duration_s=span.duration_s, sound=heard) as growing:
        for number in range(span.num_frames):
            with undisturbed():
                picture = scene.draw(number)
            growing.write(picture)
            report(number + 1, span.num_frames)
    return span


def _write_loop(scene: Scene, path: Path, report: Callable[[int, int], None]) -> None:
    """A GIF in a few colours, chosen once, from pictures of the whole dance: what stands still costs nothing."""
    total = scene.span.num_frames
    samples = [np.asarray(_rgb(scene, number)) for number in np.unique(np.linspace(0, total - 1, 6).astype(int))]
    # Every colour counts once, however few its pixels: the backdrop would else leave none to the beats.
    colours = np.unique(np.concatenate([sample.reshape(-1, 3) for sample in samples]), axis=0)
    palette = Image.fromarray(colours[None]).quantize(_LOOP_COLOURS, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)
    pictures = []
    for number in range(total):
        pictures.append(_rgb(scene, number).quantize(palette=palette, dither=Image.Dither.NONE))
        report(number + 1, total)
    # The format counts hundredths of a second; rounding each instant, not each length, keeps the dance in time.
    instants = np.round(100 * np.arange(total + 1) / scene.span.rate_hz).astype(int)
    lengths_ms = (10 * np.maximum(np.diff(instants), 1)).tolist()
    first, *rest = pictures
    with whole_file(path) as part:
        first.save(part, format="GIF", save_all=True, append_images=rest, duration=lengths_ms, loop=0, optimize=False)


def _rgb(scene: Scene, number: int) -> Image.Image:
    with undisturbed():
        return Image.fromarray(scene.draw(number)[..., :3].copy())


def _size(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    found = re.fullmatch(r"(\d+)[xX](\d+)", text.strip())
    size = (int(found[1]), int(found[2])) if found else None
    if size is None or not all(_SMALLEST <= length <= _LARGEST for length in size):
        raise ValueError(f"--size is WIDTHxHEIGHT in pixels {_SMALLEST} to {_LARGEST}, such as 1280x720, not {text!r}")
    return size
