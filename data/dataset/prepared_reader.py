"""A prepared folder as trainings read it: its sequences, memory-mapped, and what stands in its fingerprint.

`prepared_folder` writes it. Here it is read without motions and skeletons: arrays alone, as far as they are used.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

FEATURES: Final = ("pose", "audio", "style", "energy", "beat")


@dataclass(frozen=True, eq=False)
class PreparedSequence:
    """One sequence of a prepared folder, memory-mapped.

    Attributes:
        name: Sequence id.
        pose: Codec vectors, (frames, pose_dims) float32.
        audio: Feature frames, (frames, music_dims) float32.
        style: Index of the style.
        energy: Mean joint speed around each frame, m/s, (frames,) float32.
        beat: True beat position, (frames,) float32; -1 where nothing sounds, and everywhere where no tempo is known.
        phrase: Number of the source that is danced, beats since it began, beats that it has, (frames, 3) float32; None
            in folders prepared by older versions.
    """

    name: str
    pose: NDArray[np.float32]
    audio: NDArray[np.float32]
    style: int
    energy: NDArray[np.float32]
    beat: NDArray[np.float32]
    phrase: NDArray[np.float32] | None = None

    def __len__(self) -> int:
        return min(len(self.pose), len(self.audio))

    @property
    def knows_beats(self) -> bool:
        """Whether the tempo of its music is known."""
        return bool((np.asarray(self.beat) >= 0).any())

    @property
    def sounding(self) -> NDArray[np.bool_]:
        """Frames to whose music is danced, (frames,): all of a recording whose tempo nobody stated."""
        return np.asarray(self.beat) >= 0 if self.knows_beats else np.ones(len(self.beat), bool)


@dataclass(frozen=True, eq=False)
class PreparedFolder:
    """A folder written by ``transflower-data prepare``.

    Attributes:
        path: The folder.
        fingerprint: Its fingerprint.json.
    """

    path: Path
    fingerprint: dict[str, Any]

    @classmethod
    def open(cls, path: Path) -> "PreparedFolder":
        """Opens a prepared folder.

        Raises:
            ValueError: If it is no prepared folder.
        """
        file = Path(path) / "fingerprint.json"
        if not file.is_file():
            raise ValueError(f"{file}: missing; write a prepared folder by `transflower-data prepare`")
        try:
            fingerprint = json.loads(file.read_text(encoding="utf-8"))
        except json.JSONDecodeError as error:
            raise ValueError(f"{file}: damaged ({error}); prepare the folder again") from None
        return cls(Path(path), fingerprint)

    @property
    def styles(self) -> list[str]:
        """Names of the styles, in the order of their indices."""
        return [str(name) for name in self.fingerprint["styles"]]

    def pose_scaler(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Mean and standard deviation of the training poses, each (pose_dims,)."""
        with np.load(self.path / "pose.scaler.npz") as scaler:
            return scaler["mean"].astype(np.float32), scaler["std"].astype(np.float32)

    def check_fits(self, metadata: Mapping[str, Any], dancer: Path) -> None:
        """Refuses a dancer whose checkpoint's metadata tell of other sound features than these.

        Raises:
            ValueError: Naming both.
        """
        heard, held = metadata["audio_fingerprint"], self.fingerprint["audio_fingerprint"]
        if heard != held:
            raise ValueError(
                f"{dancer} hears features {heard}, {self.path} holds {held}; prepare the folder with the same version"
            )

    def sequences(self, split: str) -> list[PreparedSequence]:
        """The sequences of a split: train, val or test.

        Raises:
            ValueError: If a file is missing, damaged or of another length than its neighbours; it is named.
        """
        names = (self.path / f"base_filenames_{split}.txt").read_text(encoding="utf-8").split()
        return [self._sequence(name) for name in names]

    def sources(self, sequence: PreparedSequence) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The clips that one of the sequences was made of, and the choreography of each.

        Raises:
            ValueError: If the folder was prepared by a version that did not keep them.
        """
        entry = self.fingerprint["sequences"][sequence.name]
        if sequence.phrase is None or "source_groups" not in entry:
            raise ValueError(f"{self.path} does not tell which phrases are danced; prepare it again")
        return tuple(entry["sources"]), tuple(entry["source_groups"])

    def _sequence(self, name: str) -> PreparedSequence:
        arrays = {}
        for feature in FEATURES:
            file = self.path / f"{name}.{feature}.npy"
            try:
                arrays[feature] = np.load(file, mmap_mode="r")
            except (OSError, ValueError) as error:
                raise ValueError(f"{file}: cannot be read ({error}); prepare the folder again") from None
        lengths = {feature: len(array) for feature, array in arrays.items() if feature != "style"}
        if len(set(lengths.values())) > 1:
            raise ValueError(f"{self.path / name}: features of unequal length {lengths}; prepare the folder again")
        return PreparedSequence(
            name=name,
            pose=arrays["pose"],
            audio=arrays["audio"],
            style=int(arrays["style"][0]),
            energy=arrays["energy"].reshape(-1),
            beat=arrays["beat"].reshape(-1),
            phrase=np.load(phrase, mmap_mode="r") if (phrase := self.path / f"{name}.phrase.npy").is_file() else None,
        )
