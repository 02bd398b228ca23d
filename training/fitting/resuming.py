"""Going on with a run: which checkpoints fit, and what is said of those that fit in part."""

from collections.abc import Callable
from typing import Any, Final

import torch
from torch import nn

_STANDARDISATION: Final = "pose_mean"  # every dancer has it, and no two folders the same


def check_fits(module: nn.Module, checkpoint: dict[str, Any]) -> None:
    """Refuses a Lightning checkpoint whose weights are not those of this module, before the half of them is loaded.

    Raises:
        ValueError: Naming the first weight that does not fit.
    """
    own, theirs = module.state_dict(), checkpoint.get("state_dict", {})
    if "budget" not in checkpoint:
        raise ValueError("the checkpoint was not made by `transflower-train`: it says nothing of a budget")
    for name in sorted(own.keys() | theirs.keys()):
        shapes = [tuple(weights[name].shape) if name in weights else "none" for weights in (theirs, own)]
        if shapes[0] != shapes[1]:
            raise ValueError(
                f"the checkpoint is of another dancer: {name} is {shapes[0]} there and {shapes[1]} here; name the "
                "configuration of its own run (config.yaml in the folder above it), or fine-tune a dancer by "
                "--model.start_from"
            )


def trained_parameters(dancer: nn.Module) -> tuple[list[nn.Parameter], list[nn.Parameter]]:
    """What is not frozen: matrices, and vectors (biases, norms, scales), in the order of an optimiser's groups."""
    parameters = [p for p in dancer.parameters() if p.requires_grad]
    return [p for p in parameters if p.ndim >= 2], [p for p in parameters if p.ndim < 2]


def check_goes_on(checkpoint: dict[str, Any], counts: list[int], progress: Callable[[int], float]) -> None:
    """Refuses a checkpoint of this dancer that its run cannot go on from.

    Args:
        checkpoint: As Lightning keeps it.
        counts: How many matrices and vectors the optimiser of this run has.
        progress: The share of this run's budget that is used at a step.

    Raises:
        ValueError: Other parameters were frozen, or the budget is used up.
    """
    for state in checkpoint.get("optimizer_states", []):
        before = [len(group["params"]) for group in state["param_groups"]]
        if before != counts:
            raise ValueError(
                f"the checkpoint trained {sum(before)} parameters, this run trains {sum(counts)}: leave --model.freeze "
                "as it was when the run began, or fine-tune a dancer by --model.start_from"
            )
    step = int(checkpoint["global_step"])
    if progress(step) >= 1:
        minutes = float(checkpoint["budget"]["trained_minutes"])
        raise ValueError(
            f"nothing is left to do: the run has used its budget, after {step} steps and {minutes:.1f} minutes; to go "
            "on raise --model.budget_steps or --model.budget_minutes"
        )


def other_data(dancer: nn.Module, checkpoint: dict[str, Any]) -> str | None:
    """Says that a run goes on with other data than it began with, by what was fitted to them; None if it does not.

    Args:
        dancer: With the standardisation of the data of now.
        checkpoint: Whose standardisation will take its place.
    """
    if checkpoint["budget"].get("started_from"):
        return None  # the standardisation is that of another dancer's data
    own = dancer.state_dict().get(_STANDARDISATION)
    began = checkpoint["state_dict"].get(f"dancer.{_STANDARDISATION}")
    if own is None or began is None or torch.allclose(own.cpu().float(), began.cpu().float(), atol=1e-4):
        return None
    return (
        "the run goes on with other training data, and in the standardisation of those that it began with; "
        "--model.start_from begins anew with a dancer's weights"
    )
