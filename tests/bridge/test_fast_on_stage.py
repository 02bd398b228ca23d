"""The fast step on stage: who takes it, who does not and says so, and that it performs as PyTorch does, without it."""

import json
import pickle
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from bridge.cli import main
from bridge.control.controls import Controls
from bridge.dancer import backends
from bridge.dancer.backends import Choice, RequestedBackend, choose
from bridge.dancer.dancer_file import DancerFile
from bridge.engine.offline import dance
from bridge.takes.header import TakeHeader
from bridge.takes.redance import find_dancer, redance
from bridge.takes.take import read_take
from data.formats.bvh import read_bvh
from data.formats.sound_file import write_sound
from data.music import synthesise
from models.fast_step import machine_code
from models.files.checkpoint_header import default_path, read_header
from models.step.stepper import DancerStepper
from tests.end_to_end.osc_receiver import OscReceivers
from tests.exported_dancer import export_dancer
from tests.tiny_dancer import write_tiny_dancer, write_tiny_planning_dancer, write_tiny_window_dancer
from tests.waiting import GENEROUS_S

SONG = synthesise("house", 120.0, 8, 1, sample_rate_hz=24_000)  # 4 s


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors")


@pytest.fixture(scope="module")
def planning(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dancer with a plan."""
    return write_tiny_planning_dancer(tmp_path_factory.mktemp("planning") / "planning.safetensors")


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dancer that the fast step does not know."""
    return write_tiny_window_dancer(tmp_path_factory.mktemp("unknown") / "unknown.safetensors", "MoGlow")


@pytest.fixture
def song(tmp_path: Path) -> Path:
    path = tmp_path / "song.wav"
    write_sound(path, SONG.samples, SONG.sample_rate_hz)
    return path


@pytest.mark.parametrize(
    ("name", "controls"),
    [
        ("tiny", Controls(style="HO")),
        ("tiny", Controls(style="LO", style_guidance=2.0, energy=0.9)),
        ("planning", Controls(style="LO", energy=0.5)),
    ],
)
def test_a_dance_to_a_song_is_that_of_pytorch_to_within_rounding(
    name: str, controls: Controls, request: pytest.FixtureRequest
):
    path: Path = request.getfixturevalue(name)
    fast, torch = (
        dance(
            DancerFile.open(path, backend).load_engine(device="cpu"), SONG.samples, SONG.sample_rate_hz,
            controls=controls, seed=3,
        )
        for backend in ("fast", "torch")
    )  # fmt: skip
    assert np.abs(np.diff(fast.rotations[60:], axis=0)).max() > 1e-4  # it moves
    np.testing.assert_allclose(fast.rotations, torch.rotations, atol=1e-4, rtol=0)
    np.testing.assert_allclose(fast.root_positions, torch.root_positions, atol=1e-4, rtol=0)


@pytest.mark.realtime
def test_a_live_performance_by_the_fast_step_can_be_danced_again_bit_for_bit(
    capsys: pytest.CaptureFixture[str], tiny: Path, song: Path, tmp_path: Path
):
    report = tmp_path / "summary.json"
    with OscReceivers(1) as (audience,):
        main(
            [
                "perform", "--file", str(song), "--checkpoint", str(tiny), "--no-aloud", "--json", str(report),
                "--target", f"dance:127.0.0.1:{audience.port}", "--control", "None", "--stage", "None",
                "--takes", str(tmp_path), "--style", "HO", "--quiet",
            ]
        )  # fmt: skip
    assert "tiny.safetensors on cpu, fast step (" in capsys.readouterr().out
    summary = json.loads(report.read_text())
    assert summary["problem"] is None
    assert summary["frames_danced"] > 0
    assert summary["frames_rejected"] == 0
    audience.poses().assert_all_arrived(audience)
    take = read_take(Path(summary["take"]))
    assert take.header.backend == "fast"
    dancer = find_dancer(take, tiny)
    assert dancer.backend == "fast"
    again = redance(take, dancer.load_engine())
    assert again.first_difference is None
    assert again.motion.rotations.std(0).max() > 0


@pytest.mark.realtime
def test_it_performs_without_pytorch_numba_and_onnx_runtime(tiny: Path):
    code = (
        "import sys; from pathlib import Path; from bridge.dancer.dancer_file import DancerFile; import numpy as np\n"
        "from bridge.control.controls import Controls; import bridge.performance, bridge.batch.worker\n"
        "engine = DancerFile.open(Path(sys.argv[1])).load_engine(); engine.warm_up(); state = engine.initial_state()\n"
        "music = np.zeros(engine.music_dims, np.float32)\n"
        "for _ in range(30): pose, state = engine.step(music, -10, state, Controls(music_only=False))\n"
        "assert state.activity == 'dancing', state.activity\n"
        "sys.exit([name for name in ('torch', 'numba', 'onnxruntime') if name in sys.modules] or 0)"
    )
    DancerFile.open(tiny)  # compiled by now
    subprocess.run([sys.executable, "-c", code, tiny], check=True, timeout=4 * GENEROUS_S)


def test_auto_takes_the_fastest_that_is_there(
    tiny: Path, planning: Path, unknown: Path, monkeypatch: pytest.MonkeyPatch
):
    def chosen(path: Path, requested: RequestedBackend = "auto", device: str = "auto") -> Choice:
        return choose(path, read_header(path), requested, device)

    monkeypatch.setattr(backends, "_has_gpu", lambda: True)
    assert (
        chosen(planning)
        == chosen(default_path())
        == chosen(tiny, device="cpu")
        == chosen(tiny, "fast")
        == Choice("fast")
    )
    assert chosen(tiny, device="cuda") == chosen(tiny, "torch") == Choice("torch")
    assert chosen(tiny, "onnx") == chosen(export_dancer(tiny)) == Choice("onnx")
    assert chosen(unknown).backend == "torch"
    assert "MoGlow" in str(chosen(unknown).reason)
    monkeypatch.setattr(backends, "LARGE_BYTES", 1000)
    assert chosen(tiny) == Choice("torch")  # on the GPU
    assert chosen(tiny, device="cpu") == Choice("fast")
    monkeypatch.setattr(backends, "_has_gpu", lambda: False)
    assert chosen(tiny) == Choice("fast")


def refusal(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    with pytest.raises(SystemExit) as exit_info:
        main(list(arguments))
    assert exit_info.value.code == 2
    error = capsys.readouterr().err
    assert error.startswith("transflower: ")
    assert error.count("\n") == 1
    return error


def test_what_the_fast_step_cannot_dance_is_danced_by_pytorch_with_a_line_or_refused_with_one(
    capsys: pytest.CaptureFixture[str], tiny: Path, unknown: Path, song: Path
):
    output = song.parent / "dance.bvh"
    main(["generate", str(song), "-o", str(output), "--checkpoint", str(unknown)])
    assert "note: unknown.safetensors is danced by PyTorch: the fast step does not know a MoGlow" in (
        " ".join(capsys.readouterr().err.split())
    )
    assert len(read_bvh(output)) == 120
    generate = ("generate", str(song), "-o", str(output), "--backend", "fast", "--checkpoint")
    assert "does not know a MoGlow" in refusal(capsys, *generate, str(unknown))
    for backend in ("fast", "torch"):
        with pytest.raises(ValueError, match=r"ONNX Runtime dances \.onnx files.*name the \.safetensors"):
            DancerFile.open(export_dancer(tiny), backend)
    assert "name the .safetensors" in refusal(capsys, *generate, str(export_dancer(tiny)))
    assert "use --device cpu" in refusal(capsys, *generate, str(tiny), "--device", "cuda")
    main(["dancer", str(export_dancer(tiny))])  # tells of the file, whatever would dance it
    assert "seed poses" in capsys.readouterr().out


@pytest.mark.usefixtures("nothing_prebuilt")
def test_where_it_cannot_be_compiled_pytorch_dances(
    capsys: pytest.CaptureFixture[str], tiny: Path, song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fail(_: object) -> bytes:
        raise machine_code.UnavailableError("the fast step could not be compiled (no space left)")

    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(machine_code, "compiled_apart", fail)
    dancer = DancerFile.open(tiny)
    assert (dancer.backend, dancer.slower_because) == ("torch", "the fast step could not be compiled (no space left)")
    assert isinstance(dancer.load_stepper(device="cpu"), DancerStepper)
    with pytest.raises(ValueError, match=r"tiny\.safetensors: .*no space left.*use --backend torch$"):
        DancerFile.open(tiny, "fast")
    header = TakeHeader.of(dancer, seed=0, source="noise", now=datetime.now(UTC))
    assert TakeHeader.from_json(header.to_json()).backend == "torch"


@pytest.mark.usefixtures("nothing_prebuilt")
def test_compiling_is_reported_and_done_before_the_song_begins(
    capsys: pytest.CaptureFixture[str], tiny: Path, song: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    code = machine_code.prepare()
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "cache")
    monkeypatch.setattr(machine_code, "compiled_apart", lambda _: code)
    from bridge.commands.options import DancerOptions

    options = DancerOptions(checkpoint=tiny)
    assert options.open_dancer().backend == "fast"
    assert "compiling the fast step for this processor (" in capsys.readouterr().err
    assert options.open_dancer().backend == "fast"
    assert capsys.readouterr().err == ""
    (tmp_path / "file").write_bytes(b"in the way")
    monkeypatch.setattr(machine_code, "cache_folder", lambda: tmp_path / "file" / "cache")
    monkeypatch.setattr(machine_code, "_unkept", {})
    assert options.open_dancer().backend == "fast"
    assert f"could not be kept in {tmp_path / 'file' / 'cache'} (" in capsys.readouterr().err


def test_where_it_cannot_be_linked_pytorch_dances(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(_: bytes) -> None:
        raise machine_code.UnavailableError("the fast step could not be linked (no memory)")

    monkeypatch.setattr(machine_code, "link", fail)
    dancer = DancerFile.open(tiny)
    assert (dancer.backend, dancer.slower_because) == ("torch", "the fast step could not be linked (no memory)")


def test_what_was_linked_at_the_opening_dances(tiny: Path, monkeypatch: pytest.MonkeyPatch):
    dancer = DancerFile.open(tiny)
    again = pickle.loads(pickle.dumps(dancer))  # as a worker of `generate` gets it
    monkeypatch.setattr(machine_code, "prepare", lambda _: pytest.fail("made twice"))
    assert dancer.load_stepper().device_name == again.load_stepper().device_name


def test_a_pytorch_for_processors_has_no_gpu_whatever_the_driver_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    driver = SimpleNamespace(cuInit=lambda _: 0, cuDeviceGetCount=lambda count: setattr(count._obj, "value", 1) or 0)
    monkeypatch.setattr("bridge.dancer.backends.ctypes.CDLL", lambda _: driver)
    monkeypatch.setattr("models.torch_install.sys.platform", "linux")
    spec = SimpleNamespace(origin=str(tmp_path / "__init__.py"))
    monkeypatch.setattr("bridge.dancer.backends.importlib.util.find_spec", lambda _: spec)
    for line, expected in (("cuda: Optional[str] = None", False), ("cuda: Optional[str] = '12.8'", True)):
        (tmp_path / "version.py").write_text(f"__version__ = '2.13.0'\n{line}\nhip: Optional[str] = None\n")
        assert backends._has_gpu() == expected
