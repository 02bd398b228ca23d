"""Blender's real window: Debian's 3.4.1 under Xvfb takes the zip as an old add-on; its own timer drives the stream."""

from pathlib import Path

import pytest

from tests.blender_addon.panel_picture import missing_program, take_picture


@pytest.mark.blender
@pytest.mark.slow
@pytest.mark.realtime
def test_the_panel_connects_records_bakes_and_undoes_in_a_window(tmp_path: Path) -> None:
    if missing_program():
        pytest.skip(f"not here: {missing_program()}; see panel_picture.py for what to install")
    report = take_picture(tmp_path)
    assert not report["background"]
    assert {report[step][0] for step in ("connect", "dancer", "record", "bake")} == {"FINISHED"}
    assert report["protocol"] == "/dance"
    assert report["recorded"] > 200
    assert report["largest_turn_rad"] > 0.2, "it shows the dance"
    assert report["problems"] == {}
    assert (report["tracks"], report["tracks_after_undo"]) == (1, 0)
    assert (tmp_path / "panel.png").stat().st_size > 10_000
