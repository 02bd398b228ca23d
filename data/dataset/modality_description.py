"""What a folder of features tells of them: `modalities.json`, with rate, names of columns, and what is motion."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from data.formats.frame_rate import recorded_rate_hz

FILE_NAME: Final = "modalities.json"
FORMAT_VERSION: Final = 1
FRAME_INSTANT: Final = "row k is the instant (k + 1) / frame_rate_hz, when the sound of audio frame k is complete"


@dataclass(frozen=True, kw_only=True)
class ModalityDescription:
    """The description of one modality.

    Attributes:
        columns: First column, and the one after the last, of each named part.
        fingerprint: Names what the numbers mean; equal where they were made alike.
        pose_codec: Where it is motion: how vectors become poses, as `PoseCodec.to_dict`.
    """

    columns: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    fingerprint: str = ""
    pose_codec: Mapping[str, Any] | None = None


@dataclass(frozen=True, kw_only=True)
class FolderDescription:
    """The description of a folder of features.

    Attributes:
        frame_rate_hz: Rows a second; None where nobody said it.
        modalities: By name.
        token_names: Names of tokens and labels, by modality, in the order of their numbers.
    """

    frame_rate_hz: float | None = None
    modalities: Mapping[str, ModalityDescription] = field(default_factory=dict)
    token_names: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, folder: Path) -> "FolderDescription":
        """That of a folder: its `modalities.json`, or what `transflower-data prepare` wrote; else nothing is known.

        Raises:
            ValueError: The file is damaged or of another version.
        """
        own, prepared = folder / FILE_NAME, folder / "fingerprint.json"
        path = own if own.is_file() else prepared
        if not path.is_file():
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls._of(content) if path == own else cls._of_prepared(content)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"{path}: damaged ({type(error).__name__}: {error}); make the folder again") from None

    @classmethod
    def _of(cls, content: Mapping[str, Any]) -> "FolderDescription":
        if content["format_version"] != FORMAT_VERSION:
            raise ValueError(f"format {content['format_version']}, here {FORMAT_VERSION} is read")
        rate_hz = content.get("frame_rate_hz")
        return cls(
            frame_rate_hz=None if rate_hz is None else recorded_rate_hz(float(rate_hz)),
            modalities={
                name: ModalityDescription(
                    columns=_columns(entry.get("columns") or {}),
                    fingerprint=str(entry.get("fingerprint", "")),
                    pose_codec=entry.get("pose_codec"),
                )
                for name, entry in content.get("modalities", {}).items()
            },
            token_names={name: tuple(map(str, names)) for name, names in content.get("token_names", {}).items()},
        )

    @classmethod
    def _of_prepared(cls, content: Mapping[str, Any]) -> "FolderDescription":
        return cls(
            frame_rate_hz=float(content["frame_rate_hz"]),
            modalities={
                "pose": ModalityDescription(
                    columns=_columns(content.get("pose_columns") or {}), pose_codec=content["pose_codec"]
                ),
                "audio": ModalityDescription(
                    columns=_columns(content.get("audio_columns") or {}), fingerprint=str(content["audio_fingerprint"])
                ),
            },
            token_names={"style": tuple(map(str, content["styles"]))},
        )

    def write(self, folder: Path) -> None:
        """Writes `modalities.json` into a folder."""
        content = {"format_version": FORMAT_VERSION, "frame_instant": FRAME_INSTANT, **asdict(self)}
        (folder / FILE_NAME).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")


def _columns(bounds: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    return {name: (int(start), int(stop)) for name, (start, stop) in bounds.items()}
