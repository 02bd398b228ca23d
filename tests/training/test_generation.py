"""Generation: every model of the family, whatever it reads and writes, by the same few lines."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from data.dataset.modality_folder import ModalitySequence
from models.step.noise import frame_noise
from models.step.steering import Steering
from models.streaming.streaming_transflower import StreamingTransflower
from tests.models import family
from training.fitting.generation import GenerationOptions, Streams, generate

FRAMES = 10


def sequence(frames: int = FRAMES, seed: int = 0, style: int = 1) -> ModalitySequence:
    """With all that `family.layout` reads and writes."""
    rng = np.random.default_rng(seed)
    features = {
        **{name: np.float32(rng.normal(size=(frames, dims))) for name, dims in (("pose", 5), ("hands", 2))},
        **{name: np.float32(rng.normal(size=(frames, dims))) for name, dims in (("audio", 4), ("onset", 2))},
        "chord": rng.integers(0, 4, frames),
    }
    return ModalitySequence(f"s{seed}", features, {"style": style}, frames)


def made(model, sequences, **options):
    return list(generate(model, sequences, GenerationOptions(**options)))


@pytest.mark.parametrize("name", family.OPTIONS)
def test_every_model_generates_what_its_steps_give(name):
    model = family.make(name)
    one, other = sequence(FRAMES - 3), sequence(FRAMES - 5, seed=1, style=2)
    both = made(model, [one, other], seed=3)
    assert [g.outputs["pose"].shape for g in both] == [(FRAMES - 3, 5), (FRAMES - 5, 5)]
    assert both[1].outputs["hands"].shape == (FRAMES - 5, 2)
    # as if it were alone, and as by hand
    state = model.steer(model.initial_state(1, 4), Steering(style=2))
    for frame in range(FRAMES - 5):
        heard = [np.asarray(other.features[n], np.float32).reshape(FRAMES - 5, -1) for n in ("audio", "onset", "chord")]
        music = torch.from_numpy(np.concatenate(heard, 1)[None, frame])
        noise = torch.from_numpy(frame_noise(4, frame, model.noise_dims)[None])
        with torch.inference_mode():
            vector, state = model.step(music, state, noise, 1.0)
        joined = np.concatenate([both[1].outputs["pose"][frame], both[1].outputs["hands"][frame]])
        np.testing.assert_allclose(joined, vector[0].numpy(), atol=2e-4)


def test_samples_differ_by_their_noise_alone():
    model = family.make("Transflower")
    first, second = made(model, [sequence()], samples=2)
    assert (first.sample, second.sample) == (0, 1)
    assert np.abs(first.outputs["pose"] - second.outputs["pose"]).max() > 1e-3
    (again,) = made(model, [sequence()])
    np.testing.assert_allclose(again.outputs["pose"], first.outputs["pose"], atol=1e-5)
    same_start = [made(model, [sequence()], start="data", temperature=0.0, seed=s)[0].outputs["pose"] for s in (0, 1)]
    np.testing.assert_allclose(*same_start, atol=1e-5)


def test_labels_tokens_and_look_ahead_matter():
    model = family.make("Transformer")
    (plain,) = made(model, [sequence()])
    changed = sequence(style=0)
    (styled,) = made(model, [changed])
    other_chord = replace(sequence(), features={**sequence().features, "chord": np.zeros(FRAMES, int)})
    (chorded,) = made(model, [other_chord])
    (ahead,) = made(model, [sequence()], look_ahead_frames=2)
    for other in (styled, chorded, ahead):
        assert np.abs(other.outputs["pose"] - plain.outputs["pose"]).max() > 1e-4
    # what comes later is not heard before its time
    later = sequence()
    later.features["audio"][6:] += 3
    for look_ahead, first_heard in ((0, 6), (2, 4)):
        (before,) = made(model, [sequence()], look_ahead_frames=look_ahead)
        (after,) = made(model, [later], look_ahead_frames=look_ahead)
        differs = np.abs(after.outputs["pose"] - before.outputs["pose"]).max(1) > 1e-6
        assert np.flatnonzero(differs)[0] == first_heard


def test_it_goes_on_from_the_data():
    model = family.make("Transformer")
    one = sequence()
    (given,) = made(model, [one], start="data", start_frames=6)
    assert given.num_given == 6
    np.testing.assert_allclose(given.outputs["pose"][:6], one.features["pose"][:6], atol=1e-5)
    np.testing.assert_allclose(given.outputs["hands"][:6], one.features["hands"][:6], atol=1e-5)
    other = sequence()
    other.features["pose"][5] += 2
    (moved,) = made(model, [other], start="data", start_frames=6)
    assert np.abs(moved.outputs["pose"][6:] - given.outputs["pose"][6:]).max() > 1e-3


def test_it_reads_what_the_layout_names():
    streams = Streams.of(family.make("Transformer"))
    assert streams.kinds(with_outputs=False) == {
        "audio": "continuous", "onset": "continuous", "chord": "discrete", "style": "label",
    }  # fmt: skip
    assert set(streams.kinds(with_outputs=True)) - set(streams.kinds(with_outputs=False)) == {"pose", "hands"}


def test_a_streaming_dancer_goes_on_from_data_too():
    torch.manual_seed(0)
    tiny = StreamingTransflower.Config(
        pose_dims=6, music_dims=121, num_styles=2, dims=16, num_layers=1, num_heads=2, window_frames=8, flow_steps=2,
        flow_hidden_dims=16, num_seed_poses=2, future_frames=10,
    )  # fmt: skip
    model = StreamingTransflower(tiny)
    rng = np.random.default_rng(0)
    features = {"audio": np.float32(rng.normal(size=(12, 121))), "pose": np.float32(rng.normal(size=(12, 6)))}
    one = ModalitySequence("s", features, {"style": 1}, 12)
    (given,) = made(model, [one], start="data", start_frames=4)
    np.testing.assert_allclose(given.outputs["pose"][:4], features["pose"][:4], atol=1e-5)
    assert np.abs(given.outputs["pose"][4] - features["pose"][3]).max() < 6 * 1.5  # a change of the last real pose
    (free,) = made(model, [one])
    assert np.abs(free.outputs["pose"] - given.outputs["pose"]).max() > 0.1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"samples": 0}, "samples must be at least 1, not 0"),
        ({"temperature": -1.0}, "temperature must not be negative, not -1"),
        ({"look_ahead_frames": -1}, "look-ahead must not be negative"),
        ({"look_ahead_frames": 3}, "a look-ahead of 3 frames: this model sees 2 at most"),
        ({"start_frames": 3}, "start_frames is 3: a number of frames with which it starts from data"),
        ({"start": "data", "start_frames": FRAMES}, "s0: 10 frames, and the first 10 are the start"),
    ],
)
def test_what_it_cannot_is_said(options, message):
    with pytest.raises(ValueError, match=message):
        made(family.make("Transformer"), [sequence()], **options)
