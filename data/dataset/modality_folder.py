"""A folder of features, `[sequence_id].[feature_name].npy`, in the form of the original's multimodal dataset.

Features may also lie in one `[sequence_id].npz` by name. It is read and never written.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from data.formats.npz_file import read_npz_arrays

Kind = Literal["continuous", "discrete", "label"]
"""Vectors, one a frame; tokens, one a frame; or one token for a whole sequence."""


@dataclass(frozen=True, eq=False)
class ModalitySequence:
    """One sequence of a `ModalityFolder`; its features share one time.

    Attributes:
        sequence_id: Stem of its files.
        features: By name: memory-mapped (frames, dims) floats, or (frames,) int64 tokens; equally long.
        labels: By name, one token.
        num_frames: Length of the features.
    """

    sequence_id: str
    features: Mapping[str, NDArray[Any]]
    labels: Mapping[str, int]
    num_frames: int

    def part(self, frames: slice) -> "ModalitySequence":
        """Some of its frames, as a sequence of its own."""
        features = {name: array[frames] for name, array in self.features.items()}
        return replace(self, features=features, num_frames=len(range(*frames.indices(self.num_frames))))


@dataclass(frozen=True)
class Cut:
    """Features of unequal length, of which only the common beginning is used. The files stay as they are.

    Attributes:
        sequence_id: The sequence.
        lengths: Frames by feature.
    """

    sequence_id: str
    lengths: Mapping[str, int]

    @property
    def num_lost(self) -> int:
        """Frames of the longest feature that are not used."""
        return max(self.lengths.values()) - min(self.lengths.values())

    def __str__(self) -> str:
        listing = ", ".join(f"{name} {length}" for name, length in self.lengths.items())
        return f"{self.sequence_id}: {listing} frames; cut to {min(self.lengths.values())}"


@dataclass(frozen=True, eq=False)
class ModalityFolder:
    """Features in files, and lists of sequences, `base_filenames_{split}.txt`, an id a line.

    Attributes:
        path: The folder.
        kinds: The features that are used, by name.
        tolerance_frames: Features of one sequence may differ by so many frames; the longer ones are cut in memory.
    """

    path: Path
    kinds: Mapping[str, Kind]
    tolerance_frames: int = 2

    def __post_init__(self) -> None:
        for name, kind in self.kinds.items():
            if kind not in get_args(Kind):
                raise ValueError(f"feature {name}: kind must be one of {get_args(Kind)}, not {kind!r}")
        if all(kind == "label" for kind in self.kinds.values()):
            raise ValueError(f"{self.path}: a sequence needs a feature that has frames, not labels alone")
        if self.tolerance_frames < 0:
            raise ValueError(f"tolerance_frames must not be negative, not {self.tolerance_frames}")

    def names(self, split: str) -> list[str]:
        """The ids of a split's sequences.

        Raises:
            ValueError: If there is no such list, or an id stands in it twice.
        """
        file = self.path / f"base_filenames_{split}.txt"
        if not file.is_file():
            known = sorted(path.stem.removeprefix("base_filenames_") for path in self.path.glob("base_filenames_*.txt"))
            raise ValueError(f"{file}: missing; the folder has lists for {known or 'no split'}")
        names = [line.strip() for line in file.read_text(encoding="utf-8").splitlines() if line.strip()]
        twice = sorted({name for name in names if names.count(name) > 1}) if len(set(names)) < len(names) else []
        if twice:
            raise ValueError(f"{file}: {twice[0]} stands in it more than once")
        return names

    def splits(self, held_out_share: float = 0.1) -> tuple[dict[str, list[ModalitySequence]], list[str]]:
        """The sequences of the splits train and val, and what is to be said of them.

        Where the folder has no list of held-out sequences, a share of those of the other list is held out, the same in
        every run; where it has no list at all, of all sequences that have all features. A single sequence is parted:
        its end is held out.

        Raises:
            ValueError: As of `sequences`; or there is no sequence.
        """
        lists = {split: self.path / f"base_filenames_{split}.txt" for split in ("train", "val")}
        notes: list[str] = []
        if lists["val"].is_file():
            names = {split: self.names(split) for split in lists}
            if not names["val"]:
                notes = [
                    f"{lists['val']} names no sequence: nothing is held out, so no loss on unseen data is measured"
                ]
        else:
            all_names = self.names("train") if lists["train"].is_file() else self._all_names()
            names, notes = self._held_out(all_names, held_out_share)
        found: dict[str, list[ModalitySequence]] = {}
        for split, chosen in names.items():
            found[split], cuts = self._read(chosen)
            notes += [f"{split}: {cut}" for cut in cuts]
        if not found["train"]:
            raise ValueError(f"{lists['train']}: names no sequence, so there is nothing to learn from")
        if len(found["train"]) == 1 and not found["val"] and not lists["val"].is_file():
            (whole,) = found["train"]
            end = whole.num_frames - max(1, round(held_out_share * whole.num_frames))
            found = {"train": [whole.part(slice(0, end))], "val": [whole.part(slice(end, whole.num_frames))]}
            notes.append(
                f"{self.path} has one sequence and no {lists['val'].name}: its end is held out, from frame {end} on"
            )
        return found, notes

    def all_sequences(self) -> tuple[list[ModalitySequence], list[Cut]]:
        """All sequences that have every feature, whatever lists there are; and as of `sequences`."""
        return self._read(self._all_names())

    def _all_names(self) -> list[str]:
        """Ids of all sequences that have every feature."""
        found = [
            {path.name.removesuffix(f".{feature}.npy") for path in self.path.glob(f"*.{feature}.npy")}
            | {path.stem for path in self.path.glob("*.npz") if not path.name.endswith(".scaler.npz")}
            for feature in self.kinds
        ]
        names = sorted(set.intersection(*found))
        if not names:
            listing = ", ".join(f"{len(ids)} have {feature}" for feature, ids in zip(self.kinds, found, strict=True))
            raise ValueError(f"{self.path}: no sequence has all of {', '.join(self.kinds)} ({listing})")
        return names

    def _held_out(self, names: list[str], share: float) -> tuple[dict[str, list[str]], list[str]]:
        if not 0 < share < 1:
            raise ValueError(f"held_out_share must lie between 0 and 1, not {share}")
        if len(names) < 2:
            return {"train": names, "val": []}, []
        count = min(len(names) - 1, max(1, round(share * len(names))))
        chosen = np.random.default_rng(0).permutation(len(names))[:count]
        held_out = sorted(names[place] for place in chosen)
        shown = ", ".join(held_out[:3]) + (" and others" if count > 3 else "")
        note = f"{self.path} has no base_filenames_val.txt: {count} of {len(names)} sequences are held out: {shown}"
        return {"train": [name for name in names if name not in held_out], "val": held_out}, [note]

    def sequences(self, split: str) -> tuple[list[ModalitySequence], list[Cut]]:
        """The sequences of a split, and those whose features had to be cut.

        Raises:
            ValueError: If a file is missing, damaged, of the wrong form, or too long or short for its neighbours; the
                message names the file and its shape.
        """
        return self._read(self.names(split))

    def _read(self, names: list[str]) -> tuple[list[ModalitySequence], list[Cut]]:
        sequences, cuts = [], []
        dims: dict[str, tuple[int, Path]] = {}
        for name in names:
            sequence, cut = self._sequence(name)
            sequences.append(sequence)
            if cut is not None:
                cuts.append(cut)
            for feature, array in sequence.features.items():
                if array.ndim == 2:
                    _check_dims(dims, feature, array.shape[1], self._file(name, feature))
        return sequences, cuts

    def _file(self, sequence_id: str, feature: str) -> Path:
        return self.path / f"{sequence_id}.{feature}.npy"

    def _sequence(self, sequence_id: str) -> tuple[ModalitySequence, Cut | None]:
        arrays: dict[str, NDArray[Any]] = {}
        labels: dict[str, int] = {}
        for feature, kind in self.kinds.items():
            file = self._file(sequence_id, feature)
            array = load_feature(self.path, sequence_id, feature)
            if kind == "label":
                labels[feature] = _label(array, file)
            else:
                arrays[feature] = _frames(array, file, kind)
        lengths = {feature: len(array) for feature, array in arrays.items()}
        cut = Cut(sequence_id, lengths) if len(set(lengths.values())) > 1 else None
        if cut is not None and cut.num_lost > self.tolerance_frames:
            listing = ", ".join(f"{self._file(sequence_id, name).name} {length}" for name, length in lengths.items())
            raise ValueError(
                f"{self.path}: lengths differ by {cut.num_lost} frames ({listing}), {self.tolerance_frames} are "
                f"tolerated; are they of one rate? Then raise tolerance_frames"
            )
        num_frames = min(lengths.values())
        features = {name: array[:num_frames] for name, array in arrays.items()}
        return ModalitySequence(sequence_id, features, labels, num_frames), cut


def load_feature(folder: Path, sequence_id: str, feature: str) -> NDArray[Any]:
    """One feature of one sequence: memory-mapped from its own file, or read from the sequence's .npz.

    Raises:
        ValueError: There is none, or it cannot be read; the message names the file.
    """
    file, packed = folder / f"{sequence_id}.{feature}.npy", folder / f"{sequence_id}.npz"
    is_packed = packed.is_file() and not file.is_file()
    try:
        if not is_packed:
            array: NDArray[Any] = np.load(file, mmap_mode="r", allow_pickle=False)
            return array
        with packed.open("rb") as opened:
            arrays = read_npz_arrays(opened)
    except FileNotFoundError:
        raise ValueError(f"{file}: missing; every sequence of the list needs one") from None
    except (OSError, ValueError, EOFError) as error:
        read = packed if is_packed else file
        raise ValueError(f"{read}: cannot be read ({error}); write it again by numpy.save") from None
    if feature not in arrays:
        raise ValueError(f"{packed}: holds {', '.join(sorted(arrays)) or 'nothing'}, and no {feature}")
    return arrays[feature]


def _frames(array: NDArray[Any], file: Path, kind: Kind) -> NDArray[Any]:
    """Frames of one feature, still on disk."""
    if kind == "continuous":
        if array.ndim != 2 or not np.issubdtype(array.dtype, np.floating) or not array.size:
            raise ValueError(f"{file}: is {array.dtype} {array.shape}, expected floats (frames, dims)")
        return array
    flat = array[:, 0] if array.ndim == 2 and array.shape[1] == 1 else array
    if flat.ndim != 1 or not np.issubdtype(flat.dtype, np.integer) or not flat.size:
        raise ValueError(f"{file}: is {array.dtype} {array.shape}, expected integer tokens (frames,) or (frames, 1)")
    return flat


def _label(array: NDArray[Any], file: Path) -> int:
    if array.size != 1 or not np.issubdtype(array.dtype, np.integer):
        raise ValueError(f"{file}: is {array.dtype} {array.shape}, expected one integer: a label for the sequence")
    return int(array.reshape(-1)[0])


def _check_dims(seen: dict[str, tuple[int, Path]], feature: str, dims: int, file: Path) -> None:
    first_dims, first_file = seen.setdefault(feature, (dims, file))
    if dims != first_dims:
        raise ValueError(f"{file}: has {dims} columns, {first_file.name} has {first_dims}")
