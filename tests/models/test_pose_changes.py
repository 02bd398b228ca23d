"""Outputs as changes from the last known pose, and back."""

from dataclasses import replace

import pytest
import torch

from models.networks.pose_changes import COMMON_CHANGE_STD, with_changes
from tests.models.family import PAST, batch, make

STD = torch.tensor([[0.1, 0.2, 0.3, 0.4, 0.5]])


def changes_of(model):
    """The model's changes, with a deviation that grows with the frames."""
    model.changes.set_std({"pose": torch.cat([STD, 2 * STD, 3 * STD])})
    return model.changes


def all_known(size: int):
    """A window of zeros, all of it known."""
    window = batch(make("Transflower").config, size)
    pose = torch.zeros_like(window.inputs["pose"])
    known = {**window.known, "pose": torch.ones_like(window.known["pose"])}
    return replace(window, inputs={**window.inputs, "pose": pose}, known=known)


def test_a_change_is_from_where_the_last_pose_goes_in_its_own_deviations():
    model = make("Transflower")
    changes, window = changes_of(model), batch(model.config)
    outputs = changes.to_changes(window).outputs
    last = window.inputs["pose"][:, -1]
    for frame in range(3):
        std = (frame + 1) * STD
        expected = (window.outputs["pose"][:, frame] - last * (1 - std**2 / 2).clamp_min(0)) / std
        torch.testing.assert_close(outputs["pose"][:, frame], expected)
    assert torch.equal(outputs["hands"], window.outputs["hands"])  # not fed back: there is nothing to change from


def test_poses_come_back():
    model = make("Transflower")
    changes, window = changes_of(model), batch(model.config)
    back = changes.to_poses(changes.to_changes(window).outputs, window)
    for name, frames in window.outputs.items():
        torch.testing.assert_close(back[name], frames, atol=1e-5, rtol=1e-5)


def test_noise_alone_keeps_to_the_spread_of_the_data():
    """Counted from the last pose itself, a thousand frames of noise would be up to sixteen deviations wide."""
    changes = changes_of(make("Transflower"))
    generator = torch.Generator().manual_seed(0)
    num_dancers = 200
    window = all_known(num_dancers)
    poses = []
    for _ in range(1200):  # the slowest number comes back with a time constant of 200 frames
        noise = torch.randn(num_dancers, 3, 5, generator=generator)
        pose = changes.to_poses({"pose": noise, "hands": noise[..., :2]}, window)["pose"][:, :1]
        window.inputs["pose"] = torch.cat([window.inputs["pose"][:, 1:], pose], 1)
        poses.append(pose)
    danced = torch.cat(poses, 1)[:, 1000:]
    torch.testing.assert_close(danced.std((0, 1)), torch.ones(5), rtol=0.25, atol=0)
    assert danced.abs().max() < 6


def test_without_a_past_the_pose_stands_as_it_is():
    model = make("Transflower")
    changes, window = changes_of(model), batch(model.config)
    known = {**window.known, "pose": torch.zeros_like(window.known["pose"])}
    inputs = {**window.inputs, "pose": torch.zeros_like(window.inputs["pose"])}
    blind = replace(window, inputs=inputs, known=known)
    assert torch.equal(changes.to_changes(blind).outputs["pose"], window.outputs["pose"])


@pytest.mark.parametrize("name", ["MoGlow", "Transglower"])
def test_steps_in_a_row_change_from_one_to_the_next(name):
    model = make(name)
    model.changes.set_std({"pose": STD})
    window = batch(model.config)
    outputs = model.changes.to_changes(window).outputs["pose"]
    poses = torch.cat([window.inputs["pose"][:, PAST - 1 : PAST], window.outputs["pose"]], 1)
    past = window.inputs["pose"][:, PAST - 1 :]
    torch.testing.assert_close(outputs, (poses[:, 1:] - past * (1 - STD**2 / 2)) / STD)
    assert model.changes.lags() == {"pose": [1]}


def test_lags_are_counted_from_the_last_known_frame():
    assert make("Transflower").changes.lags() == {"pose": [1, 2, 3]}


def test_the_past_is_given_with_its_changes():
    x = torch.tensor([[[0.0], [1.0], [1.5], [1.5]]])
    given = with_changes(x, torch.tensor([[0.0, 1.0, 1.0, 1.0]]))
    assert torch.equal(given[..., :1], x)
    # The first known frame has nothing before it.
    assert given[0, :, 1].tolist() == [0.0, 0.0, 0.5 / COMMON_CHANGE_STD, 0.0]


def test_corruption_is_measured_in_changes():
    """A dancer learns to come back from where it has drifted, by what a frame can make good."""
    torch.manual_seed(0)
    model = make("Transformer", history_noise=1.0, label_dropout=0.0).train()
    changes_of(model)
    window = batch(model.config, 256)
    corrupted = model._corrupted(window)
    noise = (corrupted.inputs["pose"] - window.inputs["pose"])[:, -1]
    # A uniform level in 0..1 of unit noise has variance 1/3.
    torch.testing.assert_close(noise.std(0), STD[0] / 3**0.5, rtol=0.25, atol=0)
    assert torch.equal(corrupted.inputs["pose"][0, 0], window.inputs["pose"][0, 0])  # unknown stays unknown
