"""The extension inside Blender: 4.2, 4.5 and 5.0 by PyPI's bpy. `make test-blender` runs all of them."""

import functools
import json
import os
import re
import subprocess
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest

from blender_addon.make_zip import make_zip
from bridge.takes.take import read_take
from data.formats.motion_file import write_motion
from data.formats.sound_file import write_sound
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.rotations import angle_between, from_matrix
from data.motion.skeleton import Skeleton
from data.music import synthesise
from tests.blender_addon.blender_python import (
    INSIDE,
    NEWEST,
    ROOT,
    VERSIONS,
    blender_python,
    inside_environment,
    run_inside,
    transflower_script,
)
from tests.stage.bridge_process import running_bridge
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import wait_until

pytestmark = [pytest.mark.blender, pytest.mark.slow]
each_version = pytest.mark.parametrize("version", VERSIONS)
REAL_TIME = ("test_life.py", "test_sound.py")
SUITES = [
    pytest.param(path.name, marks=[pytest.mark.realtime] if path.name in REAL_TIME else [])
    for path in sorted(INSIDE.glob("test_*.py"))
]
ALONE = {*REAL_TIME, "test_rigify.py", "test_vrm_addon.py"}
"""What plays, ends and begins the extension, or enables another, has a Blender of its own; the others share one."""
TO_BLENDER = np.array([[1.0, 0, 0], [0, 0, -1], [0, 1, 0]])


@dataclass(frozen=True)
class SharedBlender:
    """What several files of tests in one Blender came to.

    Attributes:
        done: The process.
        outcomes: For each file, without its ending, how many tests passed, failed and were skipped.
    """

    done: "subprocess.CompletedProcess[str]"
    outcomes: Mapping[str, Counter[str]]


@pytest.fixture(scope="module")
def shared_blender(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Callable[[str], SharedBlender]:
    """A function from a version to the tests of all files that are wanted and may share a Blender, which run once."""
    specs = [getattr(item, "callspec", None) for item in request.session.items if item.path == Path(__file__)]
    wanted = sorted({each.params["suite"] for each in specs if each and "suite" in each.params} - ALONE)

    @functools.cache
    def run(version: str) -> SharedBlender:
        folder = tmp_path_factory.mktemp("shared")
        report = folder / "report.xml"
        done = run_suites(version, wanted, folder, request.config, f"--junitxml={report}")
        outcomes: dict[str, Counter[str]] = defaultdict(Counter)
        for case in ElementTree.parse(report).iter("testcase") if report.is_file() else ():
            parts = {part.tag for part in case}
            outcome = "failed" if parts & {"failure", "error"} else "skipped" if "skipped" in parts else "passed"
            outcomes[case.attrib["classname"].partition(".")[0]][outcome] += 1
        return SharedBlender(done, outcomes)

    return run


def run_suites(
    version: str, suites: Sequence[str], folder: Path, config: pytest.Config, *options: str, **environment: str
) -> "subprocess.CompletedProcess[str]":
    avatars = ROOT.parent / "shared" / "data" / "avatars"
    if avatars.is_dir():
        environment["AVATARS"] = str(avatars)
    if config.getoption("--long"):
        environment["MEASURE"] = "yes"
    ours = ("-m", "pytest", "-q", "-rs", "-c", "pytest.ini", "--rootdir", ".", "--confcutdir", ".")
    return run_inside(version, [*ours, f"--basetemp={folder / 'inside'}", *options, *suites], folder, **environment)


@each_version
@pytest.mark.parametrize("suite", SUITES)
def test_inside(
    version: str,
    suite: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    pytestconfig: pytest.Config,
    shared_blender: Callable[[str], SharedBlender],
) -> None:
    """The tests of a file in `inside`."""
    if suite not in ALONE:
        shared = shared_blender(version)
        outcome = shared.outcomes.get(suite.removesuffix(".py"), Counter())
        with capsys.disabled():
            why = shared.done.stdout[-2000:] if outcome["skipped"] else ""
            print(f"\n[bpy {version}, {suite}] {dict(outcome)}{why}")
        assert shared.done.returncode in (0, 1), shared.done.stdout
        assert outcome.total() > 0, shared.done.stdout
        assert not outcome["failed"], shared.done.stdout
        return
    more = {}
    if suite == "test_sound.py":
        more["TRANSFLOWER"] = transflower_script(tmp_path)
        made = synthesise("house", 120.0, 16, 1, sample_rate_hz=44_100)
        more["SONG"] = str(tmp_path / "song.wav")
        write_sound(tmp_path / "song.wav", made.samples, made.sample_rate_hz)
    done = run_suites(version, [suite], tmp_path, pytestconfig, **more)
    with capsys.disabled():
        print(f"\n[bpy {version}, {suite}]{done.stdout[-2000:]}")
    assert done.returncode == 0, done.stdout


@each_version
def test_blenders_own_validator_accepts_the_zip(version: str, tmp_path: Path) -> None:
    scripts = list(blender_python(version).parents[1].rglob("bl_pkg/cli/blender_ext.py"))
    assert scripts, "this bpy has no validator"
    done = run_inside(version, [str(scripts[0]), "validate", str(make_zip(tmp_path))], tmp_path)
    assert done.returncode == 0, done.stdout
    assert "Success" in done.stdout


BY_ITS_OWN_IMPORTER = """
import bpy, json, sys
bpy.ops.wm.read_factory_settings(use_empty=True)
words = json.loads(sys.argv[2])
settings = {"global_scale" if word == "scale" else word.replace(" ", "_"): value for word, value in words.items()}
bpy.ops.import_anim.bvh(filepath=sys.argv[1], **settings)
rig, scene = bpy.context.object, bpy.context.scene
ends = [rig.matrix_world @ end for bone in rig.data.bones for end in (bone.head_local, bone.tail_local)]
heights = [end.z for end in ends]
print("SEEN", max(heights) - min(heights), scene.render.fps / scene.render.fps_base, scene.frame_end)
"""


def test_blenders_own_importer_shows_a_dance_in_its_size_and_time_as_the_documents_say(tmp_path: Path) -> None:
    settings = {}
    for page in ("animating.md", "first_dance.md"):
        text = " ".join((ROOT / "docs" / page).read_text(encoding="utf-8").split())
        found = re.search(r"set \*Scale\* to ([0-9.]+), and switch on \*([\w ]+)\* and \*([\w ]+)\*", text)
        assert found is not None, page
        settings = {"scale": float(found[1]), **{word.lower(): True for word in found.groups()[1:]}}
    write_motion(tmp_path / "dance.bvh", IdleMotion(default_skeleton(), 30).motion(300))
    done = run_inside(NEWEST, ["-c", BY_ITS_OWN_IMPORTER, str(tmp_path / "dance.bvh"), json.dumps(settings)], tmp_path)
    height_m, fps, end = (float(word) for word in done.stdout.split("SEEN ")[1].split()[:3])
    assert 1.4 < height_m < 1.9
    assert fps == 30
    assert 300 <= end <= 301


@contextmanager
def live_blender(version: str, out: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Blender's Python with `live_matrix.py`; it ends with the block."""
    with (out / "blender.log").open("w") as log:
        blender = subprocess.Popen(
            [str(blender_python(version)), "live_matrix.py"],
            cwd=INSIDE,
            env=inside_environment(out, OUT=str(out)),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        yield blender
    finally:
        blender.kill()
        blender.wait()


@pytest.mark.realtime
@pytest.mark.parametrize(
    ("version", "protocol"),
    [
        *(pytest.param(*each.values, "dance", marks=each.marks) for each in VERSIONS),
        (NEWEST, "vmc"),
    ],
)
def test_a_real_bridge_streams_and_every_bone_follows(
    version: str, protocol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Over real UDP; then baked, saved, opened, and compared with the take that the bridge kept."""
    out = tmp_path / "out"
    out.mkdir()
    dancer = write_tiny_dancer(tmp_path / "tiny.safetensors")

    def wait(condition: Callable[[], object], what: str) -> None:
        wait_until(lambda: blender.poll() is not None or condition(), what, 300)
        assert blender.poll() in (None, 0), (out / "blender.log").read_text()

    with live_blender(version, out) as blender:
        wait((out / "port").exists, "Blender to listen")
        target = f"{protocol}:127.0.0.1:{(out / 'port').read_text()}"
        with running_bridge(dancer, tmp_path, target=target, steered=True) as bridge:
            tell(out / "control_port", str(bridge.control_port))
            wait(lambda: bridge.state == "dancing", "the dance")
            tell(out / "go", "")
            wait(lambda: bridge.value("energy") == 0.75, "the slider to steer the bridge")
            tell(out / "steered", "")
            wait(lambda: blender.poll() is not None, "Blender to end")

    summary = json.loads((out / "summary.json").read_text())
    assert summary["protocol"] == {"dance": "/dance", "vmc": "VMC"}[protocol]
    assert summary["bad"] == summary["foreign"] == 0
    assert summary["problems"] == {}
    (path,) = (tmp_path / "takes").glob("*.take")
    take = read_take(path)
    with np.load(out / "shown.npz") as arrays:
        saved = dict(arrays)
    assert len(saved["shown"]) >= 60
    assert saved["num_frames"] == len(saved["recorded_times_us"]) >= 150
    # A pose is left out only where the bridge's clock hurries, as it does after it was late, so that two share a frame.
    steps = np.diff(saved["recorded_times_us"]) * 1e-6 * take.header.rate_hz
    hurried = np.maximum(0.0, 1.0 - steps).sum()
    assert saved["num_frames"] - len(saved["baked"]) <= 1 + hurried, "every other pose has a frame of its own"
    assert any(controls.energy == 0.75 for controls in take.steps.controls), "the slider steered the bridge"
    if protocol == "dance":
        assert summary["round_trip_ms"] is not None
        assert set(summary["latest"]) >= {"beat", "latency", "status", "audio", "clock", "why"}
        assert summary["why"] == "" or "too slow" in summary["why"], "it dances, or rests on a busy machine"
    else:  # VMC tells its own time
        shift_us = shift_of(take.sent, take.header.skeleton, saved)
        for key in ("times_us", "baked_times_us", "recorded_times_us"):
            saved[key] = saved[key] + shift_us
    rows, baked_rows, recorded_rows = (
        rows_of(take.sent.time_us, saved[key], within_us=0 if protocol == "dance" else 2000)
        for key in ("times_us", "baked_times_us", "recorded_times_us")
    )
    sent = recorded_rows[-1] - recorded_rows[0] + 1
    assert saved["num_frames"] == sent - summary["lost"], "every pose that was sent and not lost was recorded"
    shown = worst_difference(take, saved, "shown", rows)
    baked = worst_difference(take, saved, "baked", baked_rows)
    with capsys.disabled():
        print(
            f"\nbpy {summary['version']}, {protocol}: "
            f"{len(rows)} poses shown, off by {shown[0]:.1e} rad and {shown[1]:.1e} m; "
            f"{len(baked_rows)} baked in {summary['bake_s']:.3f} s, off by {baked[0]:.1e} rad and {baked[1]:.1e} m; "
            f"{summary['lost']} lost, jitter {summary['jitter_ms']:.1f} ms, round trip {summary['round_trip_ms']} ms"
        )
    assert shown[0] < 1e-4
    assert shown[1] < 1e-4
    assert baked[0] < 2e-6, "world matrices are float32: 4e-7 to 9e-7 were measured"
    assert baked[1] < 1e-6


def tell(path: Path, content: str) -> None:
    """Writes a file that appears whole."""
    path.with_suffix(".part").write_text(content)
    path.with_suffix(".part").replace(path)


def worst_difference(take, saved: dict, key: str, rows: np.ndarray) -> tuple[float, float]:
    """Largest angle (rad) between what Blender showed and what was sent, in the world, and of the hips' place (m)."""
    skeleton: Skeleton = take.header.skeleton
    worlds = skeleton.forward_kinematics(
        take.sent.root_positions[rows].astype(np.float64), take.sent.rotations[rows].astype(np.float64)
    )[1]
    order = [list(saved["names"]).index(name) for name in skeleton.names]
    shown, rest = saved[key][:, order].astype(np.float64), saved["rest"][order].astype(np.float64)
    relative = TO_BLENDER.T @ shown[..., :3, :3] @ np.swapaxes(rest[..., :3, :3], -1, -2) @ TO_BLENDER
    angles = angle_between(from_matrix(relative), worlds)
    places = shown[:, 0, :3, 3] @ TO_BLENDER
    return float(angles.max()), float(np.abs(places - take.sent.root_positions[rows]).max())


def rows_of(times_us: np.ndarray, wanted_us: np.ndarray, *, within_us: int) -> np.ndarray:
    """The poses that were sent for these moments."""
    after = np.clip(np.searchsorted(times_us, wanted_us), 1, len(times_us) - 1)
    rows = np.where(wanted_us - times_us[after - 1] < times_us[after] - wanted_us, after - 1, after)
    assert np.abs(times_us[rows] - wanted_us).max() <= within_us
    return rows


def shift_of(sent, skeleton: Skeleton, saved: dict) -> int:
    """From the time that Blender received to the take's: by the poses whose hips are nearest to those shown."""
    order = list(saved["names"]).index("Hips")
    places = saved["shown"][:, order, :3, 3] @ TO_BLENDER
    rows = [int(np.abs(sent.root_positions - place).sum(axis=1).argmin()) for place in places]
    return int(np.median(sent.time_us[rows] - saved["times_us"]))


def test_no_version_is_silently_left_out() -> None:
    """Where the environment says that a version must be there (CI does), a missing one is an error, not a skip."""
    for version in os.environ.get("BLENDER_MUST", "").split():
        assert (ROOT / ".venv-blender" / version / "bin" / "python").is_file()
