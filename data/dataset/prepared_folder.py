"""A prepared folder: the files that training reads, written whole or not at all."""

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.dataset.made_folder import appearing

Split = Literal["train", "val", "test"]
SPLITS: Final[tuple[Split, ...]] = get_args(Split)
FORMAT_VERSION: Final = 1
# A column that hardly ever moves is scaled as if it moved a little: at least this in its own unit, ...
MIN_STD: Final = 1e-2
# ... and at least this share of what its group of columns does.
MIN_STD_OF_GROUP: Final = 0.1


@dataclass(frozen=True)
class SequenceEntry:
    """What `fingerprint.json` says about one sequence.

    Attributes:
        split: which list it stands in.
        style: name of its style.
        groups: the choreographies in it; no group stands in two splits.
        sources: names of the recordings it was made of; of a performance its phrases in order.
        source_groups: the choreography of each source.
        num_frames: rows of every feature.
        duration_s: rows / rate.
        licence: terms of its motion.
    """

    split: Split
    style: str
    groups: tuple[str, ...]
    sources: tuple[str, ...]
    source_groups: tuple[str, ...]
    num_frames: int
    duration_s: float
    licence: str


@dataclass(frozen=True, eq=False)
class SequenceInMemory:
    """One sequence in memory; row k of each feature is the instant (k + 1) / rate.

    Attributes:
        sequence_id: stem of its files.
        entry: its row of the folder's table.
        pose: float32 (frames, codec dims), unscaled.
        audio: float32 (frames, audio dims).
        beat: float32 (frames, 1), beats, -1 where unknown or silent.
        energy: float32 (frames, 1), m/s.
        phrase: float32 (frames, 3): which of the sources is danced (-1: unknown or none), beats since it began, beats
            that it has.
        notes: a sentence for whatever of its recording is left out, guessed, or not as the file has it.
    """

    sequence_id: str
    entry: SequenceEntry
    pose: NDArray[np.float32]
    audio: NDArray[np.float32]
    beat: NDArray[np.float32]
    energy: NDArray[np.float32]
    phrase: NDArray[np.float32]
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("pose", "audio", "beat", "energy", "phrase"):
            array: NDArray[np.float32] = getattr(self, name)
            if array.dtype != np.float32 or array.shape[0] != self.entry.num_frames or array.ndim != 2:
                expected = f"float32 ({self.entry.num_frames}, n)"
                raise ValueError(f"{self.sequence_id}: {name} is {array.dtype} {array.shape}, expected {expected}")
            if not np.isfinite(array).all():
                raise ValueError(f"{self.sequence_id}: {name} holds NaN or infinity")


class FolderWriter:
    """Writes a prepared folder; made by `write_folder`."""

    def __init__(self, folder: Path, styles: Sequence[str], pose_columns: Mapping[str, slice]) -> None:
        self._folder = folder
        self._styles = list(styles)
        self._pose_columns = dict(pose_columns)
        self._entries: dict[str, SequenceEntry] = {}
        self._pose = Moments()
        self._energy = Moments()

    @property
    def entries(self) -> Mapping[str, SequenceEntry]:
        """The sequences written so far."""
        return self._entries

    def add(self, sequence: SequenceInMemory) -> None:
        """Write one sequence's features."""
        if sequence.sequence_id in self._entries:
            raise ValueError(f"two sequences are called {sequence.sequence_id}")
        arrays: dict[str, NDArray[Any]] = {
            "pose": sequence.pose,
            "audio": sequence.audio,
            "beat": sequence.beat,
            "energy": sequence.energy,
            "phrase": sequence.phrase,
            "style": np.array([self._styles.index(sequence.entry.style)], np.int64),
        }
        for feature, array in arrays.items():
            np.save(self._folder / f"{sequence.sequence_id}.{feature}.npy", array)
        if sequence.entry.split == "train":
            self._pose.add(sequence.pose)
            self._energy.add(sequence.energy)
        self._entries[sequence.sequence_id] = sequence.entry

    def finish(self, fingerprint: Mapping[str, Any]) -> None:
        """Write the lists, the scaler and the fingerprint.

        Raises:
            ValueError: there is no training sequence to scale by.
        """
        entries = dict(sorted(self._entries.items()))
        if not any(entry.split == "train" for entry in entries.values()):
            raise ValueError("no sequence for training is left: nothing to learn from and nothing to scale by")
        for split in SPLITS:
            names = [name for name, entry in entries.items() if entry.split == split]
            (self._folder / f"base_filenames_{split}.txt").write_text("".join(f"{name}\n" for name in names), "utf-8")
        mean, std = self._pose.mean_std()
        np.savez(
            self._folder / "pose.scaler.npz",
            mean=mean.astype(np.float32),
            std=floor_std(std, self._pose_columns).astype(np.float32),
        )
        energy_mean, energy_std = self._energy.mean_std()
        document = {
            "format_version": FORMAT_VERSION,
            **fingerprint,
            "styles": self._styles,
            "energy": {"unit": "m/s", "mean": float(energy_mean[0]), "std": float(energy_std[0])},
            "groups": {
                split: sorted({group for entry in entries.values() if entry.split == split for group in entry.groups})
                for split in SPLITS
            },
            "sequences": {name: asdict(entry) for name, entry in entries.items()},
        }
        (self._folder / "fingerprint.json").write_text(json.dumps(document, indent=1) + "\n", "utf-8")


@contextmanager
def write_folder(
    folder: Path, styles: Sequence[str], pose_columns: Mapping[str, slice], *, overwrite: bool
) -> Iterator[FolderWriter]:
    """A writer whose folder appears, complete, when the block ends well, and not at all when it does not.

    Raises:
        ValueError: `folder` exists, and is not a prepared folder that may be overwritten.
    """
    check_destination(folder, overwrite=overwrite)
    with appearing(folder) as unfinished:
        yield FolderWriter(unfinished, styles, pose_columns)


def check_destination(folder: Path, *, overwrite: bool) -> None:
    """Refuse a destination whose content would be lost.

    Raises:
        ValueError: with the way out.
    """
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    if not (folder / "fingerprint.json").is_file():
        raise ValueError(f"{folder} exists and is not a prepared folder: name another one")
    if not overwrite:
        raise ValueError(f"{folder} exists: name another folder, or say --overwrite")


class Moments:
    """Mean and standard deviation of columns, over rows that come in pieces; float64."""

    def __init__(self) -> None:
        self._count = 0
        self._mean: NDArray[np.float64] = np.zeros(0)
        self._squares: NDArray[np.float64] = np.zeros(0)

    def add(self, rows: NDArray[np.float32]) -> None:
        """Add rows (n, dims). Source: Chan, Golub, LeVeque, Updating Formulae for Computing Sample Variances, 1979."""
        values = rows.astype(np.float64)
        mean, squares = values.mean(axis=0), ((values - values.mean(axis=0)) ** 2).sum(axis=0)
        if self._count == 0:
            self._mean, self._squares = np.zeros_like(mean), np.zeros_like(mean)
        total = self._count + len(values)
        gap = mean - self._mean
        self._mean = self._mean + gap * (len(values) / total)
        self._squares = self._squares + squares + gap**2 * (self._count * len(values) / total)
        self._count = total

    def mean_std(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and (population) standard deviation (dims,) of what was added, which was not nothing."""
        assert self._count > 0, "nothing was added"
        return self._mean, np.sqrt(self._squares / self._count)


def floor_std(std: NDArray[np.float64], columns: Mapping[str, slice]) -> NDArray[np.float64]:
    """Standard deviations with floors, so that a nearly constant column does not explode when divided by its own."""
    floored = std.copy()
    for columns_of_group in columns.values():
        group = std[columns_of_group]
        floored[columns_of_group] = np.maximum(
            group, max(MIN_STD, MIN_STD_OF_GROUP * float(np.sqrt(np.mean(group**2))))
        )
    return floored


def read_fingerprint(folder: Path) -> dict[str, Any]:
    """The JSON of a prepared folder.

    Raises:
        ValueError: the folder is not one, or of another version.
    """
    path = folder / "fingerprint.json"
    if not path.is_file():
        raise ValueError(f"{folder} is not a prepared folder (no fingerprint.json): run transflower-data prepare first")
    document: dict[str, Any] = json.loads(path.read_text("utf-8"))
    if document.get("format_version") != FORMAT_VERSION:
        raise ValueError(
            f"{folder} has format {document.get('format_version')}, here {FORMAT_VERSION} is read: prepare it again"
        )
    return document
