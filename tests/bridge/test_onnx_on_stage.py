"""A dancer performs from an .onnx file as it does from its checkpoint: every kind, offline and live."""

import json
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from rich.console import Console

from bridge.checks import doctor
from bridge.checks.doctor import Show, examine
from bridge.cli import main
from bridge.commands.options import DancerOptions
from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from bridge.takes.header import TakeHeader
from bridge.takes.redance import find_dancer, redance
from bridge.takes.take import read_take
from data.formats.bvh import read_bvh
from data.formats.sound_file import write_sound
from data.music import synthesise
from models.files import checkpoint
from models.step.steering import Steering
from models.step.stepper import DancerStepper
from tests.end_to_end.osc_receiver import OscReceivers
from tests.exported_dancer import export_dancer, rollout
from tests.tiny_dancer import FAMILY, LOOK_AHEAD_FRAMES, MUSIC_DIMS, write_tiny_dancer, write_tiny_window_dancer
from tests.waiting import GENEROUS_S

SONG = synthesise("house", 120.0, 8, 1, sample_rate_hz=24_000)  # 4 s
STEERINGS = {
    20: Steering(style=0, energy_m_s=0.8, groove=0.3),
    40: Steering(style=1, look_ahead_frames=LOOK_AHEAD_FRAMES),
    60: Steering(),
}
"""By frame: each time two of a dancer's windows after the last."""


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture(scope="module")
def exported(tiny: Path) -> Path:
    return export_dancer(tiny)


@pytest.fixture(scope="module")
def smallest(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Who is exported in no time, or nearly."""
    return write_tiny_window_dancer(tmp_path_factory.mktemp("smallest") / "smallest.safetensors", "MoGlow")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    write_sound(path, SONG.samples, SONG.sample_rate_hz)
    return path


SHORT = {"MoGlow", "ResidualFlower"}
"""Of the family, whose export is tested each time: what is recurrent, and what is made of two others."""


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "StreamingTransflower",
        *(pytest.param(name, marks=[] if name in SHORT else [pytest.mark.long]) for name in sorted(FAMILY)),
    ],
)
def test_every_kind_dances_the_same_steered_and_to_a_song(name: str, tmp_path: Path):
    path = tmp_path / "tiny.safetensors"
    write_tiny_dancer(path) if name not in FAMILY else write_tiny_window_dancer(path, name)
    dancers = DancerFile.open(path, "torch"), DancerFile.open(export_dancer(path))
    first, second = (dancer.load_stepper(device="cpu") for dancer in dancers)
    music = np.random.default_rng(0).standard_normal((80, MUSIC_DIMS)).astype(np.float32)
    expected = rollout(first, music, STEERINGS)
    np.testing.assert_allclose(rollout(second, music, STEERINGS), expected, atol=1e-4, rtol=0)
    free = rollout(second, music)
    np.testing.assert_allclose(free[:20], expected[:20], atol=1e-4, rtol=0)
    assert not np.allclose(free[20:], expected[20:], atol=1e-3)  # it was steered
    beginning = SONG.samples[: 3 * SONG.sample_rate_hz]
    motions = [
        dance(dancer.load_engine(device="cpu"), beginning, SONG.sample_rate_hz, controls=Controls(style="LO"))
        for dancer in dancers
    ]
    assert np.abs(np.diff(motions[0].rotations[60:], axis=0)).max() > 1e-4  # it moves
    np.testing.assert_allclose(motions[1].rotations, motions[0].rotations, atol=1e-3, rtol=0)
    np.testing.assert_allclose(motions[1].root_positions, motions[0].root_positions, atol=1e-3, rtol=0)


@pytest.mark.realtime
def test_the_header_is_read_without_torch_or_onnx_runtime_and_the_dance_without_torch(exported: Path):
    code = (
        "import sys; from pathlib import Path; from bridge.dancer.dancer_file import DancerFile; import numpy as np\n"
        "from bridge.control.controls import Controls\n"
        "dancer = DancerFile.open(Path(sys.argv[1])); assert 'onnxruntime' not in sys.modules\n"
        "engine = dancer.load_engine(); engine.warm_up(); state = engine.initial_state()\n"
        "music = np.zeros(engine.music_dims, np.float32)\n"
        "for _ in range(30): pose, state = engine.step(music, -10, state, Controls(music_only=False))\n"
        "assert state.activity == 'dancing', state.activity; sys.exit('torch' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code, exported], check=True, timeout=4 * GENEROUS_S)


@pytest.mark.realtime
def test_a_live_performance_from_an_exported_file_can_be_danced_again(
    capsys: pytest.CaptureFixture[str], exported: Path, song: Path, tmp_path: Path
):
    report = tmp_path / "summary.json"
    with OscReceivers(1) as (audience,):
        main(
            [
                "perform", "--file", str(song), "--checkpoint", str(exported), "--no-aloud", "--json", str(report),
                "--target", f"dance:127.0.0.1:{audience.port}", "--control", "None", "--stage", "None",
                "--takes", str(tmp_path), "--style", "HO", "--quiet",
            ]
        )  # fmt: skip
    assert "tiny.onnx on cpu, ONNX Runtime" in capsys.readouterr().out
    summary = json.loads(report.read_text())
    assert summary["problem"] is None
    assert summary["frames_danced"] > 0
    assert summary["frames_rejected"] == 0
    audience.poses().assert_all_arrived(audience)
    take = read_take(Path(summary["take"]))
    assert len(take.sent.time_us) == summary["frames_sent"]
    assert take.header.backend == "onnx"
    engine = find_dancer(take, exported).load_engine()
    again = redance(take, engine)
    assert again.first_difference is None
    assert again.motion.rotations.std(0).max() > 0


def test_a_checkpoint_is_exported_in_memory_for_the_other_backend(smallest: Path, song: Path):
    dancer = DancerOptions(checkpoint=smallest, backend="onnx").open_dancer()
    assert (dancer.path, dancer.backend) == (smallest, "onnx")
    assert "ONNX Runtime" in dancer.load_engine().device_name
    expected = dance(DancerFile.open(export_dancer(smallest)).load_engine(), SONG.samples, SONG.sample_rate_hz)
    motion = dance(dancer.load_engine(), SONG.samples, SONG.sample_rate_hz)
    assert np.array_equal(motion.rotations, expected.rotations)
    header = TakeHeader.of(dancer, seed=0, source="noise", now=datetime.now(UTC))
    assert TakeHeader.from_json(header.to_json()).backend == "onnx"
    older = {key: value for key, value in header.to_json().items() if key != "backend"}
    assert TakeHeader.from_json(older).backend == "torch"
    with pytest.raises(ValueError, match="backend 'abacus'"):
        TakeHeader.from_json({**older, "backend": "abacus"})


def test_the_command_exports_and_another_dances_with_what_it_wrote(
    capsys: pytest.CaptureFixture[str], smallest: Path, song: Path, tmp_path: Path
):
    output, motion = tmp_path / "dancer.onnx", tmp_path / "dance.bvh"
    main(["export-model", str(smallest), str(output)])
    printed = capsys.readouterr().out
    assert printed.startswith(f"{output}: ")
    assert "after 300 frames" in printed
    assert sorted(path.name for path in tmp_path.iterdir()) == ["dancer.onnx", "song.wav"]
    main(["generate", str(song), "-o", str(motion), "--checkpoint", str(output)])
    assert len(read_bvh(motion)) == 120


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as exit_info:
        main(list(arguments))
    assert exit_info.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("transflower: ")
    assert error.count("\n") == 1
    return error


def test_what_cannot_be_exported_or_performed_is_one_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tiny: Path, exported: Path, song: Path
):
    folder = song.parent
    assert "ends in .onnx" in refusal(capsys, "export-model", str(tiny), str(folder / "dancer.pt"))
    assert "make it first" in refusal(capsys, "export-model", str(tiny), str(folder / "nowhere" / "dancer.onnx"))
    assert "no such checkpoint" in refusal(capsys, "export-model", str(folder / "no.safetensors"))
    assert "cannot read an ONNX file" in refusal(capsys, "export-model", str(exported), str(folder / "again.onnx"))
    perform = ("generate", str(song), "--checkpoint")
    assert "--device cpu" in refusal(capsys, *perform, str(exported), "--device", "cuda")
    cut = folder / "cut.onnx"
    cut.write_bytes(exported.read_bytes()[:5000])
    assert "cut.onnx: damaged or no ONNX file" in refusal(capsys, *perform, str(cut))
    monkeypatch.setitem(sys.modules, "onnxruntime", None)
    assert "pip install -c constraints.txt -e '.[onnx]'" in refusal(capsys, *perform, str(exported))
    assert "[onnx]" in refusal(capsys, *perform, str(tiny), "--backend", "onnx")


def test_a_damaged_export_leaves_the_older_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tiny: Path, exported: Path
):
    step = SimpleNamespace(data=exported.read_bytes())
    monkeypatch.setattr("bridge.dancer.dancer_file.export_checkpoint", lambda path: step)
    output = tmp_path / "dancer.onnx"
    output.write_bytes(b"older")
    write = Path.write_bytes

    def write_half_and_fail(part: Path, data: bytes) -> int:
        write(part, data[: len(data) // 2])
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", write_half_and_fail)
    with pytest.raises(SystemExit):
        main(["export-model", str(tiny), str(output)])
    assert output.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.realtime
def test_the_doctor_looks_at_an_exported_dancer(exported: Path, monkeypatch: pytest.MonkeyPatch):
    checks = doctor._checks
    looked_at = ("the installation", "the dancer")  # what else there is does not depend on the dancer's file
    monkeypatch.setattr(doctor, "_checks", lambda show: [check for check in checks(show) if check[0] in looked_at])
    show = Show(checkpoint=exported, file=Path("-"), takes=None)
    found = {finding.check: finding for finding in examine(show, Console(quiet=True)).findings}
    assert "of a frame's 33.3 ms, on cpu, ONNX Runtime" in found["step"].found  # in time or not, says the machine
    assert found["extra onnx"].verdict == "ok"


def test_the_models_of_checkpoint_and_export_are_the_same_size(tiny: Path, exported: Path):
    expected = DancerStepper(checkpoint.load(tiny).model, "cpu")
    found = DancerFile.open(exported).load_stepper()
    for name in ("music_dims", "noise_dims", "num_parameters"):
        assert getattr(found, name) == getattr(expected, name)
    assert replace(DancerFile.open(exported), path=tiny, backend="torch").metadata == DancerFile.open(tiny).metadata
