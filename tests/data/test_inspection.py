"""An inspection finds the very fault that a clean clip was given, ranks it first, and finds none in the clean one."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter1d

from data.dataset.recordings import read_motion
from data.formats.bvh import write_bvh
from data.formats.motion_file import write_motion
from data.inspection.finding import KINDS, WORST
from data.motion import rotations
from data.motion.humanoid import default_skeleton
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton
from data.movement.measured_figure import out_of_nothing
from data.movement.stretches import stretches
from tests.clip_maker import dancing
from tests.data.faulty_clips import LIMITS, bump, clean, found, joint_jump, moved, turned, under_floor


def place_jump(motion: Motion) -> Motion:
    return moved(motion, np.where(np.arange(len(motion)) >= 200, 0.3, 0.0)[:, None] * [1, 0, 0])


def too_fast(motion: Motion) -> Motion:
    speed = 40.0 * np.exp(-(((np.arange(len(motion)) - 200) / 8.0) ** 2))  # rad/s, up and down within half a second
    return turned(motion, "RightLowerArm", np.cumsum(speed) / motion.rate_hz)


def floating(motion: Motion) -> Motion:
    return moved(motion, 0.3 * bump(motion, 3, 7)[:, None] * [0, 1, 0])


def floor_level(motion: Motion) -> Motion:
    return moved(motion, np.array([0, 0.25, 0]))


def foot_sliding(motion: Motion) -> Motion:
    return moved(motion, np.arange(len(motion))[:, None] / motion.rate_hz * [0, 0, 1.5])


def frozen(motion: Motion) -> Motion:
    frames = np.concatenate([np.arange(200), np.full(90, 200), np.arange(200, len(motion) - 90)])
    return replace(motion, root_positions=motion.root_positions[frames], rotations=motion.rotations[frames])


def uneven(motion: Motion) -> Motion:
    offsets = motion.skeleton.offsets.copy()
    offsets[motion.skeleton.index("LeftHand")] *= 1.2
    skeleton = Skeleton(motion.skeleton.names, motion.skeleton.parents, offsets, motion.skeleton.end_sites)
    return replace(motion, skeleton=skeleton)


def odd_rate(motion: Motion) -> Motion:
    return replace(motion, rate_hz=57.3)


@pytest.mark.parametrize(
    ("kind", "corrupt", "joint", "frame"),
    [
        ("joint-jump", joint_jump, "LeftUpperArm", 200),
        ("place-jump", place_jump, "Hips", 200),
        ("too-fast", too_fast, "RightLowerArm", 200),
        ("under-floor", under_floor, "Foot", 240),
        ("floating", floating, None, 300),
        ("floor-level", floor_level, None, None),
        ("foot-sliding", foot_sliding, "Foot", None),
        ("frozen", frozen, None, 200),
        ("limb-length", uneven, "LeftHand", None),
        ("odd-rate", odd_rate, None, None),
    ],
)
def test_a_fault_of_the_motion_is_found_and_ranked_first(
    tmp_path: Path, kind: str, corrupt: Callable[[Motion], Motion], joint: str | None, frame: int | None
) -> None:
    write_bvh(tmp_path / "faulty.bvh", corrupt(clean()))
    write_bvh(tmp_path / "clean.bvh", dancing(97, 10, seed=2))
    findings = found(tmp_path)
    assert findings[0].kind == kind
    assert {finding.clip for finding in findings} == {"faulty.bvh"}
    assert findings[0].severity > 1
    assert findings[0].value > findings[0].limit
    if joint is not None:
        assert joint in (findings[0].joint or "")
        assert joint in findings[0].message
    if frame is not None:
        assert findings[0].frame == pytest.approx(frame, abs=100 if kind in ("under-floor", "floating") else 1)
        assert findings[0].start_s is not None
    write_bvh(tmp_path / "faulty.bvh", clean())  # the same clip without the fault
    assert found(tmp_path) == []


def with_moving_forearm(path: Path) -> None:
    """Gives the left forearm of a BVH file position channels that stretch it by half in the middle."""
    head, _, tail = path.read_text(encoding="utf-8").partition("MOTION")
    joints = [line.split()[1] for line in head.splitlines() if line.split()[:1] in (["ROOT"], ["JOINT"])]
    before = 3 + 3 * joints.index("LeftLowerArm")
    at = head.index("JOINT LeftLowerArm")
    channels = head.index("CHANNELS 3", at)
    head = head[:channels] + head[channels:].replace("CHANNELS 3", "CHANNELS 6 Xposition Yposition Zposition", 1)
    lines = tail.strip().splitlines()
    for row in range(2, len(lines)):
        values = lines[row].split()
        stretch = 1.5 if 300 <= row - 2 < 310 else 1.0
        values[before:before] = [f"{24 * stretch}", "0", "0"]
        lines[row] = " ".join(values)
    path.write_text(head + "MOTION\n" + "\n".join(lines) + "\n", encoding="utf-8")


def test_a_bone_that_changes_its_length_is_found(tmp_path: Path) -> None:
    write_bvh(tmp_path / "faulty.bvh", clean())
    assert found(tmp_path) == []
    with_moving_forearm(tmp_path / "faulty.bvh")
    worst = found(tmp_path)[0]
    assert (worst.kind, worst.joint, worst.frame) == ("limb-length", "LeftLowerArm", 300)
    assert worst.value == pytest.approx(0.5, abs=1e-3)


def test_another_unit_is_found_and_hides_no_other_fault(tmp_path: Path) -> None:
    write_bvh(tmp_path / "faulty.bvh", clean(), metres_per_unit=0.056444)
    assert [finding.kind for finding in found(tmp_path)] == ["odd-size"]
    write_bvh(tmp_path / "faulty.bvh", under_floor(clean()), metres_per_unit=0.056444)
    assert {finding.kind for finding in found(tmp_path)} == {"odd-size", "under-floor"}


@pytest.mark.parametrize(
    ("kind", "factor", "severity"), [("not-finite", np.nan, WORST), ("non-unit", 1.3, 30.0)], ids=["nan", "long"]
)
def test_what_is_no_rotation_is_found(tmp_path: Path, kind: str, factor: float, severity: float) -> None:
    write_motion(tmp_path / "faulty.npz", clean())
    assert found(tmp_path) == []
    with np.load(tmp_path / "faulty.npz") as file:
        arrays = dict(file)
    joint = clean().skeleton.index("RightHand")
    arrays["rotations"][77, joint] *= factor
    np.savez(tmp_path / "faulty.npz", **arrays)
    worst = found(tmp_path)[0]
    assert (worst.kind, worst.joint, worst.frame) == (kind, "RightHand", 77)
    assert worst.severity == pytest.approx(severity, rel=1e-3)


def test_a_broken_file_is_a_finding_and_does_not_end_the_inspection(tmp_path: Path) -> None:
    write_bvh(tmp_path / "whole.bvh", joint_jump(clean()))
    text = (tmp_path / "whole.bvh").read_text(encoding="utf-8")
    (tmp_path / "cut.bvh").write_text(text[: len(text) // 2], encoding="utf-8")
    (tmp_path / "noise.npz").write_bytes(b"PK\x03\x04 not at all")
    (tmp_path / "hostile.pkl").write_bytes(b"cos\nsystem\n(S'true'\ntR.")
    (tmp_path / "empty.bvh").touch()
    findings = found(tmp_path)
    broken = [finding.clip for finding in findings if finding.kind == "unreadable"]
    assert sorted(broken) == ["cut.bvh", "empty.bvh", "hostile.pkl", "noise.npz"]
    assert [finding.severity for finding in findings[:4]] == [WORST] * 4
    assert any(finding.kind == "joint-jump" and finding.clip == "whole.bvh" for finding in findings)


def test_the_same_motion_twice_is_found_also_where_it_begins_later(tmp_path: Path) -> None:
    clip = dancing(97, 20, seed=2, rate_hz=30.0)
    way = np.random.default_rng(4).normal(size=len(clip))
    clip = turned(clip, "RightUpperArm", 4 * gaussian_filter1d(way, 15))  # nothing comes again
    write_bvh(tmp_path / "other.bvh", dancing(83, 20, seed=3, rate_hz=30.0))
    write_bvh(tmp_path / "first.bvh", clip)
    assert found(tmp_path) == []
    turn = rotations.about_axis(1, np.array(1.0))
    elsewhere = replace(
        clip,
        rotations=np.concatenate([rotations.multiply(turn, clip.rotations[:, :1]), clip.rotations[:, 1:]], axis=1),
        root_positions=rotations.rotate(turn, clip.root_positions) + np.array([2, 0, 1]),
    )
    write_bvh(tmp_path / "second.bvh", elsewhere[23:])
    (finding,) = found(tmp_path)
    assert (finding.kind, finding.clip, finding.other) == ("duplicate", "first.bvh", "second.bvh")
    assert finding.start_s == pytest.approx(finding.other_start_s + 23 / 30, abs=0.01)
    assert finding.value == pytest.approx(clip.duration_s - 23 / 30, abs=1.0)


def test_a_fast_movement_is_no_jump_at_any_rate_and_a_jump_is_one() -> None:
    for rate_hz in (30.0, 60.0, 120.0):
        times_s = np.arange(round(4 * rate_hz)) / rate_hz
        speeds = 20.0 * np.exp(-(((times_s - 2.0) / 0.12) ** 2))[:, None]  # a fast throw, rad/s
        assert out_of_nothing(speeds, rate_hz).max() < LIMITS.jump_rad_s
        speeds[round(rate_hz)] = 20.0
        assert out_of_nothing(speeds, rate_hz)[round(rate_hz)] > LIMITS.jump_rad_s


def test_stretches_are_bridged() -> None:
    holds = np.array([0, 1, 1, 0, 1, 0, 0, 1], bool)
    assert stretches(holds) == [(1, 3), (4, 5), (7, 8)]
    assert stretches(holds, bridge=1) == [(1, 5), (7, 8)]
    assert stretches(np.zeros(3, bool)) == []


def test_every_kind_is_explained() -> None:
    assert all(meaning and not meaning.endswith(".") for meaning in KINDS.values())
    assert default_skeleton().stature_m == pytest.approx(1.55, abs=0.1)


def test_known_faults_of_real_recordings(shared_data: Path, tmp_path: Path) -> None:
    """Two clips of AIST++ that lose the floor, beside one that was looked at and is well."""
    for name in ("gWA_sBM_cAll_d26_mWA0_ch03", "gHO_sBM_cAll_d21_mHO5_ch06", "gPO_sBM_cAll_d11_mPO1_ch05"):
        shutil.copy(shared_data / "aistpp_bvh" / f"{name}.bvh", tmp_path)
    findings = found(tmp_path)
    assert (findings[0].kind, findings[0].clip) == ("floating", "gWA_sBM_cAll_d26_mWA0_ch03.bvh")
    assert findings[0].value > 8
    assert any(f.kind == "floor-level" and "mHO5_ch06" in f.clip for f in findings)
    assert not any("mPO1_ch05" in finding.clip for finding in findings)
    good = read_motion(tmp_path / "gPO_sBM_cAll_d11_mPO1_ch05.bvh")
    write_bvh(tmp_path / "gPO_sBM_cAll_d11_mPO1_ch05.bvh", joint_jump(good))
    jumps = [finding for finding in found(tmp_path) if finding.kind == "joint-jump"]
    assert [(jump.clip, jump.joint, jump.frame) for jump in jumps] == [
        ("gPO_sBM_cAll_d11_mPO1_ch05.bvh", "LeftUpperArm", 200)
    ]
