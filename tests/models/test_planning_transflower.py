"""A dancer with a plan: it steps as it was trained, counts beats, keeps its feet, and stays alive."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
import torch

from data.dataset.prepared_reader import PreparedSequence
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.pose_codec import PoseCodec
from models.files import checkpoint
from models.files.checkpoint_header import default_path
from models.files.onnx_stepper import OnnxStepper
from models.step.state_tree import state_leaves
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from models.streaming.linear_prediction import fit_prediction, spectral_radius
from models.streaming.phrase_planner import PhrasePlanner, PlanRequest
from models.streaming.planning_conditions import open_conditions
from models.streaming.planning_state import PlannedBatch
from models.streaming.planning_transflower import PlanningTransflower
from models.streaming.smooth_corruption import corrupted
from tests.exported_dancer import export_dancer, rollout
from tests.models.dancer_metadata import METADATA
from training.data_modules.phrase_statistics import fit_footing

CODEC = PoseCodec(default_skeleton(), 30)
CONFIG = PlanningTransflower.Config(
    pose_dims=CODEC.dims,
    moving_dims=20,
    music_dims=8,
    num_styles=2,
    num_phrases=3,
    num_groups=2,
    most_beats=8,
    dims=16,
    num_layers=2,
    num_heads=2,
    window_frames=8,
    told_dims=12,
    plan_dims=4,
    flow_steps=2,
    flow_hidden_dims=16,
    flow_scale_dims=8,
    future_frames=6,
    future_block_frames=2,
    spectral_dims=2,
    beat_column=3,
    num_seed_poses=2,
    dropout=0.0,
)


def make(**changes) -> PlanningTransflower:
    """A small dancer away from its initial zeros, with three phrases of two styles."""
    torch.manual_seed(0)
    model = PlanningTransflower(replace(CONFIG, **changes))
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
        standing = torch.from_numpy(CODEC.encode(IdleMotion(CODEC.skeleton, 30).motion(40)))
        model.still_pose.copy_(standing[0])
        model.pose_mean.copy_(standing[0, :20])
        model.pose_std.fill_(0.2)
        model.change_std.fill_(0.1)
        model.innovation_std.fill_(0.5)
        model.prediction_weights[:, :20] = 0.6 * torch.eye(20)
        model.seed_poses.copy_(0.1 * torch.randn(2, 20))
        planner = model.planner
        planner.beats[:3] = 8.0
        planner.style[:3] = torch.tensor([0, 0, 1])
        planner.group[:3] = torch.tensor([0, 0, 1])
        planner.keys[:3] = 0.3 * torch.randn(3, 17, 20)
    rows = PreparedSequence("standing", standing.numpy(), np.zeros((40, 8)), 0, np.zeros(40), np.ones(40))
    fit_footing(model.footing, CODEC, [rows])
    return model.eval()


def music(frames: int, bpm: float = 120.0, first_beat: float = 0.0, size: int = 1) -> torch.Tensor:
    """Feature frames with an exact oscillator, (size, frames, 8)."""
    beat = first_beat + torch.arange(1, frames + 1) / 30 * bpm / 60
    angle = 2 * torch.pi * beat
    rest = torch.full((frames,), float(np.log2(bpm / 120))), torch.ones(frames), torch.ones(frames)
    clock = torch.stack([angle.cos(), angle.sin(), *rest], 1)
    return torch.cat([0.1 * torch.ones(frames, 3), clock], 1).expand(size, -1, -1)


def dance(model: PlanningTransflower, frames: int, state=None, seed: int = 0, size: int = 2, scale: float = 0.5):
    """Poses as the dancer remembers them, places, and the last state."""
    generator = torch.Generator().manual_seed(seed)
    state = model.initial_state(size) if state is None else state
    noise = scale * torch.randn(size, frames, model.noise_dims, generator=generator)
    heard, vectors, states = music(frames, size=size), [], []
    with torch.inference_mode():
        for frame in range(frames):
            vector, state = model.step(heard[:, frame], state, noise[:, frame])
            vectors.append(vector)
            states.append(state)
    return torch.stack(vectors, 1), states, noise


def test_the_flow_finds_in_a_stepped_dance_the_noise_with_which_it_was_stepped():
    """Stepping is the sequence form that is trained, past the ring's wrap-around; feet are not planted in training."""
    model = make(plants_feet=False, volatility_kept=1.0, step_noise_level=0.02)
    frames = 30
    start = model.initial_state(2)
    vectors, states, noise = dance(model, frames, start)
    past = torch.stack([start.pose] * model.history, 1)
    first = model.still_pose.expand(2, model.history, -1).clone()
    first[..., model.moving] = past * model.pose_std + model.pose_mean
    phrase = torch.stack([state.place.phrase for state in states], 1)
    assert (phrase < CONFIG.num_phrases).any()
    assert (phrase == CONFIG.num_phrases).any()
    ones = torch.ones(2, frames)
    batch = PlannedBatch(
        pose=torch.cat([first, vectors], 1),
        music=torch.cat([music(frames, size=2), torch.zeros(2, CONFIG.future_frames, CONFIG.music_dims)], 1),
        style=torch.full((2,), CONFIG.num_styles),
        energy=ones,
        valid=ones,
        phrase=phrase,
        group=model.planner.group[phrase],
        beat=torch.stack([state.place.beat for state in states], 1),
        beats=model.planner.beats[phrase],
    )
    conditioned = replace(
        open_conditions(batch, model.config), phrase=batch.phrase, group=batch.group, beat=batch.beat, beats=batch.beats
    )
    with torch.inference_mode():
        innovation, context, outside = model.innovations(batch, conditioned)
        latent, _ = model.flow(innovation, context, outside)
    assert (latent - noise[..., :-2]).abs().max() < 2e-2


def test_the_loss_reaches_every_parameter():
    model = make().train()
    generator = torch.Generator().manual_seed(1)
    size, frames = 6, 24
    pose = model.still_pose + 0.05 * torch.randn(size, model.history + frames, CODEC.dims, generator=generator)
    batch = PlannedBatch(
        pose=pose,
        music=music(frames + CONFIG.future_frames, size=size),
        style=torch.tensor([0, 1] * 3),
        energy=torch.rand(size, frames, generator=generator),
        valid=torch.ones(size, frames),
        phrase=torch.arange(size)[:, None].expand(-1, frames) % 3,
        group=torch.zeros(size, frames, dtype=torch.int64),
        beat=torch.linspace(0, 7, frames).expand(size, -1),
        beats=torch.full((size, frames), 8.0),
    )
    for _ in range(3):  # conditions are dropped at random
        model.loss(batch).backward()
    unreached = [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    assert not [name for name in unreached if not name.endswith("query_key_value.bias")]


def test_a_step_is_pure_and_a_batch_dances_as_each_alone():
    model = make()
    _, states, _ = dance(model, 5)
    before = [leaf.clone() for leaf in state_leaves(states[-1])]
    first, again, _ = (dance(model, 3, states[-1])[0] for _ in range(3))
    assert torch.equal(first, again)
    torch.testing.assert_close(before, state_leaves(states[-1]), rtol=0, atol=0, equal_nan=True)
    heard, noise = music(20, size=2), 0.5 * torch.randn(2, 20, model.noise_dims)
    with torch.inference_mode():
        both, alone = model.initial_state(2), model.initial_state(1)
        for frame in range(20):
            together, both = model.step(heard[:, frame], both, noise[:, frame])
            own, alone = model.step(heard[1:, frame], alone, noise[1:, frame])
    torch.testing.assert_close(together[1:], own, atol=1e-4, rtol=1e-4)


def test_a_prediction_dies_away_and_leaves_what_is_white():
    """Poses by a known rule, with a redundant dimension: the rule is found, and nothing wanders off."""
    rng = np.random.default_rng(0)
    noise = rng.standard_normal((6000, 2))
    poses, speed = np.zeros((6000, 2)), np.zeros(2)
    for frame in range(1, 6000):
        speed = 0.8 * speed + 0.05 * noise[frame] - 0.02 * poses[frame - 1]
        poses[frame] = poses[frame - 1] + speed
    poses = np.concatenate([poses, poses[:, :1]], 1)
    poses = ((poses - poses.mean(0)) / poses.std(0)).astype(np.float32)
    change_std = np.diff(poses, axis=0).std(0)
    fitted = fit_prediction([poses[:3000], poses[3000:]], change_std, lags=2)
    assert spectral_radius(fitted.weights, change_std, 2) == pytest.approx(fitted.radius, abs=1e-4)
    assert fitted.radius < 0.999
    assert 0.2 < fitted.left_share < 0.5
    still = fit_prediction([poses], change_std, lags=1)
    assert fitted.left_share <= still.left_share + 1e-3


def test_a_corrupted_history_is_as_smooth_as_motion_is():
    torch.manual_seed(0)
    clean = torch.zeros(64, 100, 3)
    poses, led = corrupted(clean, torch.full((64, 1, 1), 1.0), history=3)
    assert 0.9 < poses.std() < 1.1
    assert poses.diff(dim=1).std() < 0.2 * poses.std()
    # It leads back: to less than there is, in the direction in which it is.
    last = poses[:, 2:-1]
    share = ((led * last).mean() / last.square().mean()).item()
    assert 0.8 < share < 0.99


class TestPlanner:
    @staticmethod
    def planner() -> PhrasePlanner:
        planner = PhrasePlanner(num_phrases=4, num_groups=2, num_styles=2, dims=3, most_beats=8)
        planner.beats[:4] = torch.tensor([8.0, 8.0, 4.0, 8.0])
        planner.style[:4] = torch.tensor([0, 0, 1, 1])
        planner.mirror[:2] = torch.tensor([1, 0])
        return planner

    @classmethod
    def counted(cls, frames: int, clock: torch.Tensor, *, asked_at: int = 10**6, styles=None, **requests):
        planner = cls.planner()
        if styles is not None:
            planner.style.copy_(styles)
        place = planner.initial_place(1)
        values = {"style": torch.tensor([2]), "energy": torch.tensor([float("nan")])}
        values |= {"plan": torch.ones(1), "hold": torch.zeros(1)} | requests
        generator = torch.Generator().manual_seed(0)
        places = []
        for frame in range(frames):
            noise = torch.randn(1, 2, generator=generator)
            values["asked"] = torch.full((1,), float(frame >= asked_at))
            place = planner.next_place(place, clock[:, frame, 3:7], torch.zeros(1, 3), PlanRequest(**values), noise)
            places.append((int(place.phrase), float(place.beat)))
        return places

    def test_phrases_begin_and_end_on_beats_and_are_danced_to_their_end(self):
        places = self.counted(1200, music(1200))
        changes = [n for n in range(1, 1200) if places[n][0] != places[n - 1][0]]
        assert len(changes) > 3
        assert {(frame + 1) % 15 for frame in changes} <= {0, 1}  # 15 frames are a beat
        for start, stop in pairwise(changes):
            times = (stop - start) / 15 / float(self.planner().beats[places[start][0]])
            assert times == pytest.approx(max(1, round(times)), abs=0.03)

    def test_most_phrases_are_danced_twice_and_then_left(self):
        places = self.counted(3600, music(3600))
        changes = [n for n in range(1, 3600) if places[n][0] != places[n - 1][0]]
        beats = self.planner().beats
        times = [round((b - a) / 15 / float(beats[places[a][0]])) for a, b in pairwise(changes)]
        assert len(times) > 12
        assert 0.5 < np.mean(np.array(times) == 2) < 1.0
        assert 1 in times
        once = self.counted(900, music(900), plan=torch.tensor([0.01]))
        improvised = np.mean([phrase == 4 for phrase, _ in once])
        assert improvised > 0.9, "what is hardly planned is not repeated either"

    def test_the_count_glides_where_the_tracker_jumps(self):
        clock = torch.cat([music(300), music(300, first_beat=0.5 + 300 / 15)], 1)
        beats = [beat for _, beat in self.counted(600, clock)]
        steps = np.diff(beats)
        assert np.abs(steps[steps > -1]).max() < 0.15
        assert abs((beats[-1] - 0.5) % 1 - 0.5) < 0.52

    def test_requests_are_kept(self):
        assert {phrase for phrase, _ in self.counted(900, music(900), plan=torch.zeros(1))} == {4}
        styled = {phrase for phrase, _ in self.counted(900, music(900), style=torch.tensor([1]))}
        assert styled == {2, 3, 4}  # none, at first
        held = [phrase for phrase, _ in self.counted(900, music(900), hold=torch.ones(1)) if phrase < 4]
        assert len(set(held)) == 1

    def test_a_phrase_is_held_also_where_a_part_is_improvised(self):
        phrases = [
            phrase for phrase, _ in self.counted(1800, music(1800), hold=torch.ones(1), plan=torch.tensor([0.5]))
        ]
        first = next(frame for frame, phrase in enumerate(phrases) if phrase < 4)
        assert {*phrases[first:]} == {phrases[first]}

    def test_a_style_without_phrases_leaves_the_phrase_to_the_dancer(self):
        places = self.counted(1200, music(1200), styles=torch.tensor([0, 0, 0, 0, 2]), style=torch.tensor([1]))
        changes = [n for n in range(1, 1200) if places[n][0] != places[n - 1][0]]
        assert min(stop - start for start, stop in pairwise(changes)) >= 4 * 15, "a phrase is danced to its end"

    def test_the_only_phrase_of_a_style_that_is_left_is_danced_again(self):
        styles = torch.tensor([1, 0, 0, 0, 2])
        places = self.counted(900, music(900), styles=styles, style=torch.tensor([1]), asked_at=500)
        assert {phrase for phrase, _ in places} == {0, 4}

    def test_a_phrase_is_left_on_the_next_beat_for_another_and_once(self):
        places = self.counted(900, music(900), hold=torch.ones(1), asked_at=500)
        changes = [n for n in range(1, 900) if places[n][0] != places[n - 1][0]]
        assert changes[-1] == next(n for n in range(500, 900) if (n + 1) % 15 in (0, 1))
        assert len(changes) == 2  # the first phrase, and the other one
        unasked = self.counted(900, music(900), asked_at=0)
        assert len({phrase for phrase, _ in unasked}) > 2, "a request from before the dance is met by its first phrase"

    def test_phrases_may_all_be_shorter_than_what_is_improvised(self):
        planner = PhrasePlanner(num_phrases=1, num_groups=1, num_styles=1, dims=3, most_beats=4)
        place = planner.initial_place(2)
        keys, beats_left = planner.next_keys(place.phrase, place.beat)
        assert keys.shape == (2, 2, 3)
        assert torch.isfinite(beats_left).all()

    def test_without_a_beat_there_is_no_plan(self):
        silent = music(300).clone()
        silent[..., 6] = 0
        places = self.counted(600, torch.cat([music(300), silent], 1))
        assert places[290][0] < 4
        assert places[-1][0] == 4


def test_feet_that_stand_stay_where_they_are():
    """Hips that slide over a standing foot, floating 0.1 m: the slide ends at once, and the figure comes down."""
    model = make()
    standing = model.still_pose.expand(1, -1).clone()
    standing[:, :4] = torch.tensor([[0.3, 0.0, float(model.still_pose[2]), 0.0]])
    ankles = model.footing.ankles(standing)
    moved, _ = model.footing(standing, ankles)
    assert moved[0, 0].abs() < 0.1
    assert torch.equal(moved[:, 3:], standing[:, 3:])
    standing[:, 2] += 0.1
    for _ in range(60):
        standing, ankles = model.footing(standing, ankles)
    lowest = (standing[:, 2:3] + ankles[..., 1]).min() - model.footing.standing_m
    assert 0 <= lowest < 0.02


def test_a_dancer_comes_back_from_its_file(tmp_path):
    model = make()
    metadata = dict(METADATA)
    checkpoint.save(tmp_path / "planning.safetensors", model, metadata, half=True)
    loaded = checkpoint.load(tmp_path / "planning.safetensors").model
    assert isinstance(loaded, PlanningTransflower)
    assert loaded.config == model.config
    assert torch.equal(loaded.prediction_weights, model.prediction_weights)
    assert torch.equal(loaded.planner.keys, model.planner.keys.bfloat16().float())
    again, _, _ = dance(loaded, 10)
    torch.testing.assert_close(again, dance(model, 10)[0], atol=0.05, rtol=0.05)


def test_an_exported_step_dances_the_same(tmp_path):
    pytest.importorskip("onnxscript")
    model = make(num_layers=1, flow_steps=1)  # an export takes the longer the more there is in a step
    metadata = dict(METADATA)
    checkpoint.save(tmp_path / "planning.safetensors", model, metadata)
    exported = OnnxStepper(export_dancer(tmp_path / "planning.safetensors"))
    heard = np.random.default_rng(3).standard_normal((60, exported.music_dims)).astype(np.float32)
    requests = {0: Steering(groove=0.15), 20: Steering(style=1, energy_m_s=0.6, groove=0.6), 45: Steering()}
    expected = rollout(DancerStepper(model.eval(), "cpu"), heard, requests)
    np.testing.assert_allclose(rollout(exported, heard, requests), expected, atol=1e-4, rtol=0)
    assert not np.allclose(rollout(exported, heard)[20:], expected[20:], atol=1e-3)  # it was steered
    form = exported.form
    assert form.checked_frames >= 60
    assert form.largest_step_difference < 1e-4
    assert {"plan", "hold_phrase", "next_phrase"} <= form.steered.leaves.keys()


def test_the_shipped_dancer_lives_for_a_minute_and_follows_its_plan():
    stepper = DancerStepper(checkpoint.load(default_path()).model, "cpu")
    state = stepper.steer(stepper.initial_state(seed=1), Steering(style=3))
    config = stepper.model.config
    heard = np.zeros((900, config.music_dims), np.float32)
    heard[:, config.beat_column : config.beat_column + 5] = music(900)[0, :, 3:].numpy()
    rng, vectors, phrases = np.random.default_rng(0), [], set()
    for frame in heard:
        vector, state = stepper.step(frame, state, rng.standard_normal(stepper.noise_dims).astype(np.float32))
        vectors.append(vector)
        phrases.add(int(state.place.phrase))
    planner = stepper.model.planner
    assert {int(planner.style[phrase]) for phrase in phrases if phrase < config.num_phrases} == {3}
    motion = CODEC.decode(np.stack(vectors))
    speed = np.linalg.norm(np.diff(motion.global_positions(), axis=0), axis=-1).mean(1) * 30
    assert 0.2 < speed[:300].mean() < 2
    assert 0.2 < speed[-300:].mean() < 2
    assert np.abs(motion.root_positions[:, 1] - 0.85).max() < 0.6
