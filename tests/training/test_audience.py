"""What an audience sees: dances as files beside real dance, by `transflower-train audience`."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from data.dataset.prepared_reader import PreparedFolder
from data.formats.motion_file import write_motion
from data.formats.sound_file import write_sound
from data.motion.motion import Motion
from data.movement.dance_figures import DanceFigures
from tests.training.conftest import swaying_motion, write_prepared
from tests.training.runs import run
from training.audience.measures import AUDIENCE_MEASURES, measure_audience, style_matrix
from training.audience.real import RealDance
from training.audience.seen import SeenDance, read_dances
from training.audience.table import document, markdown, rows_of
from training.evaluation.corruptions import CORRUPTIONS

RATE_HZ, SONG_HZ = 30, 8000
STYLES = ("LEFT", "RIGHT")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sequences that are long enough for a piece of a dance."""
    return write_prepared(tmp_path_factory.mktemp("long"), seconds=16)


@pytest.fixture(scope="module")
def real(folder) -> RealDance:
    return RealDance.of(PreparedFolder.open(folder))


def dances_of(motions: list[Motion]) -> list[SeenDance]:
    """Dances to two songs in both styles in turn, as those of the folder are."""
    return [
        SeenDance(motion, f"song {place // 2}", STYLES[place % 2], np.ones(len(motion), bool))
        for place, motion in enumerate(motions)
    ]


@pytest.fixture(scope="module")
def good() -> list[SeenDance]:
    return dances_of([swaying_motion(100 + 10 * seed, 16, seed)[0] for seed in range(4)])


def write_dances(folder: Path, dances: list[SeenDance]) -> Path:
    """Dances as files, with an index and songs that are silent in their second half."""
    folder.mkdir()
    entries = []
    for place, dance in enumerate(dances):
        write_motion(folder / f"{place}.npz", dance.motion)
        half = np.zeros(int(dance.motion.duration_s * SONG_HZ) // 2, np.float32)
        write_sound(folder / f"{dance.song}.wav", np.concatenate([half + np.float32(0.1), half]), SONG_HZ)
        entries.append({"file": f"{place}.npz", "song": f"{dance.song}.wav", "style": dance.style, "seed": place})
    (folder / "dances.json").write_text(json.dumps({"format_version": 1, "dances": entries}))
    return folder


def test_dances_like_the_real_ones_are_as_the_real_ones(good, real):
    values = measure_audience(good, real)
    assert values["speed_of_real"] == pytest.approx(1, abs=0.05)
    assert values["accents_of_real"] == pytest.approx(1, abs=0.1)
    assert values["jerk_of_real"] == pytest.approx(1, abs=0.1)
    assert values["floating_share"] == 0
    assert values["front_share"] > 0.95
    assert values["danced_share"] == 1
    assert values["standing_slide_m_s"] < 0.01
    styles = style_matrix(good, real)
    assert styles is not None
    assert styles.styles == list(STYLES)


@pytest.mark.parametrize(
    ("spoilt", "key"),
    [
        ("floating", "longest_floating_s"),
        ("floating", "floating_share"),
        ("leaning", "unbalanced_share"),
        ("blur", "accents_of_real"),
        ("freeze", "speed_of_real"),
        ("jitter", "jerk_of_real"),
        ("turning away", "front_share"),
        ("freeze", "danced_share"),
        ("freeze", "longest_stand_s"),
        ("skating", "standing_slide_m_s"),
    ],
)
def test_what_an_audience_would_see_is_seen(good, real, spoilt, key):
    measure = next(measure for measure in AUDIENCE_MEASURES if measure.key == key)
    worse = [replace(dance, motion=CORRUPTIONS[spoilt](dance.motion, seed)) for seed, dance in enumerate(good)]
    before, after = measure.of(good, real), measure.of(worse, real)
    if key in ("accents_of_real", "speed_of_real", "front_share", "danced_share"):
        assert after < 0.8 * before
    else:
        assert after > 1.2 * before + 0.01
    if measure.must:
        assert not measure.holds(after)


def test_dances_that_are_all_the_same_have_no_diversity(good, real):
    measure = next(measure for measure in AUDIENCE_MEASURES if measure.key == "diversity")
    assert measure.of([good[0]] * 4, real) == pytest.approx(0)
    assert measure.of(good, real) > 0.5
    assert np.isnan(measure.of(good[:1], real))


def test_dances_are_read_with_song_style_and_where_it_sounds(tmp_path, good, real):
    write_dances(tmp_path / "dances", good)
    found = read_dances([tmp_path])
    assert [(dance.song, dance.style) for dance in found] == [(dance.song, dance.style) for dance in good]
    np.testing.assert_array_equal(found[1].motion.rotations, good[1].motion.rotations)
    assert found[0].sounding[: 7 * RATE_HZ].all()
    assert not found[0].sounding[9 * RATE_HZ :].any()
    assert len(read_dances([tmp_path], seconds=5)[0].motion) == 5 * RATE_HZ
    behind = read_dances([tmp_path], front_rad=np.pi)
    assert [round(measure_audience(dances, real)["front_share"]) for dances in (found, behind)] == [1, 0]
    (tmp_path / "dances" / "song 0.wav").unlink()
    assert read_dances([tmp_path])[0].sounding.all()


def test_what_is_no_folder_of_dances_is_named(tmp_path):
    with pytest.raises(ValueError, match="transflower generate"):
        read_dances([tmp_path])
    (tmp_path / "dances.json").write_text("{}")
    with pytest.raises(ValueError, match="no index of dances"):
        read_dances([tmp_path])


def test_a_table_has_real_dance_beside_and_marks_what_does_not_hold(good, real):
    floating = [replace(dance, motion=CORRUPTIONS["floating"](dance.motion, 1)) for dance in good]
    rows = rows_of("after", floating, real)
    assert [row.name for row in rows] == ["real, as after", "after", "after: song 0", "after: song 1"]
    line = next(line for line in markdown(rows).splitlines() if line.startswith("| lower sole"))
    cells = [cell.strip() for cell in line.split("|")[3:-1]]
    assert not cells[0].startswith("**")
    assert all(cell.startswith("**") for cell in cells[1:])
    row = document(rows)["rows"][1]
    assert row["floating_share"] > 0.2
    assert row["style_nearest_centred"] is not None


def test_the_command_compares_two_builds(tmp_path, good, folder, capsys):
    write_dances(tmp_path / "before", good[:2])
    write_dances(tmp_path / "after", good)
    out = tmp_path / "audience.json"
    run("audience", tmp_path / "before", tmp_path / "after", "--folder", folder, "--no-by-song", "-o", out)
    head = capsys.readouterr().out.splitlines()[0]
    assert head == "| | must | real, as before | before | real, as after | after |"
    with pytest.raises(SystemExit):
        run("audience", tmp_path / "nothing", "--folder", folder)
    assert "no dances.json" in capsys.readouterr().err


def test_the_command_writes_what_a_bench_sets_its_dance_beside(tmp_path, folder, real, capsys):
    run("audience", "--folder", folder, "--real", tmp_path / "real.json")
    assert capsys.readouterr().out.startswith("written: ")
    figures = DanceFigures.from_json(json.loads((tmp_path / "real.json").read_text()))
    motions = [dance.motion for some in real.dances.values() for dance in some]
    assert figures == DanceFigures.of(motions, front_rad=None)
    assert figures.num_dances == len(motions)
    with pytest.raises(SystemExit):
        run("audience", "--folder", folder)
    assert "name at least one folder" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        run("audience", folder, "--folder", folder, "--seconds", 0)
    assert "--seconds is how much" in capsys.readouterr().err
