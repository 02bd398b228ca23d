"""What a folder of features tells of itself, and what is held out where no list says it."""

import numpy as np
import pytest

from data.dataset.modality_folder import ModalityFolder
from data.dataset.modality_shapes import read_shapes


def write(folder, names, frames=20):
    for number, name in enumerate(names):
        np.save(folder / f"{name}.hand.npy", np.full((frames, 3), number, np.float32))
        np.save(folder / f"{name}.word.npy", np.arange(frames) % 5)
        np.save(folder / f"{name}.mood.npy", np.array([number % 2]))


def test_dimensions_kinds_and_tokens_are_those_of_the_files(tmp_path):
    write(tmp_path, ["a.1", "b"])
    np.savez(tmp_path / "c.npz", hand=np.zeros((4, 3), np.float32), word=np.array([7, 0, 0, 1]))
    shapes = read_shapes(tmp_path)
    assert str(shapes) == "hand (3 numbers a frame), mood (a label, 2 of them), word (tokens, 8 of them)"
    assert shapes.modalities["hand"].num_sequences == 3
    assert read_shapes(tmp_path, ["mood"]).modalities.keys() == {"mood"}
    (tmp_path / "modalities.json").write_text('{"format_version": 1, "token_names": {"mood": ["calm", "sad", "gay"]}}')
    assert read_shapes(tmp_path).modalities["mood"].num_tokens == 3


def test_a_folder_without_features_is_named(tmp_path):
    with pytest.raises(ValueError, match="holds no features; they are files"):
        read_shapes(tmp_path)
    with pytest.raises(ValueError, match="no such folder"):
        read_shapes(tmp_path / "nowhere")
    (tmp_path / "a.npz").write_bytes(b"no archive")
    with pytest.raises(ValueError, match=r"a\.npz: cannot be read"):
        read_shapes(tmp_path)


KINDS = {"hand": "continuous", "mood": "label"}


def test_without_lists_a_share_is_held_out_and_said_and_is_the_same_again(tmp_path):
    names = [f"take_{number}" for number in range(20)]
    write(tmp_path, names)
    (found, notes), (again, _) = (ModalityFolder(tmp_path, KINDS).splits() for _ in range(2))
    split = {name: [sequence.sequence_id for sequence in sequences] for name, sequences in found.items()}
    assert len(split["val"]) == 2
    assert sorted(split["train"] + split["val"]) == sorted(names)
    assert [s.sequence_id for s in again["val"]] == split["val"]
    assert notes == [
        f"{tmp_path} has no base_filenames_val.txt: 2 of 20 sequences are held out: {', '.join(split['val'])}"
    ]
    (tmp_path / "base_filenames_train.txt").write_text("take_3\ntake_4\n")
    found, _ = ModalityFolder(tmp_path, KINDS).splits()
    assert sorted(s.sequence_id for part in found.values() for s in part) == ["take_3", "take_4"]
    (tmp_path / "base_filenames_val.txt").write_text("")
    found, notes = ModalityFolder(tmp_path, KINDS).splits()
    assert (len(found["train"]), found["val"]) == (2, [])
    assert "nothing is held out" in notes[0]


def test_of_a_single_sequence_the_end_is_held_out(tmp_path):
    write(tmp_path, ["only"], frames=40)
    found, (note,) = ModalityFolder(tmp_path, KINDS).splits(0.25)
    (train,), (val,) = found["train"], found["val"]
    assert (train.num_frames, val.num_frames, len(val.features["hand"])) == (30, 10, 10)
    assert "its end is held out, from frame 30 on" in note


def test_sequences_that_lack_a_feature_are_no_sequences(tmp_path):
    write(tmp_path, ["a", "b", "c"])
    (tmp_path / "b.mood.npy").unlink()
    found, _ = ModalityFolder(tmp_path, KINDS).splits()
    assert sorted(s.sequence_id for part in found.values() for s in part) == ["a", "c"]
    with pytest.raises(ValueError, match=r"no sequence has all of hand, smell \(3 have hand, 0 have smell\)"):
        ModalityFolder(tmp_path, {"hand": "continuous", "smell": "continuous"}).splits()
    with pytest.raises(ValueError, match="held_out_share must lie between 0 and 1, not 1"):
        ModalityFolder(tmp_path, KINDS).splits(1)
