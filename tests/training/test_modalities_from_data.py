"""A layout needs names, lengths and offsets; the rest comes from the data, and a mistake says what to type."""

import json

import numpy as np
import pytest
import yaml
from PIL import Image

from data.dataset.modality_shapes import read_shapes
from models.networks.modality_text import modalities_text, parse_modalities
from tests.training.runs import HPARAMS, run
from training.data_modules.data_sizes import fit_layout, needs_data, set_modalities
from training.data_modules.window_picture import WindowPicture
from training.fitting.lightning import command_line

pytestmark = pytest.mark.filterwarnings("ignore")  # Lightning warns about very small runs

TYPED = "leader:24, follower:12, word:4@8, mood -> follower:3@12"


@pytest.fixture(scope="module")
def pairs(tmp_path_factory):
    """Six sequences of two hands, words and a mood, without lists."""
    folder, rng = tmp_path_factory.mktemp("pairs"), np.random.default_rng(0)
    for number in range(6):
        features = {
            "leader": np.float32(rng.normal(size=(60, 3))),
            "follower": np.float32(rng.normal(size=(60, 2))),
            "word": rng.integers(0, 5, 60),
            "mood": np.array([number % 2]),
        }
        for feature, values in features.items():
            np.save(folder / f"pair_{number}.{feature}.npy", values)
    (folder / "pair_0.word.npy").unlink()
    np.save(folder / "pair_0.word.npy", np.full(60, 4))
    (folder / "modalities.json").write_text(json.dumps({"format_version": 1, "frame_rate_hz": 25}))
    return folder


def parts(pairs, typed, name="transformer"):
    line = ["--config", str(HPARAMS / "debug" / f"{name}.yaml"), "--data.folder", str(pairs), "--modalities", typed]
    return command_line([*line, "--trainer.logger", "false", "--trainer.callbacks", "[]"], run=False)


def test_dimensions_and_kinds_come_from_the_folder_and_an_example_is_shown(pairs, tmp_path, capsys):
    cli = parts(pairs, TYPED)
    layout = cli.model.dancer.layout
    assert modalities_text(layout) == TYPED
    kinds = {item.name: (item.kind, item.dims, item.num_tokens) for item in layout.inputs}
    assert kinds == {
        "leader": ("continuous", 3, 0),
        "follower": ("continuous", 2, 0),
        "word": ("discrete", 16, 5),
        "mood": ("label", 16, 2),
    }
    assert layout.output("follower").dims == 2

    cli.before_fit()
    picture = WindowPicture.of(cli.model.dancer, cli.datamodule)
    lines = picture.text().splitlines()
    assert lines[0].startswith("one example: 24 frames, 0.96 s at 25 Hz; ")
    assert lines[1] == f"  --modalities '{TYPED}'"
    assert lines[2] == "  leader         ============|=+++++++++++ frames 0 to 23, 3 numbers"
    assert lines[4] == "  word           ........====|............ frames 8 to 11, tokens, 5 of them"
    assert lines[6] == "  follower (out) ............|>>>......... frames 12 to 14, 2 numbers"
    picture.draw(tmp_path / "example.png")
    with Image.open(tmp_path / "example.png") as drawn:
        assert len({colour for _, colour in drawn.getcolors(1 << 20)}) > 4
        assert drawn.size[0] > 800


def test_a_layout_in_yaml_needs_no_dims_either(pairs, tmp_path):
    values = yaml.safe_load((HPARAMS / "debug" / "transformer.yaml").read_text())
    values["model"]["dancer"]["init_args"]["config"]["layout"] = {
        "inputs": [{"name": "leader", "frames": 24, "dims": 9}, {"name": "mood", "kind": "label"}],
        "outputs": [{"name": "follower", "frames": 1, "offset": 12}],
    }
    config = tmp_path / "t.yaml"
    line = ["--config", str(config), "--data.folder", str(pairs), "--trainer.logger", "false"]
    config.write_text(yaml.safe_dump(values))
    cli = command_line([*line, "--trainer.callbacks", "[]"], run=False)  # what is no training takes the layout's word
    layout = cli.model.dancer.layout
    assert [item.dims for item in (*layout.inputs, *layout.outputs)] == [9, 16, 2]
    with pytest.raises(ValueError, match=r"leader has 9 dims, .*leave out dims, it is the data's"):
        cli.datamodule.connect(cli.model.dancer)


def test_a_training_that_begins_takes_the_datas_word_before_the_layouts(pairs):
    config = {"layout": {"inputs": [{"name": "leader", "dims": 9}], "outputs": [{"name": "follower", "dims": 2}]}}
    assert not needs_data(config)
    assert fit_layout(config, read_shapes(pairs), only_missing=True) == []
    assert fit_layout(config, read_shapes(pairs)) == ["dims of leader is 3, not 9"]


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        (
            "leader:24, lead:2 -> follower:1@3",
            r"has no 'lead', it has follower \(2 numbers a frame\), .*--modalities '",
        ),
        ("leader:24 -> mood:1@3", r"mood \(a label, 2 of them\) cannot be an output"),
        ("leader, follower:6 -> follower:1", "leader .* is no label: say how many frames .* such as leader:60"),
        ("word, follower:6 -> follower:1", "word .*, one a frame: say how many frames are read, such as word:60"),
    ],
)
def test_what_the_data_do_not_have_is_said_with_what_they_have(pairs, typed, message):
    config = {"layout": {}}
    set_modalities(config, typed)
    with pytest.raises(ValueError, match=message):
        fit_layout(config, read_shapes(pairs))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("leader:24", "inputs, one arrow ->, outputs; such as"),
        ("leader:x -> follower:1@2", "'leader:x' is not NAME:FRAMES or NAME:FRAMES@OFFSET"),
        ("leader:24 -> follower", "say how many frames of follower are predicted: follower:20"),
        ("leader:24 -> follower:2", "say at which frame of the window follower begins: follower:2@24"),
        ("leader@3 -> follower:2@1", "leader has an offset and no frames"),
        ("leader:0 -> follower:2@1", "leader needs a frame at least"),
    ],
)
def test_what_cannot_be_meant_is_said_with_what_can(typed, message):
    with pytest.raises(ValueError, match=message):
        parse_modalities(typed)


def test_an_output_begins_behind_its_own_input():
    assert parse_modalities("a:9, b:4@2 -> b:1").outputs[0].offset == 6


def test_a_refused_run_leaves_no_folder_and_one_that_begins_keeps_the_picture(pairs, tmp_path, capsys):
    line = [
        "fit", "--config", HPARAMS / "debug/transformer.yaml", "--data.folder", pairs, "--trainer.accelerator", "cpu",
        "--trainer.logger.save_dir", tmp_path / "runs", "--trainer.default_root_dir", tmp_path / "root",
        "--trainer.callbacks", "[]", "--trainer.enable_progress_bar", "false", "--model.budget_steps", 1,
    ]  # fmt: skip
    with pytest.raises(SystemExit) as ended:
        run(*line, "--modalities", "leader:24 -> follower:90@12")
    assert ended.value.code == 2
    assert "no window of 90 frames fits into any of 5 sequences, the longest of 60" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    run(*line, "--modalities", TYPED)
    assert next(tmp_path.glob("runs/transformer/version_0/example.png")).stat().st_size > 2000
    kept = next(tmp_path.glob("runs/transformer/version_0/config.yaml")).read_text(encoding="utf-8")
    assert "name: leader" in kept


def test_a_model_without_a_layout_says_so(pairs):
    with pytest.raises(ValueError, match="this model reads audio and dances poses"):
        set_modalities({"pose_dims": 3}, TYPED)
