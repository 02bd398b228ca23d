"""``transflower-train music-detector``: the weights that tell music from speech and noise."""

import argparse
import sys
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from data.formats.whole_file import whole_file
from data.music import STYLES
from data.sound.music_detector import WEIGHTS, MusicDetector
from training.music_detector.examples import MusicExamples, make_examples
from training.music_detector.fit import fit
from training.music_detector.judge import judge, table
from training.music_detector.played import drummers, solos
from training.music_detector.recordings import LabelledRecording, read_folder, spoken_by_espeak
from training.music_detector.scenes import Kind, Library

KINDS: Final[tuple[Kind, ...]] = ("speech", "music", "noise")
HELD_OUT_STYLES: Final = STYLES[::5]
HELD_OUT_GROUPS: Final = ("solo reed", "solo mallets", "solo guitar", "drummer5", "drummer10")
VOICES: Final = [
    *("en-us", "en-gb+f2", "de", "de+f3", "es", "pt-br+m3", "pl", "tr+f1", "hi", "cmn"),
    *("nl+m7", "en-us+klatt2", "sv+f4", "hu+m2", "en-us+whisper"),
]
HELD_OUT_VOICES: Final = [
    "fr-fr",
    "it+f5",
    "ru+m4",
    "el",
    "id+f2",
    "en-gb-scotland+m5",
    "en-us+croak",
    "ja",
    "fi+klatt4",
]

Recordings = dict[Kind, list[LabelledRecording]]


def main(arguments: list[str]) -> None:
    """Reads recordings, makes scenes of them, fits the network, judges it on what was held out, writes the weights."""
    parser = argparse.ArgumentParser("transflower-train music-detector", description=__doc__)
    about_corpus = "folder of train/KIND/GROUP and held_out/KIND/GROUP; kinds: speech, music, noise"
    parser.add_argument("corpus", type=Path, help=about_corpus)
    parser.add_argument("--soundfont", type=Path, help="plays solo instruments, with fluidsynth")
    parser.add_argument("--drummers", type=Path, help="folder of the Groove MIDI set")
    parser.add_argument("--scenes", type=int, default=230, help="of 24 s each, for each seed")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2], help="of the scenes")
    parser.add_argument(
        "--start-from", type=Path, help="weights to begin the fit with, .npz; drawn at random if not given"
    )
    parser.add_argument("--judge-only", action="store_true", help="judge the weights of -o, or those that ship")
    parser.add_argument("-o", "--output", type=Path, help="weights to write, .npz")
    options = parser.parse_args(arguments)
    if not options.judge_only:
        _require_place(options.output)
    if options.drummers is not None and options.soundfont is None:
        raise ValueError("--drummers are played with a --soundfont; name one")
    train, held_out = recordings(options.corpus, options.soundfont, options.drummers)
    if not options.judge_only:
        start = None if options.start_from is None else _weights(options.start_from)
        library = Library(train, tuple(style for style in STYLES if style not in HELD_OUT_STYLES))
        parts = [make_examples(library, num_scenes=options.scenes, seed=seed) for seed in options.seeds]
        examples = MusicExamples(
            np.concatenate([one.inputs for one in parts]), np.concatenate([one.labels for one in parts])
        )
        network = fit(
            examples,
            num_epochs=options.epochs,
            learning_rate=6e-3 if start is None else 4e-3,
            start=start,
            on_epoch=lambda epoch, loss: print(f"epoch {epoch + 1}: loss {loss:.4f}", file=sys.stderr),
        )
        with whole_file(options.output) as part, part.open("wb") as file:
            np.savez(file, allow_pickle=False, **network.arrays())
        print(f"written: {options.output}", file=sys.stderr)
    detector = MusicDetector(weights=_weights(options.output or WEIGHTS))
    pairs = {kind: [(one.group, one.samples) for one in found] for kind, found in held_out.items()}
    print(table(judge(detector, pairs)))


def _weights(path: Path) -> dict[str, NDArray[np.float32]]:
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _require_place(output: Path | None) -> None:
    """Says at once, not after the fit, that there is no place for the weights."""
    if output is None:
        raise ValueError(
            "name a file for the weights: -o weights.npz; what ships is data/sound/music_detector/weights.npz"
        )
    if output.suffix != ".npz":
        raise ValueError(f"{output}: weights are an .npz file")
    if not output.absolute().parent.is_dir():
        raise ValueError(f"{output.parent}: there is no such folder")


def recordings(corpus: Path, soundfont: Path | None, drummer_folder: Path | None) -> tuple[Recordings, Recordings]:
    """What there is to learn from, and what is held out: whole groups.

    Raises:
        ValueError: The corpus lacks a folder, or one holds no sound.
    """
    parts: list[Recordings] = []
    for part, max_group_s in (("train", 360.0), ("held_out", 200.0)):
        missing = [kind for kind in KINDS if not (corpus / part / kind).is_dir()]
        if missing:
            raise ValueError(
                f"{corpus / part} lacks the folders {', '.join(missing)}; see data/sound/music_detector/README.md"
            )
        found = {kind: read_folder(corpus / part / kind, max_group_s=max_group_s) for kind in KINDS}
        if empty := [str(corpus / part / kind) for kind in KINDS if not found[kind]]:
            raise ValueError(
                f"{', '.join(empty)}: no sound in a folder of its own; each group, such as a speaker or an album, "
                "is a folder there"
            )
        parts.append(found)
    train, held_out = parts
    played = solos(soundfont, seed=1, num_each=6) if soundfont is not None else []
    if soundfont is not None and drummer_folder is not None:
        played += drummers(drummer_folder, soundfont, num_each=6)
    train["music"] += [one for one in played if one.group not in HELD_OUT_GROUPS]
    held_out["music"] += [one for one in played if one.group in HELD_OUT_GROUPS]
    train["speech"] += spoken_by_espeak(VOICES, seed=0)
    held_out["speech"] += spoken_by_espeak(HELD_OUT_VOICES, seed=1)
    return train, held_out
