"""What is said between the program and the processes that dance for it."""

from dataclasses import dataclass
from pathlib import Path

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile


@dataclass(frozen=True, kw_only=True, eq=False)
class Order:
    """What all dances of a batch have in common; the first message to a worker.

    Attributes:
        dancer: Who dances.
        controls: The requests.
        device: What the dancer runs on.
        cuda_graph: Whether a CUDA device captures the step as a graph.
        look_ahead_frames: Frames of the music to come that the dancer hears.
        strict: Whether what a person should know of a dance is an error.
        channels: Of the songs, those that are heard, from 1 on; None is all.
    """

    dancer: DancerFile
    controls: Controls
    device: str = "auto"
    cuda_graph: bool = True
    look_ahead_frames: int = 0
    strict: bool = False
    channels: tuple[int, ...] | None = None


@dataclass(frozen=True, kw_only=True)
class DanceTask:
    """One dance that a process is to make.

    Attributes:
        number: Of the dance in its batch.
        song: The sound file.
        seed: Chooses the dance.
        output: File to write; its ending says the format.
    """

    number: int
    song: Path
    seed: int
    output: Path


@dataclass(frozen=True)
class Ready:
    """The dancer is loaded, and this is what it runs on."""

    device: str


@dataclass(frozen=True)
class Refused:
    """The dancer cannot be loaded, so nothing can be danced; for people."""

    reason: str


@dataclass(frozen=True)
class Progress:
    """So many frames of so many are danced."""

    done: int
    total: int


@dataclass(frozen=True, kw_only=True)
class Danced:
    """The dance is written.

    Attributes:
        sha256: Of its file.
        song_sha256: Of the song's file.
        device: What the dancer runs on.
        frames: Poses.
        wall_s: Time that it took.
        note: What a person should know of it; empty for nothing.
    """

    sha256: str
    song_sha256: str
    device: str
    frames: int
    wall_s: float
    note: str = ""


@dataclass(frozen=True)
class Failed:
    """This dance cannot be made, others may; for people.

    Attributes:
        reason: Why not, naming the file.
        is_songs_fault: Whether no dance to this song can be made.
    """

    reason: str
    is_songs_fault: bool


@dataclass(frozen=True)
class Unwritable:
    """The dance could not be written, nor can others; for people."""

    reason: str


Message = Ready | Refused | Progress | Danced | Failed | Unwritable
