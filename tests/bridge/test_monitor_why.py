"""The monitor says why nobody dances, to the end of the line, where the way out is, and only while it is so."""

import io

import pytest
from rich.console import Console

from bridge.control.controls import Controls
from bridge.engine.why import Standing, why_still
from bridge.terminal.monitor import MonitorReport, line, render
from bridge.terminal.stream_inspector import StreamInspector, StreamReport
from bridge.wire.dance_protocol import Status, WhyUpdate, encode_status, encode_why

HERE = ("127.0.0.1", 50000)


@pytest.fixture
def longest() -> str:
    """The longest line that the bridge has of its own."""
    why = why_still(Standing(has_sound=True, is_music=True, is_judged=True, rest_s=30.0), Controls())
    assert why is not None
    assert len(why.text) > 120
    return why.text


def report_of(text: str, *later: str, silent_s: float = 0.5) -> StreamReport:
    """What is known of a sender who has sent these lines, one a second."""
    inspector = StreamInspector()
    for second, each in enumerate((text, *later)):
        reason = "any" if each else ""
        inspector.receive(encode_status(Status(state="idle", dropped=0)), HERE, 100.0 + second)
        inspector.receive(encode_why(WhyUpdate(reason=reason, text=each)), HERE, 100.0 + second)
    (report,) = inspector.snapshot(100.0 + len(later) + silent_s)
    return report


def picture(report: StreamReport, width: int) -> str:
    console = Console(file=io.StringIO(), width=width, height=34, force_terminal=False)
    console.print(render((report,), "127.0.0.1:39550", width, 34))
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.mark.parametrize("width", [80, 110])
def test_the_way_out_is_seen_in_the_picture_the_log_and_the_report(longest: str, width: int) -> None:
    report = report_of(longest)
    assert longest in " ".join(picture(report, width).split())
    assert longest in line((report,), "here", 1.0)
    text = MonitorReport(address="here", seconds=1.0, streams=(report,), passed_over=0).to_text()
    assert f"still           {longest}" in text.splitlines()


def test_it_goes_with_the_dance_and_with_who_said_it(longest: str) -> None:
    for report in (report_of(longest, ""), report_of(longest, silent_s=3.0)):
        assert report.why == ""
        assert longest not in " ".join(picture(report, 110).split())
        assert longest not in line((report,), "here", 1.0)


def test_the_present_line_takes_the_place_of_the_one_before(longest: str) -> None:
    assert report_of(longest, "held by freeze").why == "held by freeze"


def test_a_line_of_a_stranger_is_no_command_to_the_terminal() -> None:
    report = report_of("\x1b[2Jgone" + 2000 * "x")
    assert report.why.isprintable()
    assert len(report.why) <= 400
