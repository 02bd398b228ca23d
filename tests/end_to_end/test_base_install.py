"""The plain install performs without PyTorch, librosa and the tools of training; and it has all that it imports."""

import ast
import asyncio
import importlib.metadata
import json
import os
import signal
import subprocess
import sys
from functools import cache
from pathlib import Path

import aiohttp
import pytest
from packaging.utils import canonicalize_name

from bridge.cli import COMMANDS as TRANSFLOWER
from bridge.stage.audience import Seat, watch
from data.cli import COMMANDS as TRANSFLOWER_DATA
from data.formats.bvh import read_bvh
from data.formats.sound_file import write_sound
from data.music import synthesise
from models.fast_step import prebuilt
from tests.base_install import ROOT, asked_for, brought, make_base_install
from tests.end_to_end.osc_receiver import OscReceivers
from tests.tiny_dancer import write_tiny_window_dancer
from tests.waiting import GENEROUS_S, wait_until

LEFT_OUT = {"torch", "pytorch-lightning", "librosa", "scikit-learn", "onnxruntime", "tensorboard", "pytest"}
if prebuilt.find() is not None:
    LEFT_OUT |= {"numba", "llvmlite"}
OPTIONAL = {
    "torch": "gpu",
    "librosa": "train",
    "onnx": "onnx",
    "onnxruntime": "onnx",
    "mido": "midi",
    "rtmidi": "midi",
    "link": "link",
    "zeroconf": "announce",
    "imageio_ffmpeg": "film",
    "torchdiffeq": "train",
}
"""Packages outside of the plain install that the bridge and what it stands on import where they are asked for, and the
extra that brings them."""
WAY_OUT = "-m pip install torch"
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
"""Without what would be added to the path of the plain install."""


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base_install(tmp_path_factory.mktemp("base") / "venv")


@pytest.fixture(scope="module")
def song(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("songs") / "song.wav"
    sound = synthesise("house", 120.0, 6, 1, sample_rate_hz=24_000)  # 3 s
    write_sound(path, sound.samples, sound.sample_rate_hz)
    return path


@pytest.fixture(scope="module")
def unknown(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dancer that the fast step does not know."""
    return write_tiny_window_dancer(tmp_path_factory.mktemp("unknown") / "unknown.safetensors", "MoGlow")


def run(python: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """What a line of Python does, and prints."""
    command = [str(python), "-W", "error", *words]
    return subprocess.run(
        command, env=ENVIRONMENT, check=False, capture_output=True, encoding="utf-8", timeout=2 * GENEROUS_S
    )


@cache
def imported() -> frozenset[str]:
    """The outer names of all modules that what performs imports, wherever in its sources."""
    sources = [path for room in ("bridge", "data", "models") for path in (ROOT / room).rglob("*.py")]
    names = set()
    for node in (node for path in sources for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None and not node.level:
            names.add(node.module.partition(".")[0])
    return frozenset(names)


distributions = cache(importlib.metadata.packages_distributions)


def test_the_plain_install_leaves_out_what_performing_does_not_need() -> None:
    assert not brought(asked_for()) & LEFT_OUT
    assert brought(asked_for("gpu")) & LEFT_OUT == {"torch"}
    assert {"torch", "pytorch-lightning", "librosa", "tensorboard"} <= brought(asked_for("train"))


def test_the_plain_install_is_asked_for_what_the_bridge_imports() -> None:
    base = {canonicalize_name(requirement.name) for requirement in asked_for()}
    owners = distributions()
    outside = imported() - {*sys.stdlib_module_names, "bridge", "data", "models"}
    unasked = {name for name in outside if not base & {canonicalize_name(own) for own in owners.get(name, ())}}
    assert {name for name in OPTIONAL if name in unasked} == unasked
    for name in unasked & owners.keys():
        extra = {canonicalize_name(requirement.name) for requirement in asked_for(OPTIONAL[name])}
        assert extra & {canonicalize_name(own) for own in owners[name]}, name


def test_no_package_is_asked_for_that_nothing_imports() -> None:
    used = {canonicalize_name(owner) for name in imported() for owner in distributions().get(name, ())}
    assert {canonicalize_name(requirement.name) for requirement in asked_for()} <= used


def test_it_has_no_pytorch_and_no_librosa(python: Path) -> None:
    code = "import sys, importlib.util as u; print([name for name in sys.argv[1:] if u.find_spec(name)])"
    names = [*sorted(name.replace("-", "_") for name in LEFT_OUT), "numpy"]
    assert run(python, "-c", code, *names).stdout.strip() == "['numpy']"


def test_it_dances_to_a_song_and_draws_the_dance(python: Path, song: Path, tmp_path: Path) -> None:
    dance, picture = tmp_path / "dance.bvh", tmp_path / "dance.gif"
    done = run(python, "-m", "bridge.cli", "generate", str(song), "-o", str(dance))
    assert done.returncode == 0, done.stderr
    assert len(read_bvh(dance)) == 90
    done = run(python, "-m", "bridge.cli", "render", str(dance), "-o", str(picture), "--size", "160x120")
    assert done.returncode == 0, done.stderr
    assert picture.read_bytes()[:3] == b"GIF"


@pytest.mark.realtime
def test_it_performs_on_its_page_and_a_take_can_be_danced_again(python: Path, tmp_path: Path) -> None:
    addresses, takes = tmp_path / "addresses.json", tmp_path / "takes"
    with OscReceivers(1) as (audience,):
        command = [
            *(
                str(python),
                "-W",
                "error",
                "-m",
                "bridge.cli",
                "demo",
                "--record",
                "--no-open-page",
                "--no-aloud",
                "--quiet",
            ),
            *("--target", f"dance:127.0.0.1:{audience.port}", "--control", "None", "--stage", "127.0.0.1:0"),
            *("--takes", str(takes), "--addresses", str(addresses)),
        ]
        with (
            (tmp_path / "bridge.log").open("w+", encoding="utf-8") as log,
            subprocess.Popen(command, env=ENVIRONMENT, stdout=log, stderr=log) as bridge,
        ):
            try:
                wait_until(lambda: addresses.is_file() or bridge.poll() is not None, "the page's address")
                url = json.loads(addresses.read_text(encoding="utf-8"))["stage"][-1]
                audience.wait_for_poses(30, "dancing")
                asyncio.run(_look_at(url))
                bridge.send_signal(signal.SIGINT)
                assert bridge.wait(GENEROUS_S) == 0
            finally:
                bridge.kill()  # if it has not ended by itself
                log.seek(0)
                print(log.read())
    audience.poses().assert_all_arrived(audience)
    (take,) = takes.glob("*.take")
    done = run(python, "-m", "bridge.cli", "redance", str(take))
    assert (done.returncode, done.stderr) == (0, "")
    assert "the same bit for bit" in done.stdout


async def _look_at(url: str) -> None:
    """Opens the page, and sees ten poses on it."""
    async with aiohttp.ClientSession() as session, session.get(url) as page:
        assert page.status == 200
        assert "<html" in await page.text()
    seat = Seat()
    viewer = asyncio.create_task(watch(url, seat, stalls=False))
    async with asyncio.timeout(GENEROUS_S):
        while seat.num_poses < 10:
            assert not viewer.done(), viewer.exception()
            await asyncio.sleep(0.01)
    viewer.cancel()
    await asyncio.gather(viewer, return_exceptions=True)


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["generate", "{song}", "--checkpoint", "{unknown}"], "and PyTorch, which could dance it, is not installed"),
        (["generate", "{song}", "--backend", "torch"], "--backend torch needs PyTorch"),
        (["perform", "--file", "{song}", "--device", "cuda"], "--device cuda needs PyTorch"),
        (["plot", "{song}", "-o", "{song}.png", "--attention"], "--attention needs PyTorch"),
    ],
    ids=lambda words: words[-1] if isinstance(words, list) else "",
)
def test_what_needs_pytorch_is_refused_in_a_sentence(
    python: Path, song: Path, unknown: Path, words: list[str], message: str
) -> None:
    done = run(python, "-m", "bridge.cli", *(word.format(song=song, unknown=unknown) for word in words))
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert message in line
    assert WAY_OUT in line


def test_training_is_refused_in_a_sentence(python: Path) -> None:
    for command in ("fit", "evaluate"):
        done = run(python, "-m", "training.cli", command, "--help")
        assert (done.returncode, done.stderr.count("\n")) == (2, 1)
        assert "pip install -c constraints.txt -e '.[train]'" in done.stderr


def test_every_command_explains_itself(python: Path) -> None:
    tables = {"bridge.cli": TRANSFLOWER, "data.cli": TRANSFLOWER_DATA}
    for module, table in tables.items():
        code = (
            f"from {module} import COMMANDS\n"
            "for name in COMMANDS.commands:\n"
            "    try: COMMANDS.parse([name, '--help'])\n"
            "    except SystemExit as end: print('EXPLAINED', name, end.code)\n"
        )
        lines = run(python, "-c", code).stdout.splitlines()
        assert [line for line in lines if line.startswith("EXPLAINED")] == [f"EXPLAINED {n} 0" for n in table.commands]


def test_the_doctor_and_the_bench_do_without(python: Path) -> None:
    code = (
        "from bridge.bench.bench import measure_backends\n"
        "from bridge.checks.software import check_software\n"
        "from bridge.dancer.dancer_file import DancerFile\n"
        "for wanted in ((), ('gpu',)):\n"
        "    found = {finding.check: finding for finding in check_software(frozenset(wanted))}\n"
        "    print(found['packages'].verdict, found['torch'].verdict, found['torch'].advice)\n"
        "for row in measure_backends(DancerFile.open(), device='cpu', cuda_graph=True, count=5):\n"
        "    print(row.what, row.p50 is not None, row.note, sep='; ')\n"
    )
    done = run(python, "-c", code)
    assert done.returncode == 0, done.stderr
    unasked, asked, fast, torch, onnx = done.stdout.splitlines()
    assert unasked.split() == ["ok", "ok"]
    assert asked.startswith("ok problem ")
    assert WAY_OUT in asked
    assert "the fast step; True" in fast
    assert "PyTorch; False; not measured: --backend torch needs PyTorch" in torch
    assert "ONNX Runtime; False; not measured: " in onnx
