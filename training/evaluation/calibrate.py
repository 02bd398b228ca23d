"""``transflower-train calibrate``: what is fitted to real dance once a dancer is trained, into its file."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Final

import numpy as np
import tyro

from data.dataset.prepared_reader import PreparedFolder
from data.formats.whole_file import whole_file
from data.motion.pose_codec import PoseCodec
from data.movement.speed import joint_speed
from data.sound.audio_features import FIRST_FINGERPRINTS, AudioFeatures, AudioFeaturesConfig
from models.files import checkpoint
from models.files.checkpoint_header import read_header, with_changed_header
from models.step.dancer import Dancer
from training.evaluation.dances import spread
from training.evaluation.held_out import data_for
from training.fitting.noise_fit import fitted_noise_correlation
from training.fitting.rollout import Excerpt, roll_out, sounding_excerpts

_REAL_OF_STYLE: Final = 8
_OLDER_BEATS: Final = "The beat columns that it heard in training came from an older beat tracker"
_SMALLEST_STEP_M_S: Final = 0.05


@dataclass(frozen=True, kw_only=True)
class Calibrate:
    """Fits to real dance what needs no training, and writes it into the header of a dancer's file.

    The correlation of its noise, from held-out dance; how much more or less real dance of each style moves than the
    mean; and the energy that the dancer must be given to move as much, from dances of its own to held-out
    music. Its weights stay as they are, to the byte. `fit` writes the correlation too; this is for files that are older
    than that, and for the energy.

    - transflower-train calibrate models/weights/default.safetensors --folder prepared
    - transflower-train calibrate best.safetensors --folder prepared -o calibrated.safetensors --noise-correlation 0.5
    - transflower-train calibrate best.safetensors --older-beats

    The last is for a dancer that was trained before the beat tracker changed: its file is stamped with the sound
    features of this program, and its provenance says that it heard other beat columns in training. All other columns
    are as they were, and the beat columns mean what they meant; nothing is fitted.

    Attributes:
        checkpoint: The dancer, a .safetensors file.
        folder: Prepared folder; needed for all but `older_beats`.
        output: File to write; the dancer's own, if not given.
        noise_correlation: Is not fitted, but this.
        told_energy: Likewise the energy that the dancer is given, m/s; the shares of the styles are fitted all the
            same.
        num_dances: Dances from which the energy is fitted; 0 leaves the energy as it is.
        seconds: Length of a dance.
        groove: As on the stage where it will dance; written into the file, as what suits the dancer until another is
            asked for. 0.15 suits a dancer without a plan, 0.05 one with a plan.
        style_guidance: Likewise.
        older_beats: Only stamps a dancer that heard an older beat tracker in training.
    """

    checkpoint: tyro.conf.Positional[Path]
    folder: Path | None = None
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"])] = None
    noise_correlation: float | None = None
    told_energy: float | None = None
    num_dances: int = 16
    seconds: float = 15.0
    groove: float = 0.15
    style_guidance: float = 4.0
    older_beats: bool = False


def calibrate(options: Calibrate) -> dict[str, Any]:
    """Writes the file; the entries of the header that have changed.

    Raises:
        ValueError: If the dancer does not fit the folder, or the folder holds too little or is missing.
    """
    if options.older_beats:
        return _write(options, stamped_for_these_beats(options.checkpoint))
    if options.folder is None:
        raise ValueError("name the prepared folder by --folder (or stamp an older dancer by --older-beats)")
    if not options.seconds > 0:
        raise ValueError(f"--seconds is the length of a dance, and {options.seconds:g} is none")
    loaded = checkpoint.load(options.checkpoint)
    folder = PreparedFolder.open(options.folder)
    folder.check_fits(loaded.metadata, options.checkpoint)
    model = loaded.model.eval()
    correlation = options.noise_correlation
    if correlation is None:
        correlation = fitted_noise_correlation(model, data_for(model, options.folder))
    changes: dict[str, Any] = {"noise_correlation": correlation, "groove": options.groove}
    if options.num_dances > 0 and "energy_m_s" in model.steered.leaves:
        codec = PoseCodec.from_dict(folder.fingerprint["pose_codec"])
        shares = _energy_shares(folder, codec, int(options.seconds * codec.rate_hz))
        given_m_s = options.told_energy
        if given_m_s is None:
            given_m_s = _given_energy(model, loaded.metadata, folder, shares, correlation, options)
        by_style = {folder.styles[style]: round(share, 3) for style, (share, _) in shares.items()}
        aim = round(_mean_of_styles(shares), 3)
        given_and_aim = {"told_mean": round(given_m_s, 3), "aim_mean": aim}
        changes["energy"] = {**loaded.metadata["energy"], **given_and_aim, "by_style": by_style}
    return _write(options, changes)


def stamped_for_these_beats(dancer: Path) -> dict[str, Any]:
    """The entries of a dancer's header that let it hear this program's beat tracker, and say that it is not its own.

    Raises:
        ValueError: If it heard features that differ in more than the beat, or these very ones.
    """
    header = read_header(dancer)
    heard, rate_hz = str(header["audio_fingerprint"]), int(header["frame_rate_hz"])
    computed = AudioFeatures(AudioFeaturesConfig(rate_hz=rate_hz)).fingerprint
    if heard == computed:
        raise ValueError(f"{dancer}: heard the features of this program already; there is nothing to stamp")
    provenance = str(header["provenance"])
    if heard not in FIRST_FINGERPRINTS.values() and _OLDER_BEATS not in provenance:
        raise ValueError(
            f"{dancer}: heard features {heard}, of which it is not known that they differ in the beat alone; "
            "prepare its data again and train it"
        )
    if _OLDER_BEATS not in provenance:
        provenance = f"{provenance.rstrip()} {_OLDER_BEATS} (features {heard})."
    return {"audio_fingerprint": computed, "provenance": provenance}


def _write(options: Calibrate, changes: dict[str, Any]) -> dict[str, Any]:
    content = with_changed_header(options.checkpoint, changes)
    with whole_file(options.output or options.checkpoint) as part:
        part.write_bytes(content)
    return changes


def _given_energy(
    model: Dancer,
    metadata: dict[str, Any],
    folder: PreparedFolder,
    shares: dict[int, tuple[float, float]],
    correlation: float,
    options: Calibrate,
) -> float:
    """The energy to give, m/s, at which dances are as fast as real ones of the same styles; by the secant method.

    It is that of a style as fast as the mean of all; a faster one is given more, in proportion.
    """
    codec = PoseCodec.from_dict(folder.fingerprint["pose_codec"])
    num_frames = int(options.seconds * codec.rate_hz)
    held_out = sounding_excerpts(folder.sequences("val") or folder.sequences("train"), num_frames)
    if not held_out:
        raise ValueError(f"{folder.path}: no {options.seconds:g} s with music; use --seconds")
    chosen = spread(held_out, options.num_dances)
    styles = [excerpt.sequence.style for excerpt in chosen]
    music = np.stack([np.asarray(excerpt.sequence.audio[excerpt.frames], np.float32) for excerpt in chosen])
    all_m_s = _mean_of_styles(shares)
    wanted = float(np.mean([shares.get(style, (1.0, all_m_s))[1] for style in styles]))
    poses = metadata["seed_poses"]

    def danced(given_m_s: float) -> float:
        vectors = roll_out(
            model,
            music,
            styles,
            seed=0,
            start_poses=[_start_pose(poses, folder.styles[style], number) for number, style in enumerate(styles)],
            groove=options.groove if "groove" in model.steered.leaves else 0.0,
            energy_m_s=[given_m_s * shares.get(style, (1.0, all_m_s))[0] for style in styles],
            style_guidance=options.style_guidance,
            noise_correlation=correlation,
        )
        return float(np.mean([joint_speed(codec.decode(dance)).mean() for dance in vectors]))

    mean, std = float(metadata["energy"]["mean"]), float(metadata["energy"]["std"])
    low, high = max(0.0, mean - std), mean + std
    given = [mean, float(np.clip(mean * wanted / max(danced_at_mean := danced(mean), 1e-3), low, high))]
    found = [danced_at_mean, danced(given[1])]
    if abs(given[1] - given[0]) < _SMALLEST_STEP_M_S or abs(found[1] - found[0]) < 1e-3:
        return given[1]
    slope = (found[1] - found[0]) / (given[1] - given[0])
    return float(np.clip(given[1] + (wanted - found[1]) / slope, low, high))


def _mean_of_styles(shares: dict[int, tuple[float, float]]) -> float:
    """Mean joint speed of real dance, each style counting the same, m/s."""
    return float(np.mean([speed for _, speed in shares.values()]))


def _energy_shares(folder: PreparedFolder, codec: PoseCodec, num_frames: int) -> dict[int, tuple[float, float]]:
    """How much real dance of each style moves, beside the mean of all styles; and its mean joint speed, m/s."""
    by_style: dict[int, list[Excerpt]] = {}
    for excerpt in sounding_excerpts(folder.sequences("train"), num_frames):
        by_style.setdefault(excerpt.sequence.style, []).append(excerpt)
    if not by_style:
        raise ValueError(f"{folder.path}: no real dance so long; use --seconds")
    speeds = {}
    for style, excerpts in sorted(by_style.items()):
        motions = [codec.decode(np.asarray(e.sequence.pose[e.frames])) for e in spread(excerpts, _REAL_OF_STYLE)]
        speeds[style] = float(np.mean([joint_speed(motion).mean() for motion in motions]))
    mean = float(np.mean(list(speeds.values())))
    return {style: (speed / mean, speed) for style, speed in speeds.items()}


def _start_pose(names: list[str], style: str, number: int) -> int:
    """A pose of the style, as on a stage; any, where there is none."""
    of_style = [index for index, name in enumerate(names) if name.rpartition("-")[0] == style]
    return (of_style or list(range(len(names))))[number % len(of_style or names)]


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train calibrate``."""
    options = tyro.cli(Calibrate, args=arguments, prog="transflower-train calibrate", description=Calibrate.__doc__)
    changes = calibrate(options)
    if options.older_beats:
        print(f"{options.output or options.checkpoint}: hears sound features {changes['audio_fingerprint']}")
        return
    energy = changes.get("energy", {})
    energy_text = f", given energy {energy['told_mean']:g} m/s for a mean of {energy['mean']:.2f}" if energy else ""
    print(f"{options.output or options.checkpoint}: noise correlation {changes['noise_correlation']:g}{energy_text}")
