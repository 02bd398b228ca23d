"""`--log-file` and `-v`: taken out of any command's line, kept in a file, shown on the screen."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from data.commands.logs import LOG, tell_of_error, without_log_options


@pytest.fixture(autouse=True)
def ends_the_log() -> Iterator[None]:
    yield
    without_log_options([])


def test_a_line_keeps_what_is_its_own(tmp_path: Path) -> None:
    file = tmp_path / "a.log"
    words = ["perform", "-v", "--style", "HO", f"--log-file={file}"]
    assert without_log_options(words) == ["perform", "--style", "HO"]
    assert without_log_options(["perform", "--log_file", str(file)]) == ["perform"]
    assert without_log_options(["perform", "--file", "log"]) == ["perform", "--file", "log"]


def test_a_log_has_the_time_the_version_and_where_an_error_comes_from(tmp_path: Path, capsys) -> None:
    file = tmp_path / "a.log"
    without_log_options(["takes", "--stage-token", "secret-token", "--log-file", str(file)])
    try:
        raise ValueError("no such take")
    except ValueError:
        tell_of_error()
    LOG.debug("each second")
    text = file.read_text("utf-8")
    assert "transflower-bridge" in text
    assert "INFO command: takes" in text
    assert "Traceback" in text
    assert "ValueError: no such take" in text
    assert "secret-token" not in text
    assert "each second" not in text, "only -v says so much"
    assert capsys.readouterr().err == ""


def test_more_is_said_on_the_screen_when_it_is_asked_for(capsys) -> None:
    without_log_options(["takes", "-v"])
    LOG.debug("each second")
    assert "DEBUG each second" in capsys.readouterr().err
    without_log_options(["takes"])
    LOG.error("nobody asked")
    assert capsys.readouterr().err == ""
    assert not LOG.isEnabledFor(logging.INFO)


def test_a_log_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="--log-file needs the name of a file"):
        without_log_options(["takes", "--log-file"])
    with pytest.raises(ValueError, match=r"nowhere.*No such file"):
        without_log_options(["takes", "--log-file", str(tmp_path / "nowhere/a.log")])
