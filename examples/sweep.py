"""A sweep over settings of a training: each is a run of `transflower-train fit`, ranked by its held-out loss.

    python examples/sweep.py --config training/hparams/debug/transflower.yaml --folder prepared \
        --set model.learning_rate=1e-4,1e-3 data.batch_size=16,64 -o sweep
    python examples/sweep.py --config training/hparams/debug/transflower.yaml --folder prepared \
        --set model.learning_rate=1e-4..1e-2 --trials 20 --optuna -o sweep

Values behind commas are tried in all combinations; `--trials` draws so many, from a range a..b evenly in the logarithm.
With `--optuna` (pip install optuna) Optuna draws them by what it has seen, and keeps that in sweep/optuna.db.
"""

import argparse
import csv
import itertools
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
from safetensors import safe_open

Setting = dict[str, str]


def held_out_loss(folder: Path) -> float:
    """Of the best model that a run wrote; infinite where it wrote none."""
    found = sorted(folder.rglob("best.safetensors"))
    if not found:
        return float("inf")
    with safe_open(found[-1], "numpy") as file:
        (header,) = (text for name, text in file.metadata().items() if name.startswith("transflower"))
    return float(json.loads(header)["training"]["val/loss"])


def train(options: argparse.Namespace, number: int, setting: Setting, further: list[str]) -> float:
    """One run, in a process and a folder of its own."""
    line = ["fit", "--config", options.config, "--data.folder", options.folder, *further]
    line += ["--trainer.logger.save_dir", str(options.output), "--trainer.logger.name", f"{number:03d}"]
    line += itertools.chain.from_iterable((f"--{name}", value) for name, value in setting.items())
    print("transflower-train", *line, flush=True)
    done = subprocess.run([sys.executable, "-m", "training.cli", *line], stdout=subprocess.DEVNULL)
    return held_out_loss(options.output / f"{number:03d}") if done.returncode == 0 else float("inf")


def values_of(text: str) -> tuple[str, list[str] | tuple[float, float]]:
    """`name=a,b` is a choice, `name=a..b` a range."""
    name, _, values = text.partition("=")
    if not values:
        raise argparse.ArgumentTypeError(f"{text!r}: say name=value,value or name=low..high")
    low, dots, high = values.partition("..")
    try:
        return name, (float(low), float(high)) if dots else values.split(",")
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r}: the ends of a range are numbers, such as 1e-4..1e-2") from None


def settings_of(options: argparse.Namespace) -> list[Setting]:
    """All combinations, or as many as were asked for, drawn at random."""
    names = [name for name, _ in options.set]
    if options.trials is None:
        return [dict(zip(names, chosen, strict=True)) for chosen in itertools.product(*(v for _, v in options.set))]
    rng = np.random.default_rng(options.seed)

    def draw(values: list[str] | tuple[float, float]) -> str:
        if isinstance(values, tuple):
            return f"{np.exp(rng.uniform(*np.log(values))):.3g}"
        return values[rng.integers(len(values))]

    return [{name: draw(values) for name, values in options.set} for _ in range(options.trials)]


def by_optuna(options: argparse.Namespace, run: Callable[[int, Setting], float]) -> None:
    """Lets Optuna choose each setting; a study that was begun before goes on."""
    import optuna

    def objective(trial: optuna.Trial) -> float:
        setting = {
            name: f"{trial.suggest_float(name, *values, log=True):.3g}"
            if isinstance(values, tuple)
            else str(trial.suggest_categorical(name, values))
            for name, values in options.set
        }
        return run(trial.number, setting)

    study = optuna.create_study(
        study_name="sweep",
        storage=f"sqlite:///{options.output}/optuna.db",
        load_if_exists=True,
        sampler=optuna.samplers.TPESampler(seed=options.seed),
    )
    study.optimize(objective, n_trials=options.trials)


def main() -> None:
    """Trains, and ranks in a table and in sweep.csv."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--config", required=True, help="as for fit")
    parser.add_argument("--folder", required=True, help="the data")
    parser.add_argument("--set", nargs="+", type=values_of, required=True, metavar="NAME=VALUES", help="see above")
    parser.add_argument("--trials", type=int, help="so many settings, drawn; all combinations if not given")
    parser.add_argument("--optuna", action="store_true", help="let Optuna choose")
    parser.add_argument("--seed", type=int, default=0, help="of what is drawn (default: %(default)s)")
    parser.add_argument("-o", "--output", type=Path, default=Path("sweep"), help="folder (default: %(default)s)")
    options, further = parser.parse_known_args()  # what is left belongs to fit
    if options.trials is None and (options.optuna or any(isinstance(values, tuple) for _, values in options.set)):
        parser.error("a range a..b, and --optuna, need --trials")
    options.output.mkdir(parents=True, exist_ok=True)
    found: list[tuple[float, int, Setting]] = []

    def run(number: int, setting: Setting) -> float:
        loss = train(options, number, setting, further)
        found.append((loss, number, setting))
        return loss

    if options.optuna:
        by_optuna(options, run)
    else:
        for number, setting in enumerate(settings_of(options)):
            run(number, setting)
    found.sort(key=lambda one: one[0])
    with (options.output / "sweep.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["held_out_loss", "run", *(name for name, _ in options.set)])
        table.writerows([loss, f"{number:03d}", *setting.values()] for loss, number, setting in found)
    for loss, number, setting in found:
        print(f"{loss:8.3f}  {number:03d}  " + "  ".join(f"{name} {value}" for name, value in setting.items()))


if __name__ == "__main__":
    main()
