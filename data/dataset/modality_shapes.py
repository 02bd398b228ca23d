"""The shape of a folder of features, read from the files: which modalities there are, how wide, of what kind."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import numpy as np

from data.dataset.modality_description import FolderDescription
from data.dataset.modality_folder import Kind, load_feature

_NO_FEATURE: Final = (".scaler.npz",)


@dataclass(frozen=True, kw_only=True)
class ModalityShape:
    """What the files of one modality have in common.

    Attributes:
        name: Of the feature.
        kind: Vectors or tokens, one a frame, or a label: one token for a sequence.
        dims: Columns; 1 for tokens.
        num_tokens: One more than the largest token, or as many as have names; 0 for vectors.
        num_sequences: Sequences that have it.
        token_names: In the order of their numbers, where the folder tells them.
    """

    name: str
    kind: Kind
    dims: int
    num_tokens: int
    num_sequences: int
    token_names: tuple[str, ...] = ()

    def __str__(self) -> str:
        shape_text = {
            "continuous": f"{self.dims} numbers a frame",
            "discrete": f"tokens, {self.num_tokens} of them",
            "label": f"a label, {self.num_tokens} of them",
        }
        return f"{self.name} ({shape_text[self.kind]})"


@dataclass(frozen=True, kw_only=True)
class FolderShapes:
    """The modalities of a folder.

    Attributes:
        path: The folder.
        modalities: By name.
        description: What the folder tells beside its arrays.
    """

    path: Path
    modalities: Mapping[str, ModalityShape]
    description: FolderDescription = field(default_factory=FolderDescription)

    def __str__(self) -> str:
        """For people, on one line."""
        return ", ".join(str(shape) for shape in self.modalities.values()) or "no features"


def sequences_by_feature(folder: Path) -> dict[str, list[str]]:
    """Ids of the sequences that have each feature, both sorted.

    Raises:
        ValueError: There is no such folder, or it holds no features.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder")
    found: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.npy")):
        sequence_id, _, feature = path.stem.rpartition(".")
        if sequence_id:
            found.setdefault(feature, []).append(sequence_id)
    for path in sorted(folder.glob("*.npz")):
        if path.name.endswith(_NO_FEATURE):
            continue
        try:
            with np.load(path, allow_pickle=False) as arrays:
                features = list(arrays.files)
        except (OSError, ValueError) as error:
            raise ValueError(f"{path}: cannot be read ({error}); write it again by numpy.savez") from None
        for feature in features:
            if path.stem not in found.setdefault(feature, []):
                found[feature].append(path.stem)
    if not found:
        raise ValueError(
            f"{folder}: holds no features; they are files `[sequence_id].[feature_name].npy`, such as those of "
            "`transflower-data features`"
        )
    return {feature: sorted(found[feature]) for feature in sorted(found)}


def read_shapes(folder: Path, names: Collection[str] | None = None) -> FolderShapes:
    """The modalities of a folder.

    Vectors are looked at in one file each; all tokens are read, to know how many there are.

    Args:
        folder: With files `[sequence_id].[feature_name].npy` or `[sequence_id].npz`.
        names: Only these features, where they are there; None is all.

    Raises:
        ValueError: There is no such folder, it holds no features, or a file cannot be read.

    Example:
        >>> np.save("a.gesture.npy", np.zeros((50, 6), np.float32))
        >>> np.save("a.word.npy", np.arange(50) % 7)
        >>> print(read_shapes(Path()))
        gesture (6 numbers a frame), word (tokens, 7 of them)
    """
    folder = Path(folder)
    description = FolderDescription.read(folder)
    shapes = {}
    for feature, ids in sequences_by_feature(folder).items():
        if names is None or feature in names:
            shapes[feature] = _shape(folder, feature, ids, tuple(description.token_names.get(feature, ())))
    return FolderShapes(path=folder, modalities=shapes, description=description)


def _shape(folder: Path, feature: str, ids: list[str], token_names: tuple[str, ...]) -> ModalityShape:
    first = load_feature(folder, ids[0], feature)
    if not np.issubdtype(first.dtype, np.integer):
        dims = first.shape[1] if first.ndim == 2 else 1
        return ModalityShape(name=feature, kind="continuous", dims=dims, num_tokens=0, num_sequences=len(ids))
    arrays = [load_feature(folder, name, feature) for name in ids]
    kind: Kind = "label" if all(array.size == 1 for array in arrays) else "discrete"
    largest = max(int(array.max()) for array in arrays if array.size) if any(a.size for a in arrays) else 0
    return ModalityShape(
        name=feature,
        kind=kind,
        dims=1,
        num_tokens=max(largest + 1, len(token_names)),
        num_sequences=len(ids),
        token_names=token_names,
    )
