"""The header of a take: who danced, from what, and how it can be danced again."""

import contextlib
import importlib.metadata
import json
import math
import platform
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any, Final, Self, get_args

from bridge.control.controls import Controls
from bridge.dancer.backends import Backend
from bridge.dancer.checksum import dancer_digest, sha256
from bridge.dancer.dancer_file import DancerFile
from data.motion.skeleton import Skeleton
from models.torch_install import torch_version


@dataclass(frozen=True, kw_only=True, eq=False)
class TakeHeader:
    """What is known of a performance when it begins.

    Attributes:
        created: Date and time at which it began, ISO 8601 with its time zone.
        program: Version of this program.
        torch: Version of torch, since another one may round otherwise; None where it is not installed.
        checkpoint: File name of the dancer.
        checkpoint_sha256: Of the file.
        model_class: Of the dancer.
        audio_fingerprint: Of the features that it heard.
        skeleton: The bones.
        rate_hz: Poses a second.
        seed: Chose the dance.
        source: What sounded, as people know it.
        engine: Settings of the engine.
        backend: What stepped the dancer; takes of the time before there was a choice do not say.
        dancer_digest: Of what dances in the dancer's file, see `bridge.dancer.checksum`; None in earlier takes and of
            .onnx.
        stepped_by: What else decides how the backend rounds, by name: for the fast step its form, the processor and the
            versions of what made its machine code. None in earlier takes.
    """

    created: str
    program: str
    torch: str | None
    checkpoint: str
    checkpoint_sha256: str
    model_class: str
    audio_fingerprint: str
    skeleton: Skeleton
    rate_hz: int
    seed: int
    source: str
    engine: dict[str, Any]
    backend: Backend = "torch"
    dancer_digest: str | None = None
    stepped_by: dict[str, str] | None = None

    @classmethod
    def of(cls, dancer: DancerFile, *, seed: int, source: str, now: datetime) -> Self:
        """The header of a performance by a dancer that begins now."""
        return cls(
            created=now.isoformat(timespec="seconds"),
            program=importlib.metadata.version("transflower-bridge"),
            torch=torch_version(),
            checkpoint=dancer.path.name,
            checkpoint_sha256=sha256(dancer.path),
            model_class=str(dancer.metadata["model_class"]),
            audio_fingerprint=str(dancer.metadata["audio_fingerprint"]),
            skeleton=dancer.skeleton,
            rate_hz=dancer.rate_hz,
            seed=seed,
            source=source,
            engine=engine_settings(),
            backend=dancer.backend,
            dancer_digest=dancer_digest(dancer.path),
            stepped_by=stepped_by(dancer.backend),
        )

    def to_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            field.name: self.skeleton.to_dict() if field.name == "skeleton" else getattr(self, field.name)
            for field in fields(self)
        }

    @classmethod
    def from_json(cls, entries: dict[str, Any]) -> Self:
        """The header that `to_json` wrote.

        Raises:
            ValueError: An entry is missing or unusable.
        """
        entries = {"backend": "torch", "dancer_digest": None, "stepped_by": None, **entries}
        missing = [field.name for field in fields(cls) if field.name not in entries]
        if missing:
            raise ValueError(f"its header lacks {', '.join(missing)}")
        values = {field.name: entries[field.name] for field in fields(cls)}
        rate_hz, seed = values["rate_hz"], values["seed"]
        if values["backend"] not in get_args(Backend):
            raise ValueError(f"its header has backend {values['backend']!r}")
        if not isinstance(rate_hz, int) or not 1 <= rate_hz <= 240 or not isinstance(seed, int):
            raise ValueError(f"its header has rate {rate_hz!r} and seed {seed!r}")
        if not isinstance(values["stepped_by"], dict | None):
            raise ValueError(f"its header has stepped_by {values['stepped_by']!r}")
        try:
            return cls(**{**values, "skeleton": Skeleton.from_dict(values["skeleton"])})
        except (KeyError, TypeError, AttributeError) as error:
            raise ValueError(f"its skeleton makes no sense ({error!r})") from None


def stepped_by(backend: Backend) -> dict[str, str]:
    """What decides how a backend rounds on this machine, beside the version of torch, by name."""
    if backend == "fast":
        from models.fast_step.machine_code import compilers, target

        return {"form": target().form, "processor": target().processor, **compilers()}
    packages, found = (("onnxruntime",) if backend == "onnx" else ()), {"machine": platform.machine()}
    for name in packages:
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):  # it comes by other names, too
            found[name] = importlib.metadata.version(name)
    return found


def engine_settings() -> dict[str, Any]:
    """All settings by which the engine dances, and by which it knows music, as JSON has them.

    Another version of the program may have others.
    """
    from bridge.body.foot_lock import FootLockConfig
    from bridge.body.ground import GroundConfig
    from bridge.body.liveliness import Liveliness
    from bridge.dancer.checksum import sha256
    from bridge.engine.engine_config import EngineConfig
    from data.sound.music_detector import WEIGHTS, MusicDetectorConfig

    settings = {name: value if not isinstance(value, float) or math.isfinite(value) else None
                for name, value in asdict(EngineConfig()).items()}  # fmt: skip
    body = {
        "foot_lock": asdict(FootLockConfig()),
        "ground": asdict(GroundConfig()),
        "liveliness": asdict(Liveliness(rate_hz=1.0)),
        "music_detector": {**asdict(MusicDetectorConfig()), "weights_sha256": sha256(WEIGHTS)},
    }
    return {**settings, **json.loads(json.dumps(body))}  # a tuple is a list there


def controls_to_json(controls: Controls) -> dict[str, Any]:
    """Plain values."""
    return asdict(controls)


_BEFORE_THEY_EXISTED: Final = {
    **{"noise_correlation": 0.0, "style_guidance": 0.0, "facing": 0.0, "front_deg": 0.0},
    **{"grounding": False, "keep_moving": False, "music_only": False},
}
"""What takes of earlier versions were danced with, where their controls do not say it."""


def controls_from_json(entries: dict[str, Any]) -> Controls:
    """The controls that `controls_to_json` wrote, in this version or in an earlier one.

    Raises:
        ValueError: There are others, or a value is out of range.
    """
    try:
        return Controls(**{**_BEFORE_THEY_EXISTED, **entries})
    except TypeError as error:
        raise ValueError(f"its controls are of another version ({error})") from None
