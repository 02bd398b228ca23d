"""`transflower-train evaluate`, from trained dancers to a report that tells them apart."""

import csv
import json
import shutil

import numpy as np
import pytest

from tests.training.runs import quiet_callbacks, run, write_config
from training.evaluation.anchors import LOWER, UPPER
from training.evaluation.corruptions import CORRUPTIONS
from training.evaluation.evaluate import style_energies

LONG_S = 12
# With the other tests of trained dancers, so that each is trained once.
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow, pytest.mark.xdist_group("trained")]


@pytest.fixture(scope="module")
def dancers(prepared, trained, tmp_path_factory):
    """Two seeds of one model and one of another, hardly trained."""
    folder = tmp_path_factory.mktemp("dancers")
    config = write_config(
        folder / "t.yaml", "transformer", prepared, steps=12, trainer={"callbacks": quiet_callbacks(0.5)}
    )
    run("fit", "--config", config, "--seed_everything", 1)
    runs = [trained("transformer"), folder / "transformer" / "version_0", trained("moglow")]
    return [run / "last.safetensors" for run in runs]


@pytest.fixture(scope="module")
def report(dancers, prepared, tmp_path_factory):
    """The report on them."""
    output = tmp_path_factory.mktemp("report") / "family"
    run(
        "evaluate", *dancers, "--folder", prepared, "-o", output, "--num-dances", 6, "--seconds", 4,
        "--prompt-dances", 1, "--long-seconds", LONG_S, "--max-frames", 120, "--jobs", 1,
    )  # fmt: skip
    return output


def test_dancers_that_differ_by_their_seed_are_one_row_with_their_spread(report):
    table = (report / "report.md").read_text(encoding="utf-8")
    rows = [line.split("|")[1:-1] for line in table.splitlines() if line.startswith("| Transformer ")]
    assert rows[0][1].strip() == "2"
    assert "±" in rows[0][7]
    assert "±" not in next(line for line in table.splitlines() if line.startswith("| MoGlow "))


def test_losses_stand_beside_those_that_need_no_training(report):
    for row in json.loads((report / "report.json").read_text())["dancers"]:
        loss = row["loss"]
        assert np.isfinite([loss["value"], loss["untrained"], loss["constant_pose"]]).all()
        if loss["name"] == "mse":  # a likelihood takes longer than this
            assert loss["value"] < loss["untrained"] - 0.1
        assert row["step_ms"] > 0


def test_real_dance_is_nearer_to_real_dance_than_any_spoilt_or_danced_by_these_dancers(report):
    document = json.loads((report / "report.json").read_text())
    real = document["real"][0]["measures"]
    blind = document["measures"]["fmd"]["blind_to"]
    seen = {f"real, {name}" for name in CORRUPTIONS if name not in blind}
    spoilt = [row for row in document["real"] if row["name"] in seen]
    assert len(spoilt) == len(CORRUPTIONS) - len(blind)
    for row in [*spoilt, *document["dancers"]]:
        assert row["measures"]["fmd"] > real["fmd"], row
    assert real["beat_f1"] > 0.8


def test_anchors_stand_beside_the_dancers(report):
    """Bars of these dancers by formula keep the beat, and are copies; who hears nothing keeps no beat."""
    document = json.loads((report / "report.json").read_text())
    upper, lower = ({row["name"]: row["measures"] for row in document["real"]}[name] for name in (UPPER, LOWER))
    assert upper["beat_f1"] > 0.6 > lower["beat_f1"]
    held_out = document["baseline"]["held_out_distance"]
    assert upper["learned_distance"] < held_out
    assert 0 <= document["baseline"]["variance_left"][0] < 1
    table = (report / "report.md").read_text(encoding="utf-8")
    for heading in (
        "What is believed",
        "What an audience sees",
        "How the body moves",
        "Distances to real dance",
        "Beats",
    ):
        assert f"## {heading}" in table
    assert all(np.isfinite(row["velocity_power"]).all() for row in document["real"] + document["dancers"])


def test_without_long_dances(judged):
    """And with a dancer that has a latent for every frame, so that its beliefs can be held against real dance."""
    assert "energy of the style," in (judged / "report.md").read_text(encoding="utf-8")
    row = json.loads((judged / "report.json").read_text())["dancers"][0]
    assert row["long_run"] is None
    assert not (judged / "long.png").exists()
    for found in row["beliefs"].values():
        assert found["latent_std"] > 0
        assert -1 <= found["left_lag1"] <= 1
        assert found["believed"] > 0
    assert np.isfinite(row["loss"]["training"])


def test_what_needs_no_beat_is_measured_where_no_tempo_is_known(trained, prepared, tmp_path):
    folder = tmp_path / "own"
    shutil.copytree(prepared, folder)
    for path in folder.glob("*.beat.npy"):
        np.save(path, np.full_like(np.load(path), -1))
    run(
        "evaluate", trained("transformer") / "last.safetensors", "--folder", folder, "-o", tmp_path / "report",
        "--num-dances", 6, "--seconds", 2, "--num-long", 0, "--prompt-dances", 0, "--max-frames", 40, "--jobs", 1,
    )  # fmt: skip
    text = (tmp_path / "report/report.md").read_text(encoding="utf-8")
    assert "a tempo is known. Left out is what needs beats" in text
    assert "## Beats" not in text
    assert not any(word in text for word in ("after 4 beats", "half a beat off", UPPER, "beat.png", "likeness.png"))
    document = json.loads((tmp_path / "report/report.json").read_text())
    for row in [*document["real"], *document["dancers"]]:
        assert np.isfinite(row["measures"]["fmd"])
        assert row["measures"]["beat_f1"] is None
        assert row["beat_tests"] == {}


def test_styles_are_given_the_energy_of_a_performance(trained, prepared, tmp_path, capsys):
    metadata = {"styles": ["LEFT", "RIGHT"], "energy": {"mean": 0.6, "std": 0.2}}
    assert style_energies(metadata, [1, None]) == [0.6, 0.6]
    metadata["energy"] |= {"told_mean": 0.5, "by_style": {"RIGHT": 1.5}}
    assert style_energies(metadata, [0, 1, None]) == [0.5, 0.75, 0.5]
    file = trained("streaming_transflower") / "last.safetensors"
    for wrong, words in (
        (("--style-energy", "--energy-m-s", 0.7), "exclude each other"),
        (("--num-long", -1), "--num-long is -1"),
        (("--seconds", 0), "--seconds is the length of a dance"),
    ):
        with pytest.raises(SystemExit):
            run("evaluate", file, "--folder", prepared, "-o", tmp_path / "both", *wrong)
        assert words in capsys.readouterr().err


def test_the_first_of_a_kind_dances_long_and_styles_are_asked_for(report):
    first, second, other = json.loads((report / "report.json").read_text())["dancers"]
    assert second["long_run"] is None
    for row in (first, other):
        assert row["long_run"]["seconds"] == pytest.approx(LONG_S)
        assert np.isfinite(row["long_run"]["fmd"]).all()
    assert np.shape(first["prompts"]["distances"]) == (2, 2)


def test_ratios_are_those_of_the_measures(dancers, prepared, report):
    document = json.loads((report / "report.json").read_text())
    assert document["ratios"] == []  # the paper has none of these two


def test_the_csv_holds_a_row_for_every_set_of_dances(report):
    with (report / "report.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    names = ["real", *(f"real, {name}" for name in CORRUPTIONS), UPPER, LOWER]
    assert [row["name"] for row in rows] == [*names, "Transformer", "Transformer", "MoGlow"]
    assert all(np.isfinite(float(row["fmd"])) for row in rows)


def test_pictures_are_drawn(report):
    for name in ("measures.png", "power.png", "likeness.png", "beat.png", "long.png", "prompts.png"):
        assert (report / name).stat().st_size > 10_000, name


def test_a_folder_of_other_features_is_refused_before_anything_is_danced(dancers, prepared, tmp_path, capsys):
    other = tmp_path / "other"
    shutil.copytree(prepared, other)
    fingerprint = json.loads((other / "fingerprint.json").read_text())
    (other / "fingerprint.json").write_text(json.dumps({**fingerprint, "audio_fingerprint": "of-last-year"}))
    with pytest.raises(SystemExit):
        run("evaluate", *dancers, "--folder", other, "-o", tmp_path / "x")
    assert "hears features by-formula" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("evaluate", *dancers, "--folder", prepared, "-o", tmp_path / "x", "--seconds", 1000)
    assert "no 1000 s with music" in capsys.readouterr().err
