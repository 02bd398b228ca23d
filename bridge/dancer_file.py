"""From a checkpoint to an engine: what is known of a dancer before it is loaded, and the loading."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bridge.torch_loading import preload_torch_libraries
from data.audio_features import AudioFeatures, AudioFeaturesConfig
from data.pose_codec import PoseCodec
from data.skeleton import Skeleton
from models.checkpoint_header import default_path, read_header

if TYPE_CHECKING:
    from bridge.engine import Engine
    from models.stepper import DancerStepper


@dataclass(frozen=True, eq=False)
class DancerFile:
    """A checkpoint whose header has been read, which takes a millisecond and needs no torch.

    So the bridge shows an idle figure with the right bones while torch and the weights are still loading.

    Attributes:
        path: The file.
        metadata: The header, see `models.checkpoint_header`.
        skeleton: The dancer's bones.
        rate_hz: Its frames a second.
    """

    path: Path
    metadata: dict[str, Any]
    skeleton: Skeleton
    rate_hz: int

    @classmethod
    def open(cls, path: Path | None = None) -> "DancerFile":
        """Reads the header of a checkpoint; None stands for the one that ships with the repository.

        Raises:
            ValueError: There is no such file or it is no dancer; the message says what to do.
        """
        path = default_path() if path is None else path
        metadata = read_header(path)
        try:
            skeleton, rate_hz = Skeleton.from_dict(metadata["skeleton"]), round(metadata["frame_rate_hz"])
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"{path}: its skeleton or frame rate makes no sense ({error!r}); train it again") from None
        return cls(path, metadata, skeleton, rate_hz)

    @property
    def look_ahead_frames(self) -> int:
        """Largest number of frames by which music may run ahead of the dance."""
        return int(self.metadata["look_ahead_frames"])

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles it knows."""
        return tuple(self.metadata["styles"])

    def load_stepper(self, *, device: str = "auto", cuda_graph: bool = True) -> "DancerStepper":
        """The dancer on a device; takes seconds, most of them for importing torch.

        Call it in the thread that will step the dancer: the number of torch's threads is a property of the thread that
        calls torch. One thread steps a small dancer as fast as two, and leaves the other core to sound and sending.

        Raises:
            ValueError: The file is damaged, or the device does not exist.
        """
        preload_torch_libraries()
        import torch

        from models import checkpoint
        from models.stepper import DancerStepper

        torch.set_num_threads(1)
        return DancerStepper(checkpoint.load(self.path).model, device, cuda_graph=cuda_graph)

    def engine(self, stepper: "DancerStepper", *, look_ahead_frames: int = 0) -> "Engine":
        """The engine around this dancer.

        Raises:
            ValueError: The dancer was trained on other sound features, or cannot look so far ahead.
        """
        from bridge.engine import Engine

        features = AudioFeatures(AudioFeaturesConfig(rate_hz=self.rate_hz))
        if features.fingerprint != self.metadata["audio_fingerprint"]:
            raise ValueError(
                f"{self.path}: trained on sound features {self.metadata['audio_fingerprint']}, this program computes "
                f"{features.fingerprint}; train it again, or use the version of the program it was trained with"
            )
        if look_ahead_frames > self.look_ahead_frames:
            raise ValueError(
                f"{self.path}: looks ahead by at most {self.look_ahead_frames} frames, not {look_ahead_frames}"
            )
        energy = self.metadata["energy"]
        return Engine(
            stepper,
            PoseCodec.from_dict(self.metadata["pose_codec"]),
            music_dims=features.dims,
            styles=self.styles,
            energy_mean_std=(float(energy["mean"]), float(energy["std"])),
            look_ahead_frames=look_ahead_frames,
        )

    def load_engine(self, *, device: str = "auto", cuda_graph: bool = True, look_ahead_frames: int = 0) -> "Engine":
        """Both at once; see `load_stepper` and `engine`."""
        stepper = self.load_stepper(device=device, cuda_graph=cuda_graph)
        return self.engine(stepper, look_ahead_frames=look_ahead_frames)
