"""`transflower-train evaluate`, from trained dancers to a report that tells them apart."""

import csv
import json
import shutil

import numpy as np
import pytest

from tests.training.runs import quiet_callbacks, run, write_config

LONG_S = 12
pytestmark = [pytest.mark.filterwarnings("ignore"), pytest.mark.slow]


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
        "--prompt-dances", 1, "--long-seconds", LONG_S, "--max-frames", 120, "--jobs", 2,
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
    for row in [*document["real"][1:], *document["dancers"]]:
        assert row["measures"]["fmd"] > real["fmd"], row
    assert real["beat_f1"] > 0.8


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
    assert [row["name"] for row in rows[:5]] == [
        "real", "real, jitter", "real, freeze", "real, time warp", "real, skating",
    ]  # fmt: skip
    assert [row["name"] for row in rows[5:]] == ["Transformer", "Transformer", "MoGlow"]
    assert all(np.isfinite(float(row["fmd"])) for row in rows)


def test_pictures_are_drawn(report):
    for name in ("measures.png", "beat.png", "long.png", "prompts.png"):
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
