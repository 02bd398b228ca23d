"""A process that dances: loads the dancer once, then makes one dance after the other, and tells how it goes."""

import os
import pickle
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from bridge.batch.messages import Danced, DanceTask, Failed, Message, Order, Progress, Ready, Refused, Unwritable
from bridge.dancer.checksum import sha256
from bridge.engine.engine import Engine
from bridge.engine.offline import SongFeatures, Stood, dance_to, song_features
from data.formats.motion_file import write_motion
from data.formats.sound_file import read_sound

_PROGRESS_PERIOD_S: Final = 0.1


class Worker:
    """Makes dances, one at a time.

    The features of the last song are kept, since the next dance is often to the same one.

    Args:
        order: What they have in common.
        tell: Takes messages.

    Raises:
        ValueError: The dancer cannot be loaded.
    """

    def __init__(self, order: Order, tell: Callable[[Message], None]) -> None:
        self._order = order
        self._tell = tell
        self._engine: Engine = order.dancer.load_engine(
            device=order.device, cuda_graph=order.cuda_graph, look_ahead_frames=order.look_ahead_frames
        )
        self._last: tuple[Path, str, SongFeatures] | None = None
        tell(Ready(self._engine.device_name))

    def make(self, task: DanceTask) -> None:
        """Makes a dance and tells what became of it."""
        begin_s = time.monotonic()
        try:
            song_sha256, features = self._features_of(task.song)
        except (ValueError, OSError, MemoryError) as error:
            self._tell(Failed(_said_of(task.song, error), is_songs_fault=True))
            return
        stood = Stood(self._order.controls)
        next_s = 0.0

        def on_frame(done: int, total: int) -> None:
            nonlocal next_s
            if (now_s := time.monotonic()) >= next_s:
                self._tell(Progress(done, total))
                next_s = now_s + _PROGRESS_PERIOD_S

        try:
            motion = dance_to(
                self._engine, features, controls=stood.controls, seed=task.seed, on_frame=on_frame, on_state=stood
            )
        except (ValueError, RuntimeError, MemoryError) as error:  # torch raises the second for whatever a device does
            self._tell(Failed(_said_of(task.song, error), is_songs_fault=False))
            return
        note = stood.note(features)
        note = note and f"{task.song}: {note}"
        if note and self._order.strict:
            self._tell(Failed(f"{note} (an error because of --strict)", is_songs_fault=True))
            return
        try:
            write_motion(task.output, motion)
            digest = sha256(task.output)
        except OSError as error:
            self._tell(Unwritable(error.strerror or str(error)))
            return
        self._tell(
            Danced(
                sha256=digest,
                song_sha256=song_sha256,
                device=self._engine.device_name,
                frames=len(motion),
                wall_s=time.monotonic() - begin_s,
                note=note,
            )
        )

    def _features_of(self, song: Path) -> tuple[str, SongFeatures]:
        """The song's checksum and its features."""
        if self._last is None or self._last[0] != song:
            samples, sample_rate_hz = read_sound(song, channels=self._order.channels)
            rate_hz, look_ahead_frames = self._order.dancer.rate_hz, self._order.look_ahead_frames
            features = song_features(samples, sample_rate_hz, rate_hz=rate_hz, look_ahead_frames=look_ahead_frames)
            self._last = song, sha256(song), features
        return self._last[1:]


def _said_of(song: Path, error: Exception) -> str:
    """An error in one line that names the song."""
    line = " ".join(str(error).split()) or type(error).__name__
    return line if str(song) in line else f"{song}: {line}"


def main() -> None:
    """Takes an `Order`, then `DanceTask`s, pickled, from the standard input; answers on the standard output."""
    # Ctrl-C and a stop of the whole group belong to the program, which ends this process when it is ready to.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # no library's chatter among the answers

    def tell(message: Message) -> None:
        pickle.dump(message, answers)
        answers.flush()

    try:
        order = pickle.load(sys.stdin.buffer)
        try:
            worker = Worker(order, tell)
        except ValueError as error:
            tell(Refused(str(error)))
            return
        while True:
            worker.make(pickle.load(sys.stdin.buffer))
    except (EOFError, BrokenPipeError):  # the program has gone
        os._exit(0)


if __name__ == "__main__":
    main()
