"""``transflower-train export``: from a checkpoint of Lightning's to a dancer that a bridge can perform with."""

import argparse
from pathlib import Path

import torch

from training.fitting.export import checkpoint_metadata, modality_metadata, save_modal, save_trained, why_no_stage
from training.fitting.lightning import check_checkpoint, parts_of_run
from training.fitting.noise_fit import fitted_noise_correlation
from training.fitting.resuming import check_fits


def main(arguments: list[str]) -> None:
    """Entry point of ``transflower-train export``."""
    parser = argparse.ArgumentParser(
        prog="transflower-train export",
        description="Makes a dancer for `transflower perform` of a checkpoint from which a training goes on. Training "
        "writes one itself (last.safetensors); this is for the checkpoints beside it. Further options are those of "
        "`transflower-train fit`, such as --data.folder where the data lie elsewhere now.",
    )
    parser.add_argument("--config", required=True, help="the config.yaml of the run")
    parser.add_argument("--ckpt_path", required=True, help="the checkpoint, a .ckpt file")
    parser.add_argument("-o", "--output", type=Path, required=True, help="dancer to write, a .safetensors file")
    parser.add_argument("--provenance", default="not stated", help="what a user of the weights should know")
    parser.add_argument("--licence", help="of the weights (default: that of the data)")
    parser.add_argument("--attribution", help="credit that the licence asks for (default: that of the data)")
    options, rest = parser.parse_known_args(arguments)
    check_checkpoint(options.ckpt_path)
    cli = parts_of_run(options.config, rest)
    kept = torch.load(options.ckpt_path, map_location="cpu", weights_only=True)
    check_fits(cli.model, kept)
    cli.model.load_state_dict(kept["state_dict"])
    dancer = cli.model.dancer.eval()
    data = cli.datamodule
    data.connect(dancer)
    credits = {"provenance": options.provenance, "licence": options.licence, "attribution": options.attribution}
    is_dancer = why_no_stage(dancer, data.folder) is None
    metadata = (
        checkpoint_metadata(data.prepared, dancer, **credits)
        if is_dancer
        else modality_metadata(data.folder, dancer, **credits)
    )
    training = {
        "steps": int(kept["global_step"]),
        "minutes": float(kept["budget"]["trained_minutes"]),
        "loss": dancer.loss_name,
    }
    metadata |= {"training": training, "noise_correlation": fitted_noise_correlation(dancer, data)}
    (save_trained if is_dancer else save_modal)(options.output, dancer, metadata)
    name = "the dancer" if is_dancer else "the model, for `transflower-train generate`,"
    print(f"{options.output}: {name} after {kept['global_step']} steps")
