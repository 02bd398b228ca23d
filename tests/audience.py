"""Dances to songs by the whole program, in every style, for `transflower-train audience`: `python -m tests.audience`.

    python -m tests.audience songs/*.mp3 -o after --folder prepared
    PYTHONPATH=/another/checkout python tests/audience.py songs/*.mp3 -o before

Each song is cut to its first seconds and danced to once from each of so many seeds, each in another style, so that all
styles are asked for: dance k to song s is in style (s * seeds + k) modulo their number, and its seed is that number.
With `--folder` the table follows. Run by its file, with another checkout on PYTHONPATH, it is that one that dances.
What follows `--` is given to `transflower generate`, such as `-- --groove 0`.
"""

import argparse
import sys
from pathlib import Path

from bridge.cli import main as transflower
from bridge.dancer.dancer_file import DancerFile
from data.formats.sound_file import read_sound, write_sound


def cut(songs: list[Path], folder: Path, start_s: float, seconds: float) -> list[Path]:
    """The songs' first seconds as WAV files in a new folder; a name that is there twice gets a number."""
    sounds = [read_sound(song) for song in songs]
    folder.mkdir(parents=True)
    made: list[Path] = []
    for song, (samples, rate_hz) in zip(songs, sounds, strict=True):
        stem = song.stem if all(path.stem != song.stem for path in made) else f"{song.stem}_{len(made)}"
        made.append(folder / f"{stem}.wav")
        write_sound(made[-1], samples[round(start_s * rate_hz) : round((start_s + seconds) * rate_hz)], rate_hz)
    return made


def main() -> None:
    """Dances, and shows the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("songs", type=Path, nargs="+", help="sound files")
    parser.add_argument("-o", "--output", type=Path, required=True, help="folder for the dances, a new one")
    parser.add_argument("--seeds", type=int, default=3, help="dances to each song")
    parser.add_argument("--seconds", type=float, default=45.0, help="length of a dance")
    parser.add_argument("--start-s", type=float, default=0.0, help="where in the songs they begin")
    parser.add_argument("--free", action="store_true", help="leave the style to the dancer")
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--checkpoint", type=Path, help="a dancer; the one that ships, if not given")
    parser.add_argument("--folder", type=Path, help="prepared folder; without it nothing is measured")
    typed = sys.argv[1:]
    end = typed.index("--") if "--" in typed else len(typed)
    options, more = parser.parse_args(typed[:end]), typed[end + 1 :]
    dancer = [] if options.checkpoint is None else ["--checkpoint", str(options.checkpoint)]
    styles = DancerFile.open(options.checkpoint).styles
    if options.output.exists():
        parser.error(f"{options.output} is there already: dances of two builds in one folder say nothing")
    if not options.free and options.seeds > len(styles):
        parser.error(f"--seeds {options.seeds}: at most one dance of each of the {len(styles)} styles to a song")
    try:
        songs = cut(options.songs, options.output / "songs", options.start_s, options.seconds)
    except (OSError, ValueError) as error:
        parser.error(str(error))
    generate = ["generate", "--format", "npz", "--jobs", str(options.jobs), *dancer, *more]
    if options.free:
        transflower([*generate, *map(str, songs), "--samples", str(options.seeds), "-o", str(options.output / "free")])
    else:
        for number, style in enumerate(styles):
            places = range(len(songs) * options.seeds)
            chosen = [songs[place // options.seeds] for place in places if place % len(styles) == number]
            if chosen:
                options_of_run = ["--style", style, "--seed", str(number), "-o", str(options.output / style)]
                transflower([*generate, *map(str, chosen), *options_of_run])
    if options.folder is not None:
        from training.audience.command import main as audience

        audience([str(options.output), "--folder", str(options.folder), "-o", str(options.output / "audience.json")])


if __name__ == "__main__":
    main()
