"""How the beat network learns: labels stay where beats are, the loss falls, numpy steps what torch learned."""

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch

from data.sound.beat_confidence import PHASE, TEMPO
from data.sound.beat_network import WEIGHTS, BeatNetwork, network_inputs
from training.beat_network.batches import (
    DELAY_S,
    LABEL_DELAY,
    LABEL_RATE_HZ,
    at_speed,
    make_batch,
    mix,
    stretch_of,
    targets,
    varied,
)
from training.beat_network.command import main
from training.beat_network.development import write_beats
from training.beat_network.fit import FitConfig, fit, loss_of
from training.beat_network.judge import judge, read_clips, table
from training.beat_network.network import TrainedNetwork, network_of
from training.beat_network.stems import Stems, to_bytes

NUM_BEATS = 24


def clicks(period_s: float = 0.5, *, num_stems: int = 1, first_s: float = 0.0) -> Stems:
    """Clicks in noise on each beat, louder on each fourth."""
    num_hops = round(NUM_BEATS * period_s * 120)
    rng = np.random.default_rng(0)
    mel_db = rng.normal(-20.0, 1.0, (num_stems, num_hops, 64)).astype(np.float32)
    beats_s = first_s + np.arange(NUM_BEATS) * period_s
    for number, at_s in enumerate(beats_s):
        hop = round(at_s * 120)
        mel_db[:, hop + 1 : hop + 5] += (25.0 if number % 4 == 0 else 18.0) - 3.0 * np.arange(4)[:, None][
            : len(mel_db[0, hop + 1 : hop + 5])
        ]
    return Stems("clicks", to_bytes(mel_db), beats_s, np.arange(NUM_BEATS) % 4 + 1)


def test_labels_come_as_much_later_than_beats_as_the_network_expects() -> None:
    beats_s = np.array([0.5, 1.0, 1.5])
    labels, clock, weights = targets(beats_s, np.array([1, 2, 1]), 60)
    rows = labels.reshape(-1, 2)
    np.testing.assert_array_equal(np.flatnonzero(rows[:, 0] == 1.0), [32, 62, 92])
    np.testing.assert_array_equal(np.flatnonzero(rows[:, 1] == 1.0), [32, 92])
    ends_s = (np.flatnonzero(rows[:, 0] == 1.0) + 1) / LABEL_RATE_HZ
    assert np.all((ends_s - beats_s - DELAY_S <= 0.5 / LABEL_RATE_HZ + 1e-9) & (ends_s - beats_s > DELAY_S - 1e-9))
    frame = round((1.0 + DELAY_S) * 30) - 1  # its end is that of beat 2
    assert clock[frame, 0] > 0.95
    assert weights[40, 0] == 1.0
    assert LABEL_DELAY == 2


def test_bars_that_are_not_known_are_not_learned() -> None:
    _, _, weights = targets(np.arange(0, 4, 0.5), np.zeros(8, int), 90)
    assert weights[:, 0].any()
    assert not weights[:, 1].any()


def test_labels_follow_the_sound_however_it_is_changed() -> None:
    """Where the label is, the sound rises, at every speed and through every room."""
    piece = clicks()
    rng = np.random.default_rng(4)
    rises, others = [], []
    for _ in range(30):
        inputs, labels, _, weights = stretch_of(piece, 6.0, rng, is_varied=True)
        rise = inputs[:, 64:].reshape(-1, 2, 64).mean(axis=2).ravel()  # half frames
        is_beat = labels.reshape(-1, 2)[:, 0] == 1.0
        known = np.repeat(weights[:, 0] > 0, 2)
        near = np.convolve(is_beat, np.ones(7), "same") > 0
        shifted = np.maximum(np.roll(rise, 1), np.maximum(np.roll(rise, 2), rise))
        rises.append(float(np.median(shifted[is_beat & known])))
        others.append(float(np.median(shifted[~near & known])))
    assert np.median(rises) > 2.0 * np.median(others)


def test_a_stretch_has_the_form_of_a_batch_and_is_the_same_for_the_same_seed() -> None:
    pieces = {"groove": [clicks(num_stems=5)], "synth": [clicks(0.4)], "song": []}
    one, same, other = (make_batch(pieces, 3, 4.0, np.random.default_rng(seed)) for seed in (0, 0, 1))
    assert one.inputs.shape == (3, 120, 192)
    assert one.labels.shape == one.clock.shape == (3, 120, 4)
    assert one.weights.shape == (3, 120, 2)
    np.testing.assert_array_equal(one.inputs, same.inputs)
    assert not np.array_equal(one.inputs, other.inputs)
    assert np.isfinite(one.inputs).all()


def test_a_piece_shorter_than_the_stretch_ends_in_silence_that_is_not_learned() -> None:
    inputs, _, _, weights = stretch_of(clicks(0.3), 12.0, np.random.default_rng(0), is_varied=False)
    assert len(inputs) == 360
    assert weights[-30:].max() == 0.0
    assert weights[60, 0] == 1.0


def test_unchanged_stretches_are_what_the_network_hears() -> None:
    piece = clicks()
    inputs, *_ = stretch_of(piece, 12.0, np.random.default_rng(0), is_varied=False)
    heard = network_inputs((-60.0 + 0.4 * piece.levels[0]).astype(np.float32))
    level = inputs[:, :64] - heard[: len(inputs), :64]  # but for its level
    np.testing.assert_allclose(level, level[0, 0], atol=1e-3)
    np.testing.assert_allclose(inputs[1:, 64:], heard[1 : len(inputs), 64:], atol=1e-3)


def test_speed_moves_power_and_mixes_keep_it() -> None:
    power = np.zeros((40, 64), np.float32)
    power[20] = 1.0
    assert int(np.argmax(at_speed(power, 15, 2.0)[:, 0])) == 10
    levels = np.zeros((5, 50, 64), np.uint8)
    levels[1, 24:33] = np.arange(158, 140, -2)[:, None]
    assert int(np.argmax(mix(levels, np.random.default_rng(0), is_varied=False)[:, 3])) == 24
    flat = np.zeros((200, 64), np.float32)
    assert np.isfinite(varied(flat, np.random.default_rng(1))).all()


def test_training_lowers_the_loss() -> None:
    pieces = {"synth": [clicks(0.5), clicks(0.4)]}
    rng, losses = np.random.default_rng(0), []
    config = FitConfig(num_steps=40, warm_steps=5, learning_rate=1e-2, dropout=0.0)
    fitted = fit(
        lambda: make_batch(pieces, 4, 5.0, rng, is_varied=False),
        config,
        network=TrainedNetwork(24, 1, 16),
        on_step=lambda step, loss, network: losses.append(loss),
    )
    assert len(losses) == 40
    assert np.mean(losses[-5:]) < 0.6 * np.mean(losses[:5])
    assert loss_of(fitted, make_batch(pieces, 4, 5.0, rng, is_varied=False), config).item() < 0.7 * losses[0]


@pytest.mark.parametrize("num_layers", [1, 2])
def test_the_network_steps_in_numpy_as_it_runs_in_torch(num_layers: int) -> None:
    torch.manual_seed(1)
    network = TrainedNetwork(20, num_layers, 12).eval()
    mel_db = (-60.0 + 0.4 * clicks().levels[0, :240]).astype(np.float32)
    live = BeatNetwork(network.arrays(DELAY_S))
    state, rows = live.initial_state(), []
    for hop in mel_db:
        log_odds, state = live.step(hop, state)
        if log_odds is not None:
            rows.append(log_odds.copy())
    with torch.inference_mode():
        expected = network(torch.from_numpy(network_inputs(mel_db))[None])[0][0].numpy()
    np.testing.assert_allclose(np.array(rows).reshape(-1, 4), expected, atol=1e-4)
    assert live.delay_s == pytest.approx(DELAY_S)
    again = network_of(network.arrays(DELAY_S))
    with torch.inference_mode():
        np.testing.assert_allclose(
            again.eval()(torch.from_numpy(network_inputs(mel_db))[None])[0][0].numpy(), expected, atol=1e-6
        )


def test_what_is_no_beat_network_is_refused() -> None:
    with pytest.raises(ValueError, match="no weights of a beat network"):
        network_of({"inner_w": np.zeros((2, 2), np.float32)})


@pytest.fixture
def development(tmp_path: Path) -> Path:
    import soundfile

    folder = tmp_path / "dev" / "clicks"
    folder.mkdir(parents=True)
    sound = 1e-3 * np.random.default_rng(0).standard_normal(24_000 * 9).astype(np.float32)
    for at in range(0, len(sound), 12_000):
        sound[at : at + 200] += 0.5 * np.exp(-np.arange(200) / 40.0)
    soundfile.write(folder / "a.flac", sound, 24_000)
    write_beats(folder / "a.beats", np.arange(18) * 0.5, np.arange(18) % 4 + 1)
    return tmp_path / "dev"


def test_a_network_that_knows_every_beat_is_judged_perfect(development: Path) -> None:
    (clip,) = read_clips(development)
    labels, _, _ = targets(clip.beats_s, clip.places, len(clip.inputs))

    class Oracle(TrainedNetwork):
        def forward(self, inputs: torch.Tensor, dropout: float = 0.0) -> tuple[torch.Tensor, torch.Tensor]:
            return torch.from_numpy(16.0 * labels[None] - 8.0), torch.zeros(1)

    group, everything = judge(Oracle(4, 1, 4), [clip])
    assert (group.beat_f, group.downbeat_f) == (1.0, 1.0)
    assert everything.num_clips == 1
    silent = judge(TrainedNetwork(4, 1, 4), [clip])[0]
    assert silent.beat_f == 0.0
    assert "clicks" in table([group, everything])


def test_sounds_without_beats_are_refused(development: Path, tmp_path: Path) -> None:
    (development / "clicks" / "a.flac").unlink()
    with pytest.raises(ValueError, match="no sound"):
        read_clips(development)
    with pytest.raises(ValueError, match="no such folder"):
        read_clips(tmp_path / "nowhere")


def test_the_command_fits_the_confidence(development: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    weights = tmp_path / "weights.npz"
    shutil.copy(WEIGHTS, weights)
    before = dict(np.load(weights))
    main(["--calibrate", str(development), "-o", str(weights)])
    assert "fitted on 1 clips" in capsys.readouterr().out
    changed = {name for name, array in np.load(weights).items() if not np.array_equal(array, before[name])}
    assert changed == {PHASE, TEMPO}
    with pytest.raises(ValueError, match="no such weights"):
        main(["--calibrate", str(development), "-o", str(tmp_path / "none.npz")])
    with pytest.raises(ValueError, match="leave out the folder"):
        main([str(tmp_path), "--calibrate", str(development)])


def test_the_command_renders_fits_goes_on_and_judges(
    development: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.beat_network.command.SECONDS", 5.0)
    stems, weights = tmp_path / "stems", tmp_path / "weights.npz"
    small = ["--batch", "2", "--stretch-s", "3", "--units", "8", "--layers", "1"]
    main([str(stems), "--pieces", "3", "--steps", "2", *small, "-o", str(weights)])
    assert [one.stem.split("_")[1] for one in sorted(stems.glob("*.npz"))] == ["groove", "groove", "synth"]
    assert BeatNetwork(dict(np.load(weights))).num_units == 8
    times = {one: one.stat().st_mtime_ns for one in stems.glob("*.npz")}
    more = tmp_path / "more.npz"
    main([str(stems), "--pieces", "3", "--steps", "1", *small, "--start-from", str(weights), "-o", str(more)])
    assert {one: one.stat().st_mtime_ns for one in stems.glob("*.npz")} == times
    assert np.abs(np.load(more)["out__weight"] - np.load(weights)["out__weight"]).max() < 0.1
    main(["--judge-only", "--development", str(development), "-o", str(more)])
    assert "beat F" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "name a folder for what is rendered"),
        (["STEMS", "-o", "weights.pt"], "weights are an .npz file"),
        (["STEMS", "-o", "nowhere/weights.npz"], "nowhere: there is no such folder"),
        (["STEMS", "--songs", "x"], "played with --fonts"),
        (["STEMS", "--steps", "0"], "--steps is 0, expected 1 or more"),
        (["STEMS", "--stretch-s", "1"], "--stretch-s is 1.0, expected 2 s or more"),
        (["STEMS", "--dropout", "1"], "--dropout is 1.0"),
        (["--judge-only"], "nothing to judge on"),
        (["STEMS", "--no-render", "-o", "weights.npz"], "nothing is rendered there"),
        (["STEMS", "--kits", "nowhere"], "nowhere: no drum sounds"),
    ],
)
def test_what_is_missing_is_said_at_once(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match=message):
        main(arguments)
