"""``transflower-train assess``: how a dancer dances to held-out music, beside real dance and with controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import matplotlib
import numpy as np
import torch
import tyro
from numpy.typing import NDArray

from data.json_file import write_json
from data.motion import Motion
from data.pose_codec import PoseCodec
from models import checkpoint
from training import metrics
from training.rollout import Excerpt, roll_out, sounding_excerpts
from training.windows import PreparedFolder, with_exact_clock


@dataclass(frozen=True, kw_only=True)
class Assess:
    """Lets a dancer loose on held-out music and measures the dances beside the real ones to the same music.

    Beat coherence says that a dance pulses with the tempo; its control is a tempo 1.13 times as fast. Beat lock says
    that it pulses at the place in the beat at which the real dances of its style in the training split do; its controls
    are beats shifted by half and another excerpt's beats.

    Attributes:
        checkpoint: The dancer, a .safetensors file.
        folder: Prepared folder whose split is used.
        output: Report without ending: .json, .md and .png are written.
        split: val or test.
        num_dances: Roll-outs; excerpts are danced again with other noise when there are fewer.
        seconds: Length of each roll-out.
        long_seconds: Length of one long roll-out over all music of the split in a row; 0 leaves it out.
        temperature: Scale of the noise.
        seed: Seeds the noise.
        exact_clock: Gives the dancer the exact beat oscillator, as from Ableton Link or MIDI clock, instead of the
            tracker's: what remains between the two is the tracker's fault, not the dancer's.
        groove: How much the beat modulates the speed of the dance, 0 to 1; 0 shows what the dancer learned by itself.
        energy_m_s: Wished mean joint speed; None leaves it to the dancer. On a stage the default is the training mean.
    """

    checkpoint: Annotated[Path, tyro.conf.Positional]
    folder: Path
    output: Annotated[Path, tyro.conf.arg(aliases=["-o"])]
    split: str = "val"
    num_dances: int = 48
    seconds: float = 20.0
    long_seconds: float = 600.0
    temperature: float = 1.0
    seed: int = 0
    exact_clock: bool = False
    groove: float = 0.15
    energy_m_s: float | None = None


@dataclass(frozen=True, eq=False)
class DanceSet:
    """Dances to the same excerpts, real or generated.

    Attributes:
        motions: One a dance.
        speeds: Their pose speeds.
        fastest_rad: Where in the beat each dance's style is fastest.
    """

    motions: list[Motion]
    speeds: list[metrics.Curve]
    fastest_rad: list[float]

    @classmethod
    def decode(cls, codec: PoseCodec, vectors: list[NDArray[np.float32]], fastest_rad: list[float]) -> DanceSet:
        """Decodes codec vectors."""
        motions = [codec.decode(v) for v in vectors]
        return cls(motions, [metrics.pose_speed(motion) for motion in motions], fastest_rad)

    def coherences(self, beats: list[metrics.Curve]) -> list[float]:
        """Size of the beat coherence of each dance with a list of beats."""
        return [abs(metrics.beat_coherence(s, b)) for s, b in zip(self.speeds, beats, strict=True)]

    def locks(self, beats: list[metrics.Curve]) -> list[float]:
        """Beat lock of each dance to a list of beats."""
        dances = zip(self.speeds, beats, self.fastest_rad, strict=True)
        return [metrics.beat_lock(speed, beat, fastest) for speed, beat, fastest in dances]

    def summary(self, beats: list[metrics.Curve]) -> dict[str, Any]:
        """Means over the dances, and the beat tests."""
        joint_speeds = [metrics.joint_speed(motion) for motion in self.motions]
        coherences, locks = self.coherences(beats), self.locks(beats)
        return {
            "joint_speed_m_s": float(np.mean([s.mean() for s in joint_speeds])),
            "joint_speed_last_third_m_s": float(np.mean([s[-len(s) // 3 :].mean() for s in joint_speeds])),
            "jerk_m_s3": float(np.mean([metrics.jerk(m) for m in self.motions])),
            "foot_sliding_m_s": float(np.mean([metrics.foot_sliding_m_s(m) for m in self.motions])),
            "longest_freeze_s": max(metrics.longest_freeze_s(m) for m in self.motions),
            "travel_m": float(np.mean([metrics.travel_m(m) for m in self.motions])),
            "beat_coherence": float(np.mean(coherences)),
            "beat_lock": float(np.mean(locks)),
            "beat_tests": {
                "coherence, wrong tempo": asdict(
                    metrics.beat_test(coherences, self.coherences([b * metrics.WRONG_TEMPO for b in beats]))
                ),
                "lock, half a beat off": asdict(metrics.beat_test(locks, self.locks([b + 0.5 for b in beats]))),
                "lock, wrong song": asdict(metrics.beat_test(locks, self.locks(_other_beats(beats)))),
            },
        }


def fastest_by_style(codec: PoseCodec, folder: PreparedFolder, num_frames: int) -> dict[int, float]:
    """For each style, where in the beat its real dances in the training split are fastest, radians."""
    coherences: dict[int, list[complex]] = {}
    for excerpt in sounding_excerpts(folder.sequences("train"), num_frames):
        speed = metrics.pose_speed(codec.decode(np.asarray(excerpt.sequence.pose[excerpt.frames])))
        coherences.setdefault(excerpt.sequence.style, []).append(metrics.beat_coherence(speed, excerpt.beat))
    return {style: float(np.angle(np.mean(values))) for style, values in coherences.items()}


def _other_beats(beats: list[metrics.Curve]) -> list[metrics.Curve]:
    """For each excerpt the beats of the excerpt whose tempo differs most."""
    tempi = np.array([b[-1] - b[0] for b in beats])
    return [beats[int(np.argmax(np.abs(np.log(tempi / tempo))))] for tempo in tempi]


def assess(options: Assess) -> dict[str, Any]:
    """Runs the assessment and returns the report.

    Raises:
        ValueError: If the split holds no excerpt of the length, or the checkpoint was trained on other features.
    """
    loaded = checkpoint.load(options.checkpoint)
    folder = PreparedFolder.open(options.folder)
    folder.check_fits(loaded.metadata, options.checkpoint)
    codec = PoseCodec.from_dict(loaded.metadata["pose_codec"])
    num_frames = int(options.seconds * codec.rate_hz)
    excerpts = sounding_excerpts(folder.sequences(options.split), num_frames)
    if not excerpts:
        raise ValueError(
            f"{options.folder}: no excerpt of {options.seconds} s in split {options.split!r}; use --seconds"
        )
    chosen = [excerpts[i % len(excerpts)] for i in range(options.num_dances)]
    beats = [excerpt.beat for excerpt in chosen]
    fastest = fastest_by_style(codec, folder, num_frames)
    fastest_rad = [fastest.get(e.sequence.style, np.pi) for e in chosen]
    real = DanceSet.decode(codec, [np.asarray(e.sequence.pose[e.frames]) for e in chosen], fastest_rad)
    beat_columns = slice(*folder.fingerprint["audio_columns"]["beat"])
    danced = DanceSet.decode(codec, _dance(loaded, chosen, beat_columns, options), fastest_rad)
    report: dict[str, Any] = {
        "checkpoint": options.checkpoint.name,
        "training": loaded.metadata.get("training"),
        "split": options.split,
        "num_dances": options.num_dances,
        "num_excerpts": len(excerpts),
        "seconds": options.seconds,
        "temperature": options.temperature,
        "exact_clock": options.exact_clock,
        "groove": options.groove,
        "energy_m_s": options.energy_m_s,
        "real": real.summary(beats),
        "danced": danced.summary(beats),
    }
    if options.long_seconds:
        report["long"] = _long_dance(loaded, codec, excerpts, options)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    write_json(options.output.with_suffix(".json"), report)
    options.output.with_suffix(".md").write_text(markdown(report), encoding="utf-8")
    _plot(options.output.with_suffix(".png"), real, danced, beats)
    return report


def _dance(
    loaded: checkpoint.Checkpoint, chosen: list[Excerpt], beat_columns: slice, options: Assess
) -> list[NDArray[np.float32]]:
    music = np.stack([np.asarray(e.sequence.audio[e.frames]) for e in chosen])
    if options.exact_clock:
        beats = [torch.from_numpy(excerpt.beat) for excerpt in chosen]
        rate_hz = float(loaded.metadata["frame_rate_hz"])
        told = [
            with_exact_clock(torch.from_numpy(m), b, beat_columns, rate_hz) for m, b in zip(music, beats, strict=True)
        ]
        music = torch.stack(told).numpy()
    styles = [e.sequence.style for e in chosen]
    return list(_roll_out(loaded, music, styles, options))


def _roll_out(
    loaded: checkpoint.Checkpoint, music: NDArray[np.float32], styles: Sequence[int | None], options: Assess
) -> NDArray[np.float32]:
    return roll_out(
        loaded.model,
        music,
        styles,
        seed=options.seed,
        temperature=options.temperature,
        groove=options.groove,
        energy_m_s=options.energy_m_s,
    )


def _long_dance(
    loaded: checkpoint.Checkpoint, codec: PoseCodec, excerpts: list[Excerpt], options: Assess
) -> dict[str, Any]:
    """One dancer, one long medley of all excerpts: does it freeze, drift or grow wild?"""
    num_frames = int(options.long_seconds * codec.rate_hz)
    medley = np.concatenate([np.asarray(e.sequence.audio[e.frames]) for e in excerpts])
    medley = np.tile(medley, (-(-num_frames // len(medley)), 1))[:num_frames]
    vectors = _roll_out(loaded, medley[None], [None], options)[0]
    motion = codec.decode(vectors)
    speed = metrics.joint_speed(motion)
    return {
        "seconds": options.long_seconds,
        "longest_freeze_s": metrics.longest_freeze_s(motion),
        "joint_speed_first_minute_m_s": float(speed[: int(60 * codec.rate_hz)].mean()),
        "joint_speed_last_minute_m_s": float(speed[-int(60 * codec.rate_hz) :].mean()),
        "travel_m": metrics.travel_m(motion),
        "hips_height_m": [float(motion.root_positions[:, 1].min()), float(motion.root_positions[:, 1].max())],
    }


def markdown(report: dict[str, Any]) -> str:
    """The report as a table."""
    real, danced = report["real"], report["danced"]
    rows = [
        ("mean joint speed, m/s", "joint_speed_m_s", 3),
        ("mean joint speed, last third, m/s", "joint_speed_last_third_m_s", 3),
        ("jerk, m/s^3", "jerk_m_s3", 1),
        ("foot sliding, m/s", "foot_sliding_m_s", 3),
        ("longest freeze, s", "longest_freeze_s", 2),
        ("travel, m", "travel_m", 2),
        ("beat coherence", "beat_coherence", 3),
        ("beat lock", "beat_lock", 3),
    ]
    energy = "free" if report["energy_m_s"] is None else f"{report['energy_m_s']:.2f} m/s"
    lines = [
        f"{report['num_dances']} roll-outs of {report['seconds']:g} s over {report['num_excerpts']} excerpts of split "
        f"`{report['split']}`, temperature {report['temperature']:g}, groove {report['groove']:g}, energy {energy}, "
        f"beats from {'an exact clock' if report['exact_clock'] else 'the tracker'}.",
        "",
        "| | real | danced |",
        "|---|---|---|",
        *[f"| {label} | {real[key]:.{digits}f} | {danced[key]:.{digits}f} |" for label, key, digits in rows],
    ]
    for control, r in real["beat_tests"].items():
        d = danced["beat_tests"][control]
        lines.append(
            f"| beat {control} (p that it is no worse) | {r['control']:.3f} ({r['p_value']:.1e}) "
            f"| {d['control']:.3f} ({d['p_value']:.1e}) |"
        )
    if "long" in report:
        long = report["long"]
        lines += [
            "",
            f"One dance of {long['seconds']:g} s: longest freeze {long['longest_freeze_s']:.2f} s, joint speed "
            f"{long['joint_speed_first_minute_m_s']:.3f} m/s in the first minute and "
            f"{long['joint_speed_last_minute_m_s']:.3f} in the last, hips between {long['hips_height_m'][0]:.2f} and "
            f"{long['hips_height_m'][1]:.2f} m, travel {long['travel_m']:.1f} m.",
        ]
    return "\n".join(lines) + "\n"


def _plot(path: Path, real: DanceSet, danced: DanceSet, beats: list[metrics.Curve]) -> None:
    """Speed over the beat's phase, and the spread of the beat locks with their control."""
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, (left, right) = plt.subplots(1, 2, figsize=(10, 3.6), layout="constrained")
    centres, bins = (np.arange(12) + 0.5) / 12, np.linspace(0, 0.6, 25)
    for label, dances, colour in (("real", real, "tab:gray"), ("danced", danced, "tab:red")):
        # Turned so that every style is fastest in the middle of the beat.
        turned = [b - fastest / (2 * np.pi) + 0.5 for b, fastest in zip(beats, dances.fastest_rad, strict=True)]
        curves = [metrics.speed_by_beat_phase(s, b) for s, b in zip(dances.speeds, turned, strict=True)]
        left.plot(centres, np.mean(curves, 0), marker="o", color=colour, label=label)
        right.hist(dances.coherences(beats), bins=bins, alpha=0.55, color=colour, label=label)
    wrong = danced.coherences([b * metrics.WRONG_TEMPO for b in beats])
    right.hist(wrong, bins=bins, histtype="step", color="black", label="danced, wrong tempo")
    left.set(
        xlabel="phase of the beat, the style's fastest at 0.5",
        ylabel="pose speed / its mean",
        title="Once a beat, in place",
    )
    right.set(xlabel="beat coherence of a dance", ylabel="dances", title="In its own tempo")
    left.legend()
    right.legend()
    figure.savefig(path, dpi=110)
    plt.close(figure)


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train assess``."""
    options = tyro.cli(Assess, args=arguments, prog="transflower-train assess", description=Assess.__doc__)
    print(markdown(assess(options)))
    print(f"written: {options.output.with_suffix('.json')}, .md, .png")
