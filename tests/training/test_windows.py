"""Windows are cut where they say, and pad where a sequence ends."""

import shutil

import numpy as np
import pytest
import torch

from data.dataset.prepared_reader import PreparedFolder
from training.data_modules.windows import HISTORY_FRAMES, DanceWindows, Mistiming, collate, with_exact_clock


def test_a_window_is_the_sequence_from_its_start(prepared):
    sequence = PreparedFolder.open(prepared).sequences("train")[1]
    windows = DanceWindows([sequence], window_frames=50, future_frames=10, stride_frames=25)
    window = windows.window(3, None)
    start = 75
    np.testing.assert_array_equal(window.pose[0], sequence.pose[start : start + HISTORY_FRAMES + 50])
    np.testing.assert_array_equal(window.music[0], sequence.audio[start + HISTORY_FRAMES : start + 2 + 50 + 10])
    np.testing.assert_array_equal(window.energy[0], sequence.energy[start + 2 : start + 52])
    assert window.style.tolist() == [sequence.style]
    assert window.valid.all()


def test_music_past_the_end_repeats_its_last_frame(prepared):
    sequence = PreparedFolder.open(prepared).sequences("train")[0]
    frames = len(sequence) - HISTORY_FRAMES
    window = DanceWindows([sequence], frames, future_frames=7, stride_frames=frames).window(0, None)
    np.testing.assert_array_equal(window.music[0, -7:], np.repeat(sequence.audio[-1:], 7, 0))


def test_a_short_sequence_is_padded_and_marked(prepared):
    sequence = PreparedFolder.open(prepared).sequences("train")[0]
    window = DanceWindows([sequence], window_frames=1000, future_frames=5, stride_frames=500).window(0, None)
    assert window.valid.sum() == len(sequence) - HISTORY_FRAMES
    assert window.pose.shape == (1, 1002, sequence.pose.shape[1])


def test_a_generator_moves_windows_but_never_out_of_the_sequence(prepared):
    sequences = PreparedFolder.open(prepared).sequences("train")
    windows = DanceWindows(sequences, window_frames=100, future_frames=10, stride_frames=50)
    first = {float(windows.window(1, np.random.default_rng(i)).pose[0, 0].sum()) for i in range(20)}
    assert len(first) > 5
    assert all(windows.window(i, np.random.default_rng(i)).valid.all() for i in range(len(windows)))


def test_collate_joins_windows(prepared):
    windows = DanceWindows(PreparedFolder.open(prepared).sequences("val"), 40, 10, 40)
    batch = collate([windows.window(i, None) for i in range(3)])
    assert batch.pose.shape == (3, 42, 118)
    assert batch.music.shape == (3, 50, 121)


def test_errors_name_the_file(prepared, tmp_path):
    with pytest.raises(ValueError, match=r"fingerprint.json: missing.*transflower-data prepare"):
        PreparedFolder.open(tmp_path)
    copy = tmp_path / "copy"
    shutil.copytree(prepared, copy)
    (copy / "sway_0.audio.npy").write_bytes(b"\x93NUMPY garbage")
    with pytest.raises(ValueError, match=r"sway_0\.audio\.npy: cannot be read"):
        PreparedFolder.open(copy).sequences("train")
    np.save(copy / "sway_0.audio.npy", np.zeros((5, 121), np.float32))
    with pytest.raises(ValueError, match="unequal length"):
        PreparedFolder.open(copy).sequences("train")


def test_an_exact_clock_tells_the_true_beat_where_music_sounds(prepared):
    sequence = PreparedFolder.open(prepared).sequences("train")[0]  # 100 bpm
    beat = torch.from_numpy(np.array(sequence.beat))
    beat[:50] = -1
    heard = torch.randn(len(beat), 121)
    clocked = with_exact_clock(heard, beat, slice(116, 121), 30.0)
    assert torch.equal(clocked[:50], heard[:50])
    assert torch.equal(clocked[:, :116], heard[:, :116])
    angle = 2 * torch.pi * beat[50:-1]
    torch.testing.assert_close(clocked[50:-1, 116:118], torch.stack([angle.cos(), angle.sin()], 1))
    torch.testing.assert_close(120 * 2 ** clocked[60:-1, 118], torch.full((len(beat) - 61,), 100.0), rtol=1e-3, atol=0)


def test_windows_hear_the_exact_clock_in_their_share(prepared):
    sequences = PreparedFolder.open(prepared).sequences("train")
    for share, expected in ((0.0, False), (1.0, True)):
        windows = DanceWindows(sequences, 60, 10, 30, exact_clock_share=share, beat_columns=slice(116, 121))
        # The fixture's tracker never says how sure it is.
        assert bool(windows.window(0, np.random.default_rng(0)).music[0, :, 119].any()) is expected
        assert not windows.window(0, None).music[0, :, 119].any()


def test_mistimed_windows_are_out_of_time_at_first_and_in_time_at_last(prepared):
    sequence = PreparedFolder.open(prepared).sequences("train")[0]
    mistiming = Mistiming(share=1.0, rate_columns=(0, 1, 3))
    rows = slice(100, 280)
    true = torch.from_numpy(np.array(sequence.pose[rows]))
    for seed in range(5):
        pose, num_held = mistiming.apply(sequence.pose, rows, np.random.default_rng(seed))
        assert num_held <= HISTORY_FRAMES + 75
        error = (pose - true)[:, 4:].abs().mean(1)
        assert error[:num_held].mean() > 20 * error[-10:].mean()


def test_a_held_window_is_the_sequence_at_another_time(prepared):
    sequence = PreparedFolder.open(prepared).sequences("train")[0]
    rng = np.random.default_rng(3)  # which draws a large offset
    pose, num_held = Mistiming(share=1.0, rate_columns=()).apply(sequence.pose, slice(100, 280), rng)
    distances = [
        np.abs(pose[:num_held].numpy() - sequence.pose[100 + k : 100 + k + num_held]).mean() for k in range(-12, 13)
    ]
    assert abs(int(np.argmin(distances)) - 12) > 1
    assert min(distances) < 0.2 * distances[12]


def test_mistimed_frames_that_are_history_do_not_count(prepared):
    sequences = PreparedFolder.open(prepared).sequences("train")
    windows = DanceWindows(sequences, 120, 10, 60, mistiming=Mistiming(share=1.0, rate_columns=(0, 1, 3)))
    for seed in range(10):
        window = windows.window(0, np.random.default_rng(seed))
        num_left_out = int((window.valid == 0).sum())
        assert 0 <= num_left_out <= 75
        assert window.valid[0, num_left_out:].all()
