"""Where a dancer looks, found by letting it dance: a take once more, or to a song."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import Stood, dance_to, song_features
from bridge.takes.redance import find_dancer, redance, why_another
from bridge.takes.soundtrack import shown_s
from bridge.takes.take import Take
from data.formats.sound_file import read_sound
from data.inspection.sound_checks import BLOCK_S, levels_dbfs
from data.picture.soundtrack import read_soundtrack
from data.picture.tracks import AttentionTrace, Tracks
from models.torch_install import require_torch

if TYPE_CHECKING:
    from bridge.commands.options import DancerOptions
    from bridge.engine.engine import Engine
    from models.watched_stepper import WatchedStepper

Advance = Callable[[int, int], None]


def look_at_take(
    take: Take, options: "DancerOptions", layer: int | None, head: int | None, advance: Advance
) -> AttentionTrace:
    """Where the dancer of a take looked; steps in which it slept are left out.

    Raises:
        ValueError: It is not the take's dancer, danced another dance now, or does not show its attention.
    """
    if take.header.backend == "onnx":
        raise ValueError(f"{take.path}: danced by ONNX Runtime, which does not show attention; plot it without")
    dancer = find_dancer(take, options.checkpoint)
    if dancer.backend == "fast":
        engine = dancer.load_engine(device="cpu")
        watched = _watch_beside(engine, dancer, options.device, layer, head)
    else:
        engine = dancer.load_engine(device=options.device, cuda_graph=False)
        watched = _watch(engine, layer, head)

    def on_step(done: int, total: int) -> None:
        watched.row = done
        advance(done, total)

    again = redance(take, engine, on_step)
    if again.largest_difference > 0.1:
        raise ValueError(
            f"{take.path}: another dance came out (largest difference {again.largest_difference:.2g}), so where it "
            f"looked then is not known; {why_another(take.header)}"
        )
    return _attention_trace(watched, shown_s(take), take.header.rate_hz, layer, head)


def look_at_song(
    song: Path,
    options: "DancerOptions",
    attention: bool,
    layer: int | None,
    head: int | None,
    advance: Advance,
    channels: tuple[int, ...] | None = None,
    notes: list[str] | None = None,
) -> Tracks:
    """The dance to a song with where the dancer looked, ready to be plotted.

    Args:
        song: A sound file.
        options: Who dances.
        attention: Whether it is shown where the dancer looked.
        layer: Of which layer; None is the mean of all.
        head: Of which head; None is the mean of all.
        advance: Called with (done, of how many).
        channels: Those that are heard, from 1 on; None is all.
        notes: Takes a sentence for what the dancer cannot obey, and why the figure stands throughout.

    Raises:
        ValueError: The song cannot be read, or the dancer does not show its attention.
    """
    dancer = options.open_dancer()
    if attention and dancer.backend == "onnx":
        raise ValueError(f"{dancer.path}: ONNX Runtime does not show attention; give the .safetensors file")
    if attention:
        dancer = _watchable(dancer)
    sound = read_soundtrack(song, advance, features_hz=dancer.rate_hz, channels=channels)
    samples, sample_rate_hz = read_sound(song, channels=channels)
    engine = dancer.load_engine(device=options.device, cuda_graph=not attention and options.cuda_graph)
    watched = _watch(engine, layer, head) if attention else None

    def on_frame(done: int, total: int) -> None:
        if watched is not None:
            watched.row = done
        advance(done, total)

    features = song_features(
        samples, sample_rate_hz, rate_hz=dancer.rate_hz, look_ahead_frames=engine.look_ahead_frames
    )
    stood = Stood(options.controls.known_to(dancer.styles, dancer.seed_poses))
    motion = dance_to(engine, features, controls=stood.controls, seed=options.seed, on_frame=on_frame, on_state=stood)
    if notes is not None:
        notes += [said for said in (dancer.says_of(stood.controls), stood.note(features)) if said]
    # A pose belongs to the end of its frame of sound: the dance begins one frame after the song.
    frame_s = 1.0 / dancer.rate_hz
    sound = replace(sound, starts_s=-frame_s)
    times_s = np.arange(len(motion), dtype=np.float64) * frame_s
    levels = levels_dbfs(samples, sample_rate_hz)
    level_s = np.arange(1.0, len(levels) + 1) * BLOCK_S - frame_s
    attention_trace = None if watched is None else _attention_trace(watched, times_s, dancer.rate_hz, layer, head)
    title = f"{dancer.path.name} dances to {song.name}, seed {options.seed}"
    return Tracks(title, motion, sound=sound, level=(level_s, levels), attention_trace=attention_trace)


def _watchable(dancer: DancerFile) -> DancerFile:
    """The dancer as PyTorch steps it: to within rounding the fast step's dance, which keeps its attention to itself."""
    require_torch(f"{dancer.path}: --attention")
    return replace(dancer, backend="torch") if dancer.backend == "fast" else dancer


def _watch(engine: "Engine", layer: int | None, head: int | None) -> "WatchedStepper":
    from models.watched_stepper import WatchedStepper

    watched = WatchedStepper(engine.dancer, layer, head)
    engine.dancer = watched
    return watched


def _watch_beside(
    engine: "Engine", dancer: DancerFile, device: str, layer: int | None, head: int | None
) -> "WatchedStepper":
    """The fast step goes on dancing, since PyTorch's dance would soon be another; PyTorch looks from where it is."""
    from models.watched_stepper import SteppedBeside, WatchedStepper

    pytorch = _watchable(dancer).load_stepper(device=device, cuda_graph=False)
    watched = WatchedStepper(pytorch, layer, head)
    engine.dancer = SteppedBeside(engine.dancer, watched)
    return watched


def _attention_trace(
    watched: "WatchedStepper", times_s: NDArray[np.float64], rate_hz: int, layer: int | None, head: int | None
) -> AttentionTrace:
    rows = sorted(watched.weights)
    if not rows:
        raise ValueError("the dancer slept all the time: there was no sound loud enough to dance to")
    offsets_s = [np.nan if offset is None else offset / rate_hz for offset in watched.field.offsets]
    chosen = (("layer", layer), ("head", head))
    whose = ", ".join(f"all {name}s" if number is None else f"{name} {number}" for name, number in chosen)
    weights = np.stack([watched.weights[row] for row in rows])
    return AttentionTrace(times_s[rows], weights, watched.field.kinds, np.array(offsets_s), whose)
