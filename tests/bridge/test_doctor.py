"""The doctor finds a machine well that is well, names what is wrong with one that is not, and is never the patient."""

import importlib.metadata
import json
import re
import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from rich.console import Console

from bridge.checks.dancing import check_dancer, judge_step
from bridge.checks.doctor import Diagnosis, Show, _check_dancer, examine, lines
from bridge.checks.finding import CheckResult
from bridge.checks.midi import check_midi
from bridge.checks.network import check_loopback, check_own_ports, check_stage, check_targets
from bridge.checks.software import EXTRAS, check_software
from bridge.checks.sound import check_file, check_input, judge_sound
from bridge.checks.storage import check_preset, check_takes_folder
from bridge.checks.timing import check_timing
from bridge.cli import main
from bridge.control.controls import Controls
from bridge.control.presets import save_preset
from bridge.dancer.dancer_file import DancerFile
from bridge.stage.settings import StagePlace
from data.formats.sound_file import write_sound
from models.fast_step import machine_code
from models.torch_install import install_command
from tests.ports import held_port
from tests.sound_card import DEVICE, SoundCard
from tests.tiny_dancer import write_tiny_dancer

RATE_HZ = 48_000


pytestmark = pytest.mark.usefixtures("patient_doctor")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


def listener(kind: socket.SocketKind = socket.SOCK_DGRAM) -> socket.socket:
    holder = socket.socket(socket.AF_INET, kind)
    holder.bind(("127.0.0.1", 0))
    return holder


def one(findings: list[CheckResult]) -> CheckResult:
    (finding,) = findings
    return finding


Visit = Callable[..., list[str]]


@pytest.fixture
def visit(tiny: Path, tmp_path: Path) -> Iterator[Visit]:
    """Makes the arguments of a doctor's visit that touches no port and no folder of anybody else."""
    with held_port() as nobody:
        yield lambda *more: [
            "doctor", "--checkpoint", str(tiny), "--device", "cpu", "--takes", str(tmp_path / "takes"),
            "--control", "127.0.0.1:0", "--query-port", "0", "--stage", "127.0.0.1:0",
            "--target", f"dance:127.0.0.1:{nobody}", "--json", str(tmp_path / "doctor.json"), *more,
        ]  # fmt: skip


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_healthy_machine_is_ready_to_perform(
    sound_card: SoundCard, visit: Visit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    noise = 0.1 * np.random.default_rng(0).standard_normal(80 * RATE_HZ)
    write_sound(tmp_path / "noise.wav", noise.astype(np.float32), RATE_HZ)
    sound_card.play_from_memory(tmp_path / "noise.wav")
    main(visit("--input", DEVICE))
    out = capsys.readouterr().out
    assert "ready to perform" in out
    assert "PROBLEM" not in out
    # A device that calls late may be thought to have lost something; then that is reported.
    well, late = rf"ok       input {DEVICE}: \d+ Hz, level -2\d dBFS", rf"warning  input {DEVICE}: .* ms were lost"
    assert re.search(rf"^({well}|{late})$", out, re.MULTILINE), "it hears the noise"
    report = json.loads((tmp_path / "doctor.json").read_text())
    assert report["problems"] == 0
    checks = {finding["check"]: finding["verdict"] for finding in report["findings"]}
    for check in ("Python", "torch", "packages", "dancer", "sound inputs", "controls", "OSCQuery", "takes"):
        assert checks[check] == "ok"
    assert not (tmp_path / "takes").exists(), "looking leaves nothing behind"


def test_a_fast_step_that_is_off_is_a_warning(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    with monkeypatch.context() as patch:
        patch.setenv(machine_code.FORM_VARIABLE, "off")
        machine_code.target.cache_clear()
        dancer = DancerFile.open(tiny, device="cpu")
    machine_code.target.cache_clear()
    found = {finding.check: finding for finding in _check_dancer(dancer, Show(checkpoint=tiny, device="cpu"))}
    assert found["backend"].verdict == "warning"
    assert f"danced by PyTorch: {machine_code.FORM_VARIABLE} is off" in found["backend"].found
    assert f"unset {machine_code.FORM_VARIABLE}" in found["backend"].advice


def test_what_compiles_the_fast_step_is_among_the_packages():
    packages = {finding.check: finding.found for finding in check_software()}["packages"]
    assert "numba " in packages
    assert "llvmlite " in packages


@pytest.mark.usefixtures("nothing_prebuilt")
def test_the_way_out_where_what_compiles_is_missing_brings_it(monkeypatch: pytest.MonkeyPatch):
    def without(*missing: str) -> str | None:
        def version(name: str) -> str:
            if name in missing:
                raise importlib.metadata.PackageNotFoundError(name)
            return "1.0"

        monkeypatch.setattr(importlib.metadata, "version", version)
        return next(finding.advice for finding in check_software() if finding.check == "packages")

    whole = "pip install -c constraints.txt -e ."
    assert without("numba", "llvmlite") == without("llvmlite") == install_command("numba")
    assert without("rich") == whole
    assert without("rich", "numba") == f"{whole}; {install_command('numba')}"


@pytest.mark.soundcard
@pytest.mark.realtime
def test_silence_is_a_warning_that_says_what_to_do(sound_card: SoundCard):
    finding = one(check_input(DEVICE))
    assert finding.verdict == "warning"
    assert "nothing is heard" in finding.found
    assert "unmute" in finding.advice


@pytest.mark.soundcard
@pytest.mark.realtime
def test_a_device_that_is_not_there_is_a_problem(sound_card: SoundCard):
    finding = one(check_input("harp"))
    assert finding.verdict == "problem"
    assert "'harp' is no device for sound input" in finding.found
    assert "--input" in finding.advice


@pytest.mark.realtime
def test_a_device_that_is_not_there_is_a_problem_without_any_sound_card_too():
    assert one(check_input("harp")).verdict == "problem"


@pytest.mark.realtime
def test_an_occupied_control_port_is_named_and_the_exit_code_tells(
    visit: Visit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    song = tmp_path / "song.wav"
    write_sound(song, np.zeros(RATE_HZ, np.float32), RATE_HZ)
    with closing(listener()) as holder:
        port = holder.getsockname()[1]
        with pytest.raises(SystemExit) as exit_info:
            main(visit("--file", str(song), "--control", f"127.0.0.1:{port}"))
    assert exit_info.value.code == 1
    out = capsys.readouterr().out
    assert f"PROBLEM  controls: udp port {port} of 127.0.0.1 is not free: " in out
    assert "--control HOST:PORT" in out
    assert "ready to perform" not in out
    findings = json.loads((tmp_path / "doctor.json").read_text())["findings"]
    assert {finding["check"] for finding in findings if finding["verdict"] == "problem"} == {"controls"}


def test_an_occupied_query_port_is_named():
    with closing(listener(socket.SOCK_STREAM)) as holder:
        holder.listen()
        port = holder.getsockname()[1]
        controls, query = check_own_ports(("127.0.0.1", 0), port)
    assert (controls.verdict, query.verdict) == ("ok", "problem")
    assert f"tcp port {port}" in query.found
    assert "--query-port" in query.advice
    assert one(check_own_ports(None, port)).verdict == "ok"


def test_an_occupied_port_of_the_stage_is_named_before_perform_refuses_it(
    visit: Visit, numbered_wav: Path, capsys: pytest.CaptureFixture[str]
):
    with closing(listener(socket.SOCK_STREAM)) as holder:
        holder.listen()
        port = holder.getsockname()[1]
        with pytest.raises(SystemExit) as exit_info:
            main(visit("--file", str(numbered_wav), "--stage", f"127.0.0.1:{port}"))
    assert exit_info.value.code == 1
    out = capsys.readouterr().out
    assert f"PROBLEM  stage: tcp port {port} of 127.0.0.1 is not free: " in out
    assert "--stage HOST:PORT" in out
    assert "ready to perform" not in out


def test_a_stage_that_cannot_begin_is_a_problem(tmp_path: Path):
    assert one(check_stage(None, None)).verdict == "ok"
    assert one(check_stage(StagePlace(port=0), ("127.0.0.1", 0))).verdict == "ok"
    (tmp_path / "no.pem").write_text("no certificate")
    for place, query in (
        (StagePlace(port=0, token="short"), None),
        (StagePlace(port=0, certificate=tmp_path / "no.pem"), None),
        (StagePlace(port=0, certificate=tmp_path / "missing.pem"), None),
        (StagePlace(port=39999), ("127.0.0.1", 39999)),
    ):
        assert one(check_stage(place, query)).verdict == "problem"


def test_a_file_in_place_of_the_folder_of_takes_is_a_problem(tmp_path: Path):
    (tmp_path / "takes").write_text("no folder")
    for folder in (tmp_path / "takes", tmp_path / "takes" / "tonight"):
        finding = one(check_takes_folder(folder))
        assert finding.verdict == "problem"
        assert "--takes" in finding.advice
    assert one(check_takes_folder(tmp_path)).verdict in ("ok", "warning")
    assert list(tmp_path.iterdir()) == [tmp_path / "takes"]


@pytest.mark.realtime
def test_a_corrupt_dancer_is_a_problem_and_the_rest_is_still_looked_at(tmp_path: Path):
    broken = tmp_path / "broken.safetensors"
    broken.write_bytes(b"not a checkpoint at all")
    diagnosis = examine(Show(checkpoint=broken, file=Path("-")), Console(quiet=True))
    by_check = {finding.check: finding for finding in diagnosis.findings}
    assert by_check["dancer"].verdict == "problem"
    assert str(broken) in by_check["dancer"].found
    assert "--checkpoint" in by_check["dancer"].advice
    assert "loopback" in by_check
    assert diagnosis.num_problems == 1


@pytest.mark.realtime
def test_a_truncated_dancer_is_found_when_it_is_loaded(tiny: Path, tmp_path: Path):
    short = tmp_path / "short.safetensors"
    short.write_bytes(tiny.read_bytes()[:-1000])
    findings = examine(Show(checkpoint=short, file=Path("-")), Console(quiet=True)).findings
    assert [finding.verdict for finding in findings if finding.check in ("dancer", "step")].count("problem") == 1


@pytest.mark.realtime
def test_a_dancer_that_steps_says_how_long_a_step_takes(tiny: Path):
    dancer, step = check_dancer(DancerFile.open(tiny), Controls(), device="cpu", seconds=0.1)
    assert dancer.verdict == "ok"
    assert "of a frame's 33.3 ms, on cpu" in step.found
    _, style, _ = check_dancer(DancerFile.open(tiny), Controls(style="polka"), device="cpu", seconds=0.1)
    assert (style.check, style.verdict) == ("style", "problem")
    _, pose, _ = check_dancer(DancerFile.open(tiny), Controls(seed_pose="lying"), device="cpu", seconds=0.1)
    assert (pose.check, pose.verdict) == ("seed pose", "problem")


@pytest.mark.realtime
def test_a_dancer_slower_than_the_time_for_it_is_measured_all_the_same(tiny: Path):
    _, step = check_dancer(DancerFile.open(tiny), Controls(), device="cpu", seconds=0.0)
    assert "of a frame's 33.3 ms, on cpu" in step.found


@pytest.mark.parametrize(("p50", "p99", "verdict"), [(5, 8, "ok"), (15, 25, "warning"), (40, 60, "problem")])
def test_a_step_is_judged_by_the_length_of_a_frame(p50: float, p99: float, verdict: str):
    assert judge_step(p50, p99, frame_ms=1000 / 30, device_name="cpu").verdict == verdict


@pytest.mark.parametrize(
    ("peak", "num_samples", "gap_samples", "verdict", "part"),
    [
        (0.3, RATE_HZ, 0, "ok", "-13 dBFS"),
        (0.0, RATE_HZ, 0, "warning", "digital silence"),
        (0.001, RATE_HZ, 0, "warning", "nothing is heard"),
        (1.0, RATE_HZ, 0, "warning", "distorts"),
        (0.3, RATE_HZ, 480, "warning", "10 ms were lost"),
        (0.3, 100, 0, "problem", "gave only"),
        (0.3, 0, 0, "problem", "gave only"),
    ],
)
def test_a_second_of_sound_is_judged(peak: float, num_samples: int, gap_samples: int, verdict: str, part: str):
    sine = (peak * np.sin(np.arange(num_samples) * 0.1)).astype(np.float32)
    finding = judge_sound(sine, name="mic", rate_hz=RATE_HZ, gap_samples=gap_samples)
    assert finding.verdict == verdict
    assert part in finding.found
    assert bool(finding.advice) == (verdict != "ok")


def test_targets_are_distinguished():
    with closing(listener()) as receiver, held_port() as nobody, held_port() as ours:
        here = receiver.getsockname()[1]
        texts = (f"dance:{here}", f"vmc:127.0.0.1:{nobody}", "osc:1.2.3.4", "vmc:192.0.2.1", f"vmc:{ours}")
        listens, silent, wrong, far, own = check_targets(texts, ("0.0.0.0", ours))
    assert listens.verdict == "ok"
    assert (silent.verdict, wrong.verdict, far.verdict) == ("warning", "problem", "ok")
    assert "osc:1.2.3.4" in wrong.found
    assert (own.verdict, own.found) == ("problem", "that is where controls come in")
    assert one(check_targets((), None)).verdict == "warning"


def test_what_a_performance_would_refuse_the_doctor_refuses(tiny: Path, tmp_path: Path):
    dancer = DancerFile.open(tiny)
    for target in ("vmc:39539,rate=45", "vmc:39539,bones=Tail", f"vmc:39539,vrm={tmp_path / 'none.vrm'}"):
        finding = one(check_targets((target,), None, dancer))
        assert finding.verdict == "problem", target
    assert one(check_targets(("vmc:39539,rate=60,bones=upper",), None, dancer)).verdict != "problem"
    missing = one(check_preset(tmp_path, "ballroom", dancer.styles))
    assert (missing.check, missing.verdict) == ("preset", "problem")
    save_preset(tmp_path, "ballroom", Controls(energy=0.9))
    assert one(check_preset(tmp_path, "ballroom", dancer.styles)).verdict == "ok"


@pytest.mark.realtime
def test_this_machine_answers_itself_and_keeps_time():
    loopback = one(check_loopback())
    assert loopback.verdict in ("ok", "warning")
    assert re.search("there and back p50 .* 0 of 10 lost", loopback.found)
    clock, sleep = check_timing()
    assert clock.verdict == "ok"
    assert "late" in sleep.found


def test_an_extra_that_is_missing_matters_only_to_who_asked_for_it(monkeypatch: pytest.MonkeyPatch):
    def import_module(name: str) -> None:
        raise ImportError(f"No module named {name!r}")

    monkeypatch.setattr("importlib.import_module", import_module)
    for wanted in (frozenset[str](), frozenset(extra.name for extra in EXTRAS)):
        findings = {finding.check: finding for finding in check_software(wanted)}
        for extra in EXTRAS:
            finding = findings[f"extra {extra.name}"]
            assert finding.verdict == ("problem" if wanted else "ok")
            assert extra.purpose in finding.found
            assert bool(wanted) == (f"[{extra.name}]" in finding.advice)


def test_a_midi_input_that_is_not_there_is_a_problem(capfd: pytest.CaptureFixture[str]):
    assert one(check_midi(None)).verdict == "ok"
    assert capfd.readouterr().err == ""
    finding = one(check_midi("theremin"))
    assert finding.verdict == "problem"
    assert "--midi" in finding.advice


def test_a_song_that_cannot_be_read_is_a_problem(tmp_path: Path):
    (tmp_path / "song.mp3").write_bytes(b"no music")
    for name in ("song.mp3", "nowhere.wav"):
        finding = one(check_file(tmp_path / name))
        assert finding.verdict == "problem"
        assert name in finding.found


@pytest.mark.realtime
def test_a_check_that_breaks_is_a_finding(monkeypatch: pytest.MonkeyPatch):
    def broken() -> list[CheckResult]:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("bridge.checks.doctor.check_timing", broken)
    diagnosis = examine(Show(checkpoint=Path("none.safetensors"), file=Path("-")), Console(quiet=True))
    (clock,) = [finding for finding in diagnosis.findings if finding.check == "the clock"]
    assert "ZeroDivisionError: oh" in clock.found
    assert len(diagnosis.findings) > 5


def test_what_is_wrong_takes_a_line_and_its_way_out_another():
    wrong = CheckResult(check="controls", verdict="problem", found="port 39540 is taken", advice="end the other bridge")
    fine = CheckResult(check="Python", verdict="ok", found="3.11")
    assert lines(fine) == ["ok       Python: 3.11"]
    assert lines(wrong) == ["PROBLEM  controls: port 39540 is taken", "         -> end the other bridge"]
    assert Diagnosis(findings=(fine, wrong), seconds=1.0).to_text().endswith("\n1 problem and no warnings")
    assert Diagnosis(findings=(fine,), seconds=1.0).verdict() == "ready to perform, no warnings"


def test_a_device_and_a_file_exclude_each_other(capsys: pytest.CaptureFixture[str]):
    with pytest.raises(SystemExit) as exit_info:
        main(["doctor", "--input", "mic", "--file", "song.wav"])
    assert exit_info.value.code == 2
    assert "exclude each other" in capsys.readouterr().err
