"""From a dancer's file to an engine: what is known of a dancer before it is loaded, and the loading."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from bridge.dancer.backends import Backend, RequestedBackend, check_device, choose, torch_because, use_torch_instead
from bridge.dancer.torch_loading import preload_torch_libraries
from data.motion.pose_codec import PoseCodec
from data.motion.skeleton import Skeleton
from data.sound.audio_features import AudioFeatures, AudioFeaturesConfig
from models.files.checkpoint_header import ONNX_SUFFIX, default_path, read_header
from models.torch_install import require_torch

if TYPE_CHECKING:
    from bridge.control.controls import Controls
    from bridge.engine.engine import Engine
    from bridge.engine.stepped_dancer import SteppedDancer
    from models.fast_step.fast_stepper import FastStepper
    from models.fast_step.machine_code import Kernel
    from models.files.onnx_export import ExportedStep
    from models.files.onnx_stepper import OnnxStepper
    from models.step.stepper import DancerStepper

NO_GUIDANCE: Final = (
    "this dancer has no style guidance; a StreamingTransflower has it, as .safetensors, and as .onnx if exported by "
    "this version of `transflower export-model`"
)
WITH_A_PLAN: Final = "PlanningTransflower"
"""The class of models that dance phrases."""


@dataclass(frozen=True, eq=False)
class DancerFile:
    """A checkpoint, or a step exported from one, whose header has been read: in a millisecond and without torch.

    So the bridge shows an idle figure with the right bones while torch and the weights are still loading.

    Attributes:
        path: The file.
        backend: What steps the dancer.
        metadata: The header, see `models.files.checkpoint_header`.
        skeleton: The dancer's bones.
        rate_hz: Its frames a second.
        exported: The step that was exported from a checkpoint in memory; None if there is none.
        slower_because: Why ``auto`` did not take the fast step, in a sentence; None if it did, or took a GPU.
        kernel: What the fast step runs, linked, so that it is known to work before there is a stage; a process to which
            it is sent links the same code.
    """

    path: Path
    backend: Backend
    metadata: dict[str, Any]
    skeleton: Skeleton
    rate_hz: int
    exported: bytes | None = None
    slower_because: str | None = None
    kernel: "Kernel | None" = None

    @classmethod
    def open(cls, path: Path | None = None, backend: RequestedBackend = "auto", *, device: str = "auto") -> Self:
        """Reads the header of a dancer's file, and gets ready what would hold up other threads later.

        Args:
            path: A checkpoint, or an .onnx file, which ONNX Runtime steps; None is the checkpoint that ships with the
                repository.
            backend: What is asked for; see `bridge.dancer.backends.choose`. With ``onnx`` the step of a checkpoint is
                exported in memory, and for the fast step the kernel is compiled if this processor has never run it,
                now: that takes seconds in which no other thread can send poses, so it is done before there is a stage.
            device: What it is to run on; ``auto`` takes the fast step for a processor alone.

        Raises:
            ValueError: There is no such file, it is no dancer, or a package is missing; the message says what to do.

        Example:
            >>> dancer = DancerFile.open()
            >>> dancer.rate_hz, dancer.skeleton.num_joints, dancer.styles[:3]
            (30, 19, ('BR', 'HO', 'JB'))
        """
        path = default_path() if path is None else path
        metadata = read_header(path)
        skeleton, rate_hz = _skeleton_and_rate(path, metadata)
        choice = choose(path, metadata, backend, device)
        kernel = None
        if choice.backend == "fast":
            from models.fast_step.machine_code import Kernel, UnavailableError

            try:
                kernel = Kernel()
            except UnavailableError as error:
                if backend == "fast":
                    raise ValueError(f"{path}: {error}; {use_torch_instead()}") from None
                choice = torch_because(path, str(error))
        exported = None
        if choice.backend == "onnx" and path.suffix.lower() == ONNX_SUFFIX:
            from models.files.onnx_stepper import require_onnx

            require_onnx("onnxruntime")
        elif choice.backend == "onnx":
            exported = export_checkpoint(path).data
        return cls(path, choice.backend, metadata, skeleton, rate_hz, exported, choice.reason, kernel)

    @classmethod
    def unprepared(cls, path: Path | None = None) -> Self:
        """What a dancer's file tells of itself, for those who do not dance: nothing that would is looked for.

        Raises:
            ValueError: There is no such file, or it is no dancer.
        """
        path = default_path() if path is None else path
        metadata = read_header(path)
        backend: Backend = "onnx" if path.suffix.lower() == ONNX_SUFFIX else "torch"
        return cls(path, backend, metadata, *_skeleton_and_rate(path, metadata))

    @property
    def look_ahead_frames(self) -> int:
        """Largest number of frames by which music may run ahead of the dance."""
        return int(self.metadata["look_ahead_frames"])

    @property
    def styles(self) -> tuple[str, ...]:
        """Names of the styles it knows."""
        return tuple(self.metadata["styles"])

    @property
    def seed_poses(self) -> tuple[str, ...]:
        """Names of the poses that its dances may start from."""
        return tuple(self.metadata["seed_poses"])

    @property
    def guides_style(self) -> bool:
        """Whether a style can be exaggerated; files that are older than that do not tell."""
        is_old = self.metadata["model_class"] == "StreamingTransflower" and self.path.suffix.lower() != ONNX_SUFFIX
        return bool(self.metadata.get("guides_style", is_old))

    def says_of(self, controls: "Controls") -> str | None:
        """What was asked for by these controls that the dancer cannot obey, in a sentence; None if there is nothing."""
        asked = controls.style_guidance not in (0.0, type(controls)().style_guidance)
        if controls.style is not None and asked and not self.guides_style:
            return f"{self.path.name}: the style is danced, but not exaggerated: {NO_GUIDANCE}"
        if controls.plan != type(controls)().plan and self.metadata["model_class"] != WITH_A_PLAN:
            return f"{self.path.name}: it improvises whatever the plan, since it has none; a {WITH_A_PLAN} has one"
        return None

    @property
    def noise_correlation(self) -> float:
        """What was fitted to real dance; 0 where the file is older than that."""
        return float(self.metadata.get("noise_correlation", 0.0))

    @property
    def groove(self) -> float:
        """What suits the dancer; in a file that does not tell, what suits those with a plan or without."""
        return float(self.metadata.get("groove", 0.05 if self.metadata["model_class"] == WITH_A_PLAN else 0.15))

    def load_stepper(
        self, *, device: str = "auto", cuda_graph: bool = True
    ) -> "DancerStepper | OnnxStepper | FastStepper":
        """The dancer on a device; takes seconds with PyTorch, most of them for importing it, and tenths with others.

        Call it in the thread that will step the dancer: the number of torch's threads is a property of the thread that
        calls torch. One thread steps a small dancer as fast as two, and leaves the other core to sound and sending.

        Raises:
            ValueError: The file is damaged, or the device does not exist.
        """
        check_device(self.backend, device)
        if self.backend == "fast":
            from models.fast_step.fast_stepper import FastStepper

            return FastStepper(self.path, kernel=self.kernel)
        if self.backend == "onnx":
            from models.files.onnx_stepper import OnnxStepper

            return OnnxStepper(self.path if self.exported is None else self.exported, str(self.path))
        preload_torch_libraries()
        import torch

        from models.files import checkpoint
        from models.step.stepper import DancerStepper

        torch.set_num_threads(1)
        return DancerStepper(checkpoint.load(self.path).model, device, cuda_graph=cuda_graph)

    def engine(self, stepper: "SteppedDancer", *, look_ahead_frames: int = 0) -> "Engine":
        """The engine around this dancer.

        Raises:
            ValueError: The dancer was trained on other sound features, or cannot look so far ahead.
        """
        from bridge.engine.engine import Engine

        features = AudioFeatures(AudioFeaturesConfig(rate_hz=self.rate_hz))
        if features.fingerprint != self.metadata["audio_fingerprint"]:
            raise ValueError(
                f"{self.path}: trained on sound features {self.metadata['audio_fingerprint']}, this program computes "
                f"{features.fingerprint}; prepare its data again and train it or go on (fit --model.start_from), "
                "or, if it is only older than the beat tracker, stamp it by transflower-train calibrate --older-beats"
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
            seed_poses=self.seed_poses,
            # The energy with which a dancer moves as much as the mean of what it learned, if that was fitted.
            energy_mean_std=(float(energy.get("told_mean", energy["mean"])), float(energy["std"])),
            # The mean speed of real dance of all styles: what its dance must come to.
            energy_aim_m_s=float(energy.get("aim_mean", energy["mean"])),
            style_energy=energy.get("by_style"),
            noise_correlation=self.noise_correlation,
            groove=self.groove,
            look_ahead_frames=look_ahead_frames,
        )

    def load_engine(self, *, device: str = "auto", cuda_graph: bool = True, look_ahead_frames: int = 0) -> "Engine":
        """Both at once; see `load_stepper` and `engine`."""
        stepper = self.load_stepper(device=device, cuda_graph=cuda_graph)
        return self.engine(stepper, look_ahead_frames=look_ahead_frames)


def _skeleton_and_rate(path: Path, metadata: dict[str, Any]) -> tuple[Skeleton, int]:
    try:
        return Skeleton.from_dict(metadata["skeleton"]), round(metadata["frame_rate_hz"])
    except (KeyError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: its skeleton or frame rate makes no sense ({error!r}); train it again") from None


def export_checkpoint(path: Path) -> "ExportedStep":
    """The step of a checkpoint as an ONNX model, compared with PyTorch; see `models.files.onnx_export.export_step`.

    Raises:
        ValueError: The file is damaged, a package is missing, or the step dances otherwise than PyTorch's.
    """
    from models.files.onnx_stepper import require_onnx

    require_onnx("onnx", "onnxscript", "onnxruntime")
    require_torch(f"{path}: exporting its step")
    preload_torch_libraries()
    import torch

    from models.files import checkpoint
    from models.files.onnx_export import export_step

    torch.set_num_threads(1)  # two would wait for each other in operators this small
    return export_step(checkpoint.load(path))
