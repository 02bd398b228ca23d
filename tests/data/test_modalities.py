"""The general multimodal dataset: what a window holds, what is refused, and that no file is ever touched."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.dataset.modality_folder import ModalityFolder, ModalitySequence
from data.dataset.modality_windows import InputSpan, LookAhead, ModalityWindows, OutputSpan

KINDS = {"motion": "continuous", "sound": "continuous", "chord": "discrete", "genre": "label"}


def write(folder: Path, name: str, frames: dict[str, int]) -> None:
    rng = np.random.default_rng(len(name))
    np.save(folder / f"{name}.motion.npy", rng.normal(size=(frames["motion"], 3)).astype(np.float32))
    np.save(folder / f"{name}.sound.npy", rng.normal(size=(frames["sound"], 2)))
    np.save(folder / f"{name}.chord.npy", rng.integers(0, 5, (frames["chord"], 1)))
    np.save(folder / f"{name}.genre.npy", np.array([2]))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two sequences; the lengths of one's features differ by two frames; the list ends without a new line."""
    write(tmp_path, "one", {"motion": 20, "sound": 20, "chord": 20})
    write(tmp_path, "two", {"motion": 31, "sound": 33, "chord": 32})
    (tmp_path / "base_filenames_train.txt").write_text("one\n\ntwo")
    return tmp_path


def test_all_ids_are_read_and_only_memory_is_cut(folder):
    before = {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
    sequences, cuts = ModalityFolder(folder, KINDS).sequences("train")
    assert [(s.sequence_id, s.num_frames) for s in sequences] == [("one", 20), ("two", 31)]
    assert [str(cut) for cut in cuts] == ["two: motion 31, sound 33, chord 32 frames; cut to 31"]
    assert cuts[0].num_lost == 2
    assert isinstance(sequences[1].features["sound"].base, np.memmap)
    assert sequences[0].labels == {"genre": 2}
    assert sequences[0].features["chord"].shape == (20,)
    assert before == {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}


def spoil(folder: Path, what: str) -> None:
    array = np.load(folder / "one.sound.npy")
    match what:
        case "missing file":
            (folder / "one.sound.npy").unlink()
        case "truncated":
            (folder / "one.sound.npy").write_bytes((folder / "one.sound.npy").read_bytes()[:-40])
        case "a pickle":
            np.save(folder / "one.sound.npy", np.array([{}], object), allow_pickle=True)
        case "one dimension":
            np.save(folder / "one.sound.npy", array[:, 0])
        case "integers":
            np.save(folder / "one.sound.npy", array.astype(int))
        case "other width":
            np.save(folder / "two.sound.npy", np.zeros((31, 4), np.float32))
        case "much longer":
            np.save(folder / "one.sound.npy", np.zeros((60, 2), np.float32))
        case "float tokens":
            np.save(folder / "one.chord.npy", np.zeros((20, 1)))
        case "two labels":
            np.save(folder / "one.genre.npy", np.array([1, 2]))
        case "twice":
            (folder / "base_filenames_train.txt").write_text("one\none\n")
        case "no list":
            (folder / "base_filenames_train.txt").rename(folder / "base_filenames_test.txt")


@pytest.mark.parametrize(
    ("what", "message"),
    [
        ("missing file", r"one\.sound\.npy: missing"),
        ("truncated", r"one\.sound\.npy: cannot be read"),
        ("a pickle", r"one\.sound\.npy: cannot be read"),
        ("one dimension", r"one\.sound\.npy: is float64 \(20,\), expected floats \(frames, dims\)"),
        ("integers", r"one\.sound\.npy: is int64 \(20, 2\)"),
        ("other width", r"two\.sound\.npy: has 4 columns, one\.sound\.npy has 2"),
        ("much longer", r"differ by 40 frames \(one\.motion\.npy 20, one\.sound\.npy 60, one\.chord\.npy 20\)"),
        ("float tokens", r"one\.chord\.npy: is float64 \(20, 1\), expected integer tokens"),
        ("two labels", r"one\.genre\.npy: is int64 \(2,\), expected one integer"),
        ("twice", r"base_filenames_train\.txt: one stands in it more than once"),
        ("no list", r"base_filenames_train\.txt: missing; the folder has lists for \['test'\]"),
    ],
)
def test_a_bad_folder_is_named(folder, what, message):
    spoil(folder, what)
    with pytest.raises(ValueError, match=message):
        ModalityFolder(folder, KINDS).sequences("train")


def test_bad_settings_are_named(tmp_path):
    with pytest.raises(ValueError, match="feature x: kind must be one of"):
        ModalityFolder(tmp_path, {"x": "sound"})
    with pytest.raises(ValueError, match="not labels alone"):
        ModalityFolder(tmp_path, {"x": "label"})
    with pytest.raises(ValueError, match="tolerance_frames must not be negative"):
        ModalityFolder(tmp_path, KINDS, tolerance_frames=-1)
    with pytest.raises(ValueError, match=r"frame_dropout must lie in 0\.\.1, not 2"):
        InputSpan(name="x", frame_dropout=2)
    with pytest.raises(ValueError, match="frames must be at least 1, not 0"):
        OutputSpan(name="x", frames=0, offset=0)


# One sequence whose numbers tell their frame: frame k of "motion" is k + 1, of "sound" 100 + k, of "chord" k.
LENGTH = 12
COUNTING = ModalitySequence(
    sequence_id="counting",
    features={
        "motion": np.arange(1, LENGTH + 1, dtype=np.float32)[:, None],
        "sound": np.arange(100, 100 + LENGTH, dtype=np.float32)[:, None],
        "chord": np.arange(LENGTH),
    },
    labels={"genre": 3},
    num_frames=LENGTH,
)
INPUTS = (
    InputSpan(name="motion", frames=4),
    InputSpan(name="sound", frames=7),
    InputSpan(name="chord", frames=2, offset=3, kind="discrete", unknown_token=99),
    InputSpan(name="genre", kind="label"),
)
OUTPUTS = (OutputSpan(name="motion", frames=2, offset=4),)


def test_the_first_padded_window_knows_nothing_of_the_past_and_the_last_reaches_the_end():
    windows = ModalityWindows([COUNTING], INPUTS, OUTPUTS)
    first, last = windows[0], windows[len(windows) - 1]
    assert len(windows) == LENGTH - 1
    assert first.known["motion"].tolist() == [0, 0, 0, 0]
    assert first.inputs["motion"].ravel().tolist() == [0, 0, 0, 0]
    assert first.inputs["sound"].ravel().tolist() == [0, 0, 0, 0, 100, 101, 102]
    assert first.inputs["chord"].tolist() == [99, 0]
    assert first.outputs["motion"].ravel().tolist() == [1, 2]
    assert last.outputs["motion"].ravel().tolist() == [11, 12]
    assert last.known["sound"].tolist() == [1, 1, 1, 1, 1, 1, 0]  # one frame past the end
    assert int(last.inputs["genre"]) == 3
    assert len(ModalityWindows([COUNTING], INPUTS, OUTPUTS, pad=False)) == LENGTH - 7 + 1


@settings(max_examples=60, deadline=None)
@given(
    frames=st.integers(1, 6), offset=st.integers(-5, 9), out=st.integers(1, 4), stride=st.integers(1, 3),
    pad=st.booleans(),
)  # fmt: skip
def test_windows_are_what_naive_slicing_gives(frames, offset, out, stride, pad):
    spans = (InputSpan(name="sound", frames=frames, offset=offset),)
    outputs = (OutputSpan(name="motion", frames=out, offset=4),)
    first = 4 if pad else min(4, offset)
    end = max(4 + out, 0 if pad else offset + frames)
    starts = list(range(-first, LENGTH - end + 1, stride))
    if not starts:
        with pytest.raises(ValueError, match="no window of"):
            ModalityWindows([COUNTING], spans, outputs, stride_frames=stride, pad=pad)
        return
    windows = ModalityWindows([COUNTING], spans, outputs, stride_frames=stride, pad=pad)
    assert len(windows) == len(starts)
    for item, start in enumerate(starts):
        rows = [start + offset + i for i in range(frames)]
        inside = [0 <= row < LENGTH for row in rows]
        window = windows[item]
        assert window.known["sound"].astype(bool).tolist() == inside
        assert window.inputs["sound"].ravel().tolist() == [
            100 + r if k else 0 for r, k in zip(rows, inside, strict=True)
        ]
        assert window.outputs["motion"].ravel().tolist() == [start + 4 + i + 1 for i in range(out)]


def test_look_ahead_shows_as_much_as_the_budget():
    middle = 5
    for budget, shown in ((None, 7), (LookAhead(fixed_frames=0), 5), (LookAhead(fixed_frames=1), 6), (LookAhead(), 5)):
        window = ModalityWindows([COUNTING], INPUTS, OUTPUTS, look_ahead=budget)[middle]
        assert window.known["sound"].sum() == shown
    # Two steps in a row: the budget counts from the last one.
    spans = (InputSpan(name="sound", frames=7),)
    window = ModalityWindows([COUNTING], spans, OUTPUTS, look_ahead=LookAhead(fixed_frames=0), present_frames=2)[middle]
    assert window.known["sound"].sum() == 6
    random = ModalityWindows([COUNTING], INPUTS, OUTPUTS, look_ahead=LookAhead(share=0.5))
    counts = [random.window(middle, np.random.default_rng(i)).known["sound"].sum() for i in range(300)]
    assert set(counts) == {5, 6, 7}
    assert 0.4 < np.mean(np.array(counts) > 5) < 0.6


def test_dropout_hides_frames_and_whole_windows_and_nothing_without_a_generator():
    spans = (
        InputSpan(name="sound", frames=5, frame_dropout=0.5),
        InputSpan(name="chord", frames=5, kind="discrete", unknown_token=99, window_dropout=0.5),
    )
    windows = ModalityWindows([COUNTING], spans, OUTPUTS)
    some = [windows.window(5, np.random.default_rng(i)) for i in range(300)]
    known = np.array([window.known["sound"] for window in some])
    assert 0.4 < known.mean() < 0.6
    assert set(known.sum(1)) > {1, 2, 3, 4}
    assert {window.known["chord"].sum() for window in some} == {0, 5}
    for window in some[:20]:
        assert ((window.inputs["sound"].ravel() == 0) == (window.known["sound"] == 0)).all()
        assert ((window.inputs["chord"] == 99) == (window.known["chord"] == 0)).all()
    assert windows[5].known["sound"].all()
    again = windows.window(5, np.random.default_rng(7))
    assert (again.known["sound"] == some[7].known["sound"]).all()


def test_what_cannot_be_learned_is_refused():
    with pytest.raises(ValueError, match="input motion shows frames that are to be predicted, from 4 on"):
        ModalityWindows([COUNTING], (InputSpan(name="motion", frames=5),), OUTPUTS)
    with pytest.raises(ValueError, match="outputs must begin at one frame"):
        ModalityWindows([COUNTING], INPUTS, (*OUTPUTS, OutputSpan(name="sound", frames=1, offset=5)))
    with pytest.raises(ValueError, match=r"no window of 102 frames fits into any of 1 sequences, .* 12 frames"):
        ModalityWindows([COUNTING], INPUTS, (OutputSpan(name="motion", frames=102, offset=4),))
    assert len(ModalityWindows([], INPUTS, OUTPUTS)) == 0, "nothing is held out, which is no fault"
    short = ModalitySequence("short", {name: x[:1] for name, x in COUNTING.features.items()}, {"genre": 0}, 1)
    assert ModalityWindows([short, COUNTING], INPUTS, OUTPUTS).too_short == ["short"]


def test_a_number_that_is_not_finite_is_named():
    sound = COUNTING.features["sound"].copy()
    sound[6] = np.nan
    broken = ModalitySequence("broken", {**COUNTING.features, "sound": sound}, {"genre": 0}, LENGTH)
    windows = ModalityWindows([broken], INPUTS, OUTPUTS)
    with pytest.raises(ValueError, match=r"broken\.sound\.npy: frame 6 is not finite"):
        windows[4]
