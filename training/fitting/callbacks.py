"""What happens beside the optimisation: roll-outs while training, and checkpoints that a bridge can perform from."""

from pathlib import Path
from typing import Any

import numpy as np
import pytorch_lightning as pl
import torch
from lightning_utilities.core.rank_zero import rank_zero_info
from pytorch_lightning.callbacks import WeightAveraging
from torch import Tensor

from data.motion.pose_codec import PoseCodec
from data.movement.feet import foot_sliding_m_s
from data.movement.speed import jerk, joint_speed, longest_freeze_s, pose_speed, travel_m
from models.window.window_dancer import WindowDancer
from training.fitting.dancer_training import DancerTraining
from training.fitting.export import checkpoint_metadata, modality_metadata, save_modal, save_trained, why_no_stage
from training.fitting.noise_fit import fitted_noise_correlation
from training.fitting.rollout import roll_out, sounding_excerpts
from training.metrics.beats import WRONG_TEMPO, beat_coherence


class RolloutMetrics(pl.Callback):
    """Lets the dancer go on its own over held-out music and logs whether it freezes, drifts and follows the beat.

    Models that hear anything but sound, or dance anything but poses, are left alone.

    The logged quantities are those of real motion too (``rollout/real_*``), computed once.

    Args:
        num_dancers: Roll-outs at once.
        seconds: Length of each.
        every_n_validations: Roll-outs follow every n-th validation.
    """

    def __init__(self, num_dancers: int = 16, seconds: float = 15.0, every_n_validations: int = 2) -> None:
        self.num_dancers, self.seconds, self.every_n_validations = num_dancers, seconds, every_n_validations
        self._validations = 0

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Dances and logs."""
        assert isinstance(pl_module, DancerTraining)
        self._validations += 1
        if trainer.sanity_checking or self._validations % self.every_n_validations or not trainer.is_global_zero:
            return
        if why_no_stage(pl_module.dancer, pl_module.data.folder) is not None:
            return
        prepared = pl_module.data.prepared
        codec = PoseCodec.from_dict(prepared.fingerprint["pose_codec"])
        excerpts = sounding_excerpts(prepared.sequences("val"), int(self.seconds * codec.rate_hz))
        if not excerpts:
            return
        chosen = [excerpts[i % len(excerpts)] for i in range(self.num_dancers)]
        music = np.stack([np.asarray(e.sequence.audio[e.frames]) for e in chosen])
        vectors = roll_out(pl_module.dancer, music, [e.sequence.style for e in chosen], seed=0)
        real = [np.asarray(e.sequence.pose[e.frames]) for e in chosen]
        for name, dances in (("rollout", list(vectors)), ("rollout/real", real)):
            prefix = f"{name}/" if name == "rollout" else f"{name}_"
            motions = [codec.decode(dance) for dance in dances]
            speeds = [joint_speed(motion) for motion in motions]
            with_beats = [(m, e) for m, e in zip(motions, chosen, strict=True) if e.sequence.knows_beats]
            coherences = {
                name: float(np.mean([abs(beat_coherence(pose_speed(m), tempo * e.beat)) for m, e in with_beats]))
                for name, tempo in (("beat_coherence", 1), ("beat_coherence_wrong_tempo", WRONG_TEMPO))
                if with_beats
            }
            pl_module.log_dict(
                {
                    f"{prefix}speed_m_s": float(np.mean([s.mean() for s in speeds])),
                    f"{prefix}last_third_speed_m_s": float(np.mean([s[-len(s) // 3 :].mean() for s in speeds])),
                    f"{prefix}longest_freeze_s": max(longest_freeze_s(motion) for motion in motions),
                    f"{prefix}travel_m": float(np.mean([travel_m(motion) for motion in motions])),
                    f"{prefix}jerk_m_s3": float(np.mean([jerk(motion) for motion in motions])),
                    f"{prefix}foot_sliding_m_s": float(np.mean([foot_sliding_m_s(m) for m in motions])),
                    **{f"{prefix}{name}": value for name, value in coherences.items()},
                },
                batch_size=1,
                rank_zero_only=True,
            )


class ExportDancer(pl.Callback):
    """Writes the dancer as the bridge performs it: ``best.safetensors`` by validation and ``last.safetensors``.

    Models of other modalities are written likewise, for ``transflower-train generate``.

    Args:
        provenance: What a user of the weights should know: data, length of training, split.
        licence: Licence of the weights; null takes that of the prepared folder.
        attribution: Credit that the licences of the data ask for; null takes that of the prepared folder.
        folder: Where to write; the logger's folder if null.
        monitor: The logged quantity whose smallest value is best.
    """

    def __init__(
        self,
        provenance: str = "not stated",
        licence: str | None = None,
        attribution: str | None = None,
        folder: Path | None = None,
        monitor: str = "val/loss",
    ) -> None:
        self.provenance, self.licence, self.attribution = provenance, licence, attribution
        self.folder, self.monitor = folder, monitor
        self._best = float("inf")
        self._metadata: dict[str, Any] = {}
        self._written_at = -1
        self._is_dancer = True

    def on_fit_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Finds out before the training whether its result could perform, and says so where it could not."""
        assert isinstance(pl_module, DancerTraining)
        dancer, data = pl_module.dancer, pl_module.data
        credits: dict[str, Any] = {
            "provenance": self.provenance,
            "licence": self.licence,
            "attribution": self.attribution,
        }
        reason = why_no_stage(dancer, data.folder)
        self._is_dancer = reason is None
        if reason is None:
            self._metadata = checkpoint_metadata(data.prepared, dancer, **credits)
            return
        assert isinstance(dancer, WindowDancer)
        rank_zero_info(f"{reason}; so what is written is for `transflower-train generate`, not for a stage")
        self._metadata = modality_metadata(data.folder, dancer, **credits)

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Writes the files."""
        assert isinstance(pl_module, DancerTraining)
        if not self._metadata or trainer.sanity_checking or self.monitor not in trainer.callback_metrics:
            return
        self._write(trainer, pl_module, float(trainer.callback_metrics[self.monitor]))

    def on_fit_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Writes the last weights where no validation did it, as without held-out sequences; says what there is now."""
        assert isinstance(pl_module, DancerTraining)
        if self._metadata and self._written_at != trainer.global_step and trainer.global_step > 0:
            pl_module.dancer.eval()
            self._write(trainer, pl_module, None)
        if self._written_at > 0:
            file = self._folder(trainer) / ("last.safetensors" if self._best == float("inf") else "best.safetensors")
            command = "transflower perform --checkpoint" if self._is_dancer else "transflower-train generate"
            rank_zero_info(f"written: {file}, for `{command} {file}`")

    def _folder(self, trainer: pl.Trainer) -> Path:
        return self.folder or Path(trainer.log_dir or trainer.default_root_dir)

    def _write(self, trainer: pl.Trainer, pl_module: DancerTraining, value: float | None) -> None:
        """Writes the dancer; the best one too, where a validation says that it is."""
        folder = self._folder(trainer)  # all processes must ask for it
        self._written_at = trainer.global_step
        if not trainer.is_global_zero:
            return
        training = {
            "steps": trainer.global_step,
            "minutes": pl_module.trained_minutes,
            "loss": pl_module.dancer.loss_name,
            **({} if value is None else {self.monitor: value}),
        }
        correlation = fitted_noise_correlation(pl_module.dancer, pl_module.data)
        metadata = {**self._metadata, "training": training, "noise_correlation": correlation}
        save = save_trained if self._is_dancer else save_modal
        save(folder / "last.safetensors", pl_module.dancer, metadata)
        if value is not None and value < self._best:
            self._best = value
            save(folder / "best.safetensors", pl_module.dancer, metadata)

    def state_dict(self) -> dict[str, float]:
        """What a resumed run must know."""
        return {"best": self._best}

    def load_state_dict(self, state_dict: dict[str, float]) -> None:
        """Takes it back."""
        self._best = state_dict["best"]


class AveragedWeights(WeightAveraging):
    """Validates, rolls out and exports an exponential moving average of the weights; training goes on with its own.

    It must stand after `RolloutMetrics` and `ExportDancer` in the list of callbacks.

    Args:
        decay: Share of the old average that is kept at each step; less at first, when the weights have far to go.
    """

    def __init__(self, decay: float = 0.999) -> None:
        def update(average: list[Tensor], current: list[Tensor], num_averaged: Tensor | int) -> None:
            count = int(num_averaged)
            torch._foreach_lerp_(average, current, 1 - min(decay, (1 + count) / (10 + count)))

        super().__init__(use_buffers=False, multi_avg_fn=torch.no_grad()(update))

    def setup(self, trainer: pl.Trainer, pl_module: pl.LightningModule, stage: str) -> None:
        """Checks the order of the callbacks."""
        callbacks: list[Any] = list(getattr(trainer, "callbacks"))  # noqa: B009 - set by the trainer at run time
        if any(isinstance(later, RolloutMetrics | ExportDancer) for later in callbacks[callbacks.index(self) :]):
            raise ValueError("AveragedWeights must stand after RolloutMetrics and ExportDancer in trainer.callbacks")
        super().setup(trainer, pl_module, stage)

    def on_validation_epoch_start(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Puts the average in."""
        pl_module.train()  # what is folded from the other weights must go
        super().on_validation_epoch_start(trainer, pl_module)
        pl_module.eval()

    def on_validation_epoch_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Nothing yet: the export comes after it."""

    def on_validation_end(self, trainer: pl.Trainer, pl_module: pl.LightningModule) -> None:
        """Takes the average out."""
        pl_module.train()
        super().on_validation_epoch_end(trainer, pl_module)
