"""``transflower-train beat-network``: the weights that hear the beat, from music that is rendered for it."""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray

from data.formats.whole_file import whole_file
from data.sound.beat_network import WEIGHTS
from training.beat_network import calibration
from training.beat_network.batches import DELAY_S, make_batch
from training.beat_network.development import write_development
from training.beat_network.fit import FitConfig, fit
from training.beat_network.judge import NetworkClip, judge, read_clips, summary, table
from training.beat_network.kits import Kit, font_kits, loose_kits, sampled_kit
from training.beat_network.network import TrainedNetwork, network_of
from training.beat_network.sources import KINDS, Sources, open_sources, piece_of
from training.beat_network.stems import Stems, load_stems, save_stems

SECONDS: Final = 45.0
"""Of a piece."""
_HELP: Final = """
Three things, each of which can be done alone:

1. Render: pieces with known beats are played and kept in STEMS as mel bands (0.5 MB each), until there are --pieces.
   With nothing but STEMS these are the product's synthesiser and generated grooves on its own kits. With fluidsynth and
   --fonts a band plays; --kits are sampled drum kits (sound fonts, Hydrogen kits, a folder of single .flac sounds);
   --drummers is the Groove MIDI set; --songs a folder of General MIDI songs whose tempo track is their beat; --pop is
   POP909.
2. Fit: -o weights.npz. Stems are mixed anew in every batch and sent through made rooms, speakers and desks.
3. Judge: --development is a folder of GROUP/NAME.flac with GROUP/NAME.beats (a line a beat: seconds and place in the
   bar). --write-development makes one of what rendering holds out: give it kits and fonts that training does not have.
4. Fit the confidence of the tracker on such a folder: --calibrate. Fitted weights have none before.

Examples:
  transflower-train beat-network STEMS --pieces 40 --steps 50 -o trial.npz
  transflower-train beat-network STEMS --fonts a.sf2 --kits a.sf2 b.sf2 --drummers groove_midi -o weights.npz
  transflower-train beat-network STEMS --songs freedoom/musics --pop POP909 --fonts a.sf2 -o weights.npz
  transflower-train beat-network STEMS --fonts c.sf2 --kits c.sf2 --drummers groove_midi --write-development dev
  transflower-train beat-network --calibrate dev -o weights.npz
  transflower-train beat-network --judge-only --development dev

data/sound/beat_network/README.md says what the weights that ship were made of."""


def main(arguments: list[str]) -> None:
    """Renders, fits, judges: what the options ask for."""
    options = _parser().parse_args(arguments)
    _check(options)
    torch.set_num_threads(options.threads)
    if options.calibrate is not None:
        print(calibration.calibrate(options.output or WEIGHTS, calibration.read_clips(options.calibrate)))
        return
    clips = [] if options.development is None else read_clips(options.development)
    if options.judge_only:
        print(table(judge(network_of(_weights(options.output or WEIGHTS)), clips)))
        return
    if options.write_development is not None:
        for name in write_development(_sources(options, is_held_out=True), options.write_development):
            _tell(name)
        return
    if not options.no_render:
        render(options.stems, options.pieces, lambda: _sources(options, is_held_out=False))
    if options.output is not None:
        network = _fit(options, clips)
        if clips:
            print(table(judge(network, clips)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        "transflower-train beat-network",
        description=__doc__,
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("stems", type=Path, nargs="?", help="folder for what is rendered; what is there is kept")
    parser.add_argument("-o", "--output", type=Path, help="weights to write, .npz; without it nothing is fitted")
    parser.add_argument("--development", type=Path, help="folder of groups of sounds with .beats, to judge on")
    parser.add_argument("--judge-only", action="store_true", help="judge the weights of -o, or those that ship")
    about_calibrate = (
        "folder of sounds with .beats that training has not heard: fits how sure the tracker may be, into the weights "
        "of -o or those that ship; nothing else is done"
    )
    parser.add_argument("--calibrate", type=Path, metavar="FOLDER", help=about_calibrate)
    rendering = parser.add_argument_group("rendering")
    rendering.add_argument("--pieces", type=int, default=900, help="so many, of 45 s each")
    rendering.add_argument("--fonts", type=Path, nargs="+", default=[], help="sound fonts that play the band")
    about_kits = "sound fonts whose drums play, Hydrogen kits (folders), a folder of single drum sounds (.flac)"
    rendering.add_argument("--kits", type=Path, nargs="+", default=[], help=about_kits)
    rendering.add_argument("--drummers", type=Path, help="folder of the Groove MIDI set")
    rendering.add_argument("--songs", type=Path, help="folder of General MIDI songs")
    rendering.add_argument("--pop", type=Path, help="folder of POP909's songs")
    about_no_render = "fit with what is there, and with what another run renders meanwhile, up to --pieces"
    rendering.add_argument("--no-render", action="store_true", help=about_no_render)
    rendering.add_argument("--render-seed", type=int, default=1, help="of the pieces")
    rendering.add_argument(
        "--write-development", type=Path, metavar="FOLDER", help="sound and beats of what is held out"
    )
    fitting = parser.add_argument_group("fitting")
    fitting.add_argument("--start-from", type=Path, help="weights to begin with, .npz; drawn at random if not given")
    fitting.add_argument("--steps", type=int, default=FitConfig.num_steps, help="batches")
    fitting.add_argument("--batch", type=int, default=24, help="stretches a batch")
    fitting.add_argument("--stretch-s", type=float, default=14.0, help="length of a stretch, seconds")
    fitting.add_argument("--learning-rate", type=float, default=FitConfig.learning_rate)
    fitting.add_argument("--units", type=int, default=112, help="of each recurrent layer")
    fitting.add_argument("--layers", type=int, default=2, help="recurrent layers")
    fitting.add_argument("--dropout", type=float, default=FitConfig.dropout)
    fitting.add_argument("--seed", type=int, default=0, help="of weights and batches")
    fitting.add_argument("--threads", type=int, default=1)
    return parser


def _check(options: argparse.Namespace) -> None:
    """Says at once, not after the rendering, what is missing."""
    if options.calibrate is not None:
        if options.stems is not None:
            raise ValueError(
                "--calibrate changes the confidence of weights that are there: leave out the folder of stems"
            )
        if not (options.output or WEIGHTS).is_file():
            raise ValueError(f"{options.output}: there are no such weights")
        return
    if options.judge_only:
        if options.development is None:
            raise ValueError("there is nothing to judge on: --development FOLDER of GROUP/NAME.flac and .beats")
        return
    if options.stems is None:
        raise ValueError("name a folder for what is rendered: transflower-train beat-network STEMS -o weights.npz")
    if options.output is not None:
        if options.output.suffix != ".npz":
            raise ValueError(f"{options.output}: weights are an .npz file")
        if not options.output.absolute().parent.is_dir():
            raise ValueError(f"{options.output.parent}: there is no such folder")
    if options.drummers is not None and not options.kits:
        _tell("no --kits: human drummers play on the product's own synthetic kits alone")
    if (options.songs or options.pop) is not None and not options.fonts:
        raise ValueError("--songs and --pop are played with --fonts; name a General MIDI sound font")
    for name, least in (("pieces", 1), ("steps", 1), ("batch", 1), ("units", 1), ("layers", 1), ("threads", 1)):
        if getattr(options, name) < least:
            raise ValueError(f"--{name} is {getattr(options, name)}, expected {least} or more")
    if not options.stretch_s >= 2.0:
        raise ValueError(f"--stretch-s is {options.stretch_s}, expected 2 s or more: a beat lasts up to 1 s")
    if not 0.0 <= options.dropout < 1.0:
        raise ValueError(f"--dropout is {options.dropout}, expected 0 to below 1")


def _sources(options: argparse.Namespace, *, is_held_out: bool) -> Sources:
    kits: list[Kit] = []
    for path in options.kits:
        if path.is_file():
            kits += font_kits(path)
        elif (path / "drumkit.xml").is_file():
            kits.append(sampled_kit(path))
        else:
            kits += loose_kits(path, 4)
    if kits:
        _tell(f"{len(kits)} kits")
    return open_sources(
        kits,
        fonts=options.fonts,
        drummers=options.drummers,
        songs=options.songs,
        pop=options.pop,
        seed=options.render_seed,
        seconds=min(SECONDS, 38.0) if is_held_out else SECONDS,
        is_held_out=is_held_out,
    )


def render(folder: Path, num_pieces: int, open_them: Callable[[], Sources]) -> None:
    """Renders what is missing of the first `num_pieces` pieces into NNNNN_KIND.npz; sources are opened if needed."""
    folder.mkdir(parents=True, exist_ok=True)
    there = {int(one.stem.split("_")[0]) for one in folder.glob("[0-9]*_*.npz")}
    missing = [index for index in range(num_pieces) if index not in there]
    if not missing:
        return
    sources = open_them()
    began_s = time.monotonic()
    for number, index in enumerate(missing, 1):
        stems, _, kind = piece_of(sources, index)
        save_stems(folder / f"{index:05d}_{kind}.npz", stems)
        if number % 20 == 0 or number == len(missing):
            _tell(f"rendered {number} of {len(missing)} pieces, {time.monotonic() - began_s:.0f} s; last: {stems.name}")


class Pieces:
    """The first so many rendered pieces of a folder, which may still be filling.

    Attributes:
        by_kind: The pieces that have been read.
    """

    def __init__(self, folder: Path, num_pieces: int) -> None:
        self._folder, self._num_pieces, self._read = folder, num_pieces, set[str]()
        self.by_kind: dict[str, list[Stems]] = {kind: [] for kind in KINDS}
        self.read()

    def read(self) -> None:
        """Reads what has come."""
        if len(self._read) >= self._num_pieces:
            return
        for file in sorted(self._folder.glob("[0-9]*_*.npz")):
            number, _, kind = file.stem.partition("_")
            if file.name not in self._read and int(number) < self._num_pieces and kind in self.by_kind:
                self.by_kind[kind].append(load_stems(file))
                self._read.add(file.name)

    def __str__(self) -> str:
        return ", ".join(f"{len(found)} {kind}" for kind, found in self.by_kind.items() if found)


def _fit(options: argparse.Namespace, clips: list[NetworkClip]) -> TrainedNetwork:
    pieces = Pieces(options.stems, options.pieces)
    _tell(f"pieces: {pieces}")
    if not any(pieces.by_kind.values()):
        raise ValueError(f"{options.stems}: nothing is rendered there; leave out --no-render")
    start = None if options.start_from is None else _weights(options.start_from)
    config = FitConfig(
        num_steps=options.steps,
        learning_rate=options.learning_rate,
        warm_steps=min(100, max(1, options.steps // 4)),
        dropout=options.dropout,
        seed=options.seed,
    )
    torch.manual_seed(options.seed)
    network = TrainedNetwork(options.units, options.layers) if start is None else None
    rng = np.random.default_rng([options.seed, 22])
    began_s, losses = time.monotonic(), []

    def on_step(step: int, loss: float, averaged: TrainedNetwork) -> None:
        losses.append(loss)
        if step % 100 == 0 or step == options.steps:
            said = f"step {step}: {time.monotonic() - began_s:.0f} s, loss {np.mean(losses[-100:]):.4f}"
            if clips and (step % 400 == 0 or step == options.steps):
                said += "; " + summary(judge(averaged, clips))
            _tell(said)
            write_weights(options.output, averaged)
            pieces.read()

    fitted = fit(
        lambda: make_batch(pieces.by_kind, options.batch, options.stretch_s, rng),
        config,
        start=start,
        network=network,
        on_step=on_step,
    )
    write_weights(options.output, fitted)
    _tell(f"written: {options.output}; how sure the tracker may be is not fitted yet: --calibrate FOLDER")
    return fitted


def write_weights(path: Path, network: TrainedNetwork) -> None:
    """Writes weights as `data.sound.beat_network` reads them."""
    with whole_file(path) as part, part.open("wb") as file:
        np.savez(file, allow_pickle=False, **network.arrays(DELAY_S))


def _weights(path: Path) -> dict[str, NDArray[np.float32]]:
    if not path.is_file():
        raise ValueError(f"{path}: there are no such weights")
    with np.load(path, allow_pickle=False) as arrays:
        return {name: arrays[name] for name in arrays.files}


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
