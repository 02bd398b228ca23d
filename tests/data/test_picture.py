"""Pictures show the dance where it is: bodies by pixels, beats by their places, cameras by what they never lose."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from data.cli import run
from data.formats.bvh import write_bvh
from data.formats.motion_file import read_npz, write_motion
from data.formats.sound_file import write_sound
from data.motion import rotations
from data.motion.floor import floor_height
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from data.motion.motion import Motion
from data.motion.skeleton import Skeleton
from data.picture.body import body_parts, body_shapes, side_of
from data.picture.canvas import Canvas
from data.picture.dance_file import read_dance
from data.picture.options import PictureOptions
from data.picture.render import render
from data.picture.scene import Scene, cut
from data.picture.sheet import draw_sheet, sheet_layout
from data.picture.soundtrack import ENVELOPE_HZ, Soundtrack, read_soundtrack
from data.picture.stage import LEFT, RIGHT, TRAIL, hulls
from data.picture.strip import PLAYED, Strip
from data.sound.beats import BeatTimes, beat_times

SKELETON = default_skeleton()
SIZE = (640, 480)


def t_pose(turn_rad: float = 0.0, at: tuple[float, float] = (0.0, 0.0), num_frames: int = 90) -> Motion:
    """A figure with its arms out that stands still, turned to its left from +Z, at (x, z)."""
    turned = np.tile(np.array([0.0, 0.0, 0.0, 1.0], np.float32), (num_frames, SKELETON.num_joints, 1))
    turned[:, 0] = rotations.about_axis(1, np.array(turn_rad))
    roots = np.tile(np.array([at[0], SKELETON.rest_height, at[1]], np.float32), (num_frames, 1))
    return Motion(SKELETON, 30, roots, turned)


def silence(seconds: float, beats_s: list[float], confidence: float = 1.0) -> Soundtrack:
    beats = BeatTimes(np.array(beats_s), np.full(len(beats_s), confidence))
    envelope = np.zeros((round(seconds * ENVELOPE_HZ), 2), np.float32)
    return Soundtrack(envelope, beats, np.zeros((0, 121), np.float32), 30.0, 0.0, None)


def scene_of(motion: Motion, sound: Soundtrack | None = None, rate_hz: float = 30.0, **options: object) -> Scene:
    span = cut(motion, start_s=0.0, seconds=None, rate_hz=rate_hz)
    return Scene(motion, span, sound, size=SIZE, **options)  # type: ignore[arg-type]


def of_colour(pixels: np.ndarray, paint: tuple[float, ...], tolerance: float = 0.2) -> np.ndarray:
    """Rows and columns (n, 2) of pixels whose hue is that of a colour, at most somewhat darker."""
    wanted = np.array(paint[:3]) / np.linalg.norm(paint[:3])
    seen = pixels[..., :3].astype(float)
    length = np.linalg.norm(seen, axis=-1)
    near = np.linalg.norm(seen / np.maximum(length, 1.0)[..., None] - wanted, axis=-1) < tolerance
    return np.argwhere(near & (length > 120))


def pinhole(scene: Scene, point: np.ndarray, number: int) -> tuple[int, int]:
    """Row and column of a point of the world, from camera matrices written out once more."""
    camera, frame = scene.camera, scene.camera_frame(number)
    eye = camera.targets[frame] + camera.distances[frame] * camera.axes[2]
    world_to_camera = np.eye(4)
    world_to_camera[:3, :3] = camera.axes
    world_to_camera[:3, 3] = -camera.axes @ eye
    x, y, z, _ = world_to_camera @ np.array([*point, 1.0])
    left, bottom, width, height = camera.box
    column = left + width / 2 + camera.focal_px * x / -z
    up = bottom + height / 2 + camera.focal_px * y / -z
    return round(SIZE[1] - up), round(column)


@pytest.mark.parametrize("turn_rad", [0.0, 0.6, np.pi])
def test_limbs_are_where_the_camera_says(turn_rad: float):
    # A companion half of the time faces ahead, so that the camera's front is +Z whatever the turn.
    motion = t_pose()
    motion = replace(motion, rotations=np.concatenate([motion.rotations, t_pose(turn_rad).rotations]),
                     root_positions=np.concatenate([motion.root_positions] * 2))  # fmt: skip
    scene = scene_of(motion, silence(6, []))
    pixels = scene.draw(170).copy()
    positions = motion.global_positions()[170].astype(float)
    for side, paint, other in (("Left", LEFT, RIGHT), ("Right", RIGHT, LEFT)):
        for start, stop in (("LowerArm", "Hand"), ("LowerLeg", "Foot")):
            a, b = positions[SKELETON.index(side + start)], positions[SKELETON.index(side + stop)]
            row, column = pinhole(scene, 0.5 * (a + b), 170)
            spot = pixels[row - 1 : row + 2, column - 1 : column + 2]
            assert len(of_colour(spot, paint)) == 9, f"{side}{start}"
            assert len(of_colour(spot, other)) == 0
    tip = positions[SKELETON.index("LeftHand")]
    row, column = pinhole(scene, tip + np.sign(tip - positions[0]) * [0.35, 0, 0], 170)
    assert pixels[row, column, :3].max() < 80, "nothing is beyond the hand"


def test_the_figure_stands_upright_its_left_on_the_right_and_turns_its_back_when_it_does():
    front = scene_of(t_pose()).draw(0).copy()
    motion = t_pose()
    half = replace(motion, rotations=np.concatenate([motion.rotations, t_pose(np.pi).rotations]),
                   root_positions=np.concatenate([motion.root_positions] * 2))  # fmt: skip
    back = scene_of(half).draw(170).copy()
    for pixels, sign in ((front, 1), (back, -1)):
        left, right = of_colour(pixels, LEFT), of_colour(pixels, RIGHT)
        assert min(len(left), len(right)) > 800
        assert sign * (left[:, 1].mean() - right[:, 1].mean()) > 50
    # A chest is bright, a back is dark, and only a face wears a visor.
    bright = [(pixels[..., :3].min(axis=-1) > 170).sum() for pixels in (front, back)]
    assert bright[0] > 2.5 * bright[1]
    heads = []
    for pixels in (front, back):
        rows, columns = np.nonzero(pixels[..., :3].min(axis=-1) > 150)
        top = rows.min()
        inside = pixels[top + 6 : top + 26, int(np.median(columns[rows < top + 8])), :3]
        heads.append((inside.max(axis=-1) < 90).sum())
    assert heads[0] >= 4
    assert heads[1] == 0
    # Upright: the head is above the legs, and soles are at the floor of the shadow.
    legs = of_colour(front, LEFT)[:, 0].max()
    assert np.nonzero(front[..., :3].min(axis=-1) > 170)[0].min() < legs - 200


def test_feet_stand_on_the_floor_wherever_the_file_has_its_floor():
    standing = IdleMotion(SKELETON, 30).motion(60, seed=0)
    raised = replace(standing, root_positions=standing.root_positions + np.array([0, 0.7, 0], np.float32))
    assert floor_height(standing) == 0.0
    assert floor_height(raised) == pytest.approx(0.7, abs=0.02)
    low, high = scene_of(standing), scene_of(raised)
    assert np.abs(low.draw(30).astype(int) - high.draw(30)).mean() < 0.6, "the same picture"
    # The lowest of the body's balls touch the floor with their undersides.
    shapes = body_shapes(standing)
    under = (shapes.centres[..., 1] - shapes.radii).min(axis=(1, 2))
    np.testing.assert_allclose(under, 0.0, atol=0.012)


def long_walk(seconds: float) -> Motion:
    """A dancer who waves, crosses the stage, stands, and at times leaps six metres in half a second."""
    rng = np.random.default_rng(3)
    num_frames = round(seconds * 30)
    speed = np.repeat(rng.choice([0.0, 0.5, 2.0, 12.0], num_frames // 15, p=[0.5, 0.3, 0.15, 0.05]), 15)
    heading = np.repeat(rng.uniform(0, 2 * np.pi, num_frames // 15), 15)
    path = np.cumsum(np.stack([speed * np.sin(heading), 0 * speed, speed * np.cos(heading)], 1) / 30, axis=0)
    vectors = np.zeros((len(path), SKELETON.num_joints, 3))
    vectors[:, 0, 1] = np.cumsum(rng.normal(0, 0.05, len(path)))
    for side, sign in (("Left", 1), ("Right", -1)):
        vectors[:, SKELETON.index(side + "UpperArm"), 2] = sign * 1.4 * np.sin(np.arange(len(path)) / 7)
    height = SKELETON.rest_height + 0.5 * np.maximum(np.sin(np.arange(len(path)) / 40), 0) ** 4
    return Motion(SKELETON, 30, path + np.stack([0 * height, height, 0 * height], 1), rotations.from_expmap(vectors))


def test_the_body_never_leaves_the_picture_and_the_camera_never_jerks():
    motion = long_walk(180)
    span = cut(motion, start_s=0.0, seconds=None, rate_hz=30)
    scene = Scene(motion, span, silence(180, []), size=SIZE)
    shapes = body_shapes(motion)
    left, bottom, width, height = scene.camera.box
    for number in range(0, span.num_frames, 3):
        places, scale = scene.camera.project(shapes.centres[number], scene.camera_frame(number))
        reach = (scale * shapes.radii)[..., None]
        assert (places - reach > [left, bottom]).all(), number
        assert (places + reach < [left + width, bottom + height]).all(), number
    assert np.ptp(motion.root_positions[:, 0]) > 10, "it did travel"
    # As steady as a person with a tripod: no frame changes the way by more than a tenth of what the dancer's does.
    smooth = np.abs(np.diff(scene.camera.targets[:, [0, 2]], n=2, axis=0)).max()
    assert smooth < 0.1 * np.abs(np.diff(motion.root_positions[:, [0, 2]], n=2, axis=0)).max()
    assert np.abs(np.diff(scene.camera.distances)).max() < 0.12


@pytest.mark.parametrize("rate_hz", [12.5, 24.0, 60.0])
def test_a_part_of_a_dance_looks_as_it_does_within_the_whole(rate_hz: float):
    motion, sound = long_walk(24), silence(24, [10.0, 10.5])
    whole = Scene(motion, cut(motion, start_s=0, seconds=None, rate_hz=rate_hz), sound, size=SIZE)
    part = Scene(motion, cut(motion, start_s=10, seconds=2, rate_hz=rate_hz), sound, size=SIZE)
    for number in (0, 7, 20):
        expected = whole.draw(number + round(10 * rate_hz)).astype(int)
        assert np.abs(part.draw(number) - expected).mean() < 0.15
        assert np.abs(whole.draw(number + round(10 * rate_hz) + 2) - expected).mean() > 0.3, "and time does matter"


def test_real_dances_of_other_rigs_are_in_the_picture(shared_data: Path):
    for name in ("cmu_dance/05_02.bvh", "bvh_other/jesse_dance.bvh"):
        motion = read_dance(shared_data / name)
        scene = scene_of(motion[:600] if len(motion) > 600 else motion, rate_hz=5)
        for number in range(0, scene.span.num_frames, 4):
            pixels = scene.draw(number)
            assert len(of_colour(pixels, LEFT)) + len(of_colour(pixels, RIGHT)) > 500
            edge = np.concatenate(
                [pixels[:3].reshape(-1, 4), pixels[:, :3].reshape(-1, 4), pixels[:, -3:].reshape(-1, 4)]
            )
            assert edge[:, :3].max() < 140, "no limb is cut"


def test_travel_leaves_a_trail_on_the_floor():
    num_frames = 120
    motion = t_pose(num_frames=num_frames)
    path = motion.root_positions.copy()
    path[:, 0] += np.linspace(0, 3, num_frames)
    motion = replace(motion, root_positions=path)
    gold = {
        trail: len(of_colour(scene_of(motion, trail=trail).draw(100).copy(), TRAIL, 0.12)) for trail in ("hips", "none")
    }
    assert gold["none"] == 0
    assert gold["hips"] > 60
    with pytest.raises(ValueError, match="hips, hands, none, not 'feet'"):
        scene_of(motion, trail="feet")


def test_hulls_hold_their_discs_and_no_more():
    rng = np.random.default_rng(0)
    places, radii = rng.uniform(-50, 50, (6, 4, 2)), rng.uniform(2, 20, (6, 4))
    outline = hulls(places, radii)
    assert outline.shape == (6, 40, 2)
    area = 0.5 * np.sum(
        outline[..., 0] * np.roll(outline[..., 1], -1, 1) - outline[..., 1] * np.roll(outline[..., 0], -1, 1), 1
    )
    assert (area > np.pi * radii.max(axis=1) ** 2 * 0.99).all(), "anticlockwise, and at least the largest disc"
    # every corner lies on one disc's rim and inside of no other
    distance = np.linalg.norm(outline[:, :, None] - places[:, None], axis=-1) - radii[:, None]
    np.testing.assert_allclose(distance.min(axis=-1), 0.0, atol=1e-9)


def test_beats_are_ticked_where_they_are():
    canvas = Canvas(1000, 100)
    Strip(silence(10, [2.0, 3.5, 7.25])).draw(canvas, (0, 0, 1000, 100), 0.0, 10.0, None)
    columns = of_colour(canvas.pixels, TRAIL, 0.1)[:, 1]
    centres = [columns[(columns > x - 30) & (columns < x + 30)].mean() for x in (200, 350, 725)]
    np.testing.assert_allclose(centres, [200, 350, 725], atol=1.0)
    assert len(columns) == sum(((columns > x - 5) & (columns < x + 5)).sum() for x in (200, 350, 725)), (
        "and nowhere else"
    )


def test_a_beat_that_nobody_is_sure_of_is_hardly_seen():
    shown = []
    for confidence in (0.05, 1.0):
        canvas = Canvas(400, 100)
        Strip(silence(4, [2.0], confidence)).draw(canvas, (0, 0, 400, 100), 0.0, 4.0, None)
        shown.append(len(of_colour(canvas.pixels, TRAIL, 0.1)))
    assert shown[0] == 0
    assert shown[1] > 10


def test_the_waveform_is_high_where_it_is_loud_and_bright_where_it_was_played():
    envelope = np.zeros((10 * ENVELOPE_HZ, 2), np.float32)
    envelope[6 * ENVELOPE_HZ : 8 * ENVELOPE_HZ] = [-0.5, 1.0]
    sound = replace(silence(10, []), envelope=envelope, starts_s=-1.0)  # loud from 5 s to 7 s of the dance
    canvas = Canvas(1000, 100)
    Strip(sound).draw(canvas, (0, 0, 1000, 100), 0.0, 10.0, 6.0)
    wave = canvas.pixels[:60, :, 2] > 60
    tall = wave.sum(axis=0)
    assert tall[510:590].min() > 30
    assert tall[610:690].min() > 30
    assert max(tall[20:490].max(), tall[710:890].max()) < 6
    assert len(of_colour(canvas.pixels[:60, 510:590], PLAYED, 0.1)) > 1000
    brightness = canvas.pixels[..., :3].mean(axis=-1)
    assert np.median(brightness[25:40, 510:590]) > 1.4 * np.median(brightness[25:40, 610:690])
    rows = np.nonzero(wave[:, 550])[0]
    middle = np.nonzero(wave[:, 100])[0].mean()
    assert middle - rows.min() > 1.5 * (rows.max() - middle), "up is up"


def test_beats_of_a_sound_file_are_where_it_thumps(tmp_path: Path):
    true_s = np.arange(1, 34) * 0.6
    age_s = np.arange(20 * 24_000) / 24_000 % 0.6
    thumps = 0.8 * np.sin(2 * np.pi * 70 * age_s) * np.exp(-age_s / 0.08)
    write_sound(tmp_path / "thumps.wav", thumps.astype(np.float32), 24_000)
    progress: list[tuple[int, int]] = []
    sound = read_soundtrack(tmp_path / "thumps.wav", lambda done, total: progress.append((done, total)))
    assert sound.duration_s == pytest.approx(20, abs=0.1)
    assert progress[-1] == (480_000, 480_000)
    settled = sound.beats.times_s[sound.beats.times_s > 6]
    assert len(settled) == pytest.approx(23, abs=1)
    assert np.abs(settled[:, None] - true_s).min(axis=1).max() < 0.025
    assert sound.beats.confidence[sound.beats.times_s > 6].mean() > 0.6


def test_beat_times_are_read_between_rows_and_across_gaps():
    times_s = np.delete(np.arange(1, 301) / 30, np.r_[100:190])  # three seconds are missing
    beats = 0.3 + 1.7 * times_s  # 102 a minute
    columns = np.stack([np.cos(2 * np.pi * beats), np.sin(2 * np.pi * beats), np.full(len(beats), np.log2(102 / 120)),
                        np.linspace(0, 1, len(beats)), np.ones(len(beats))], axis=1)  # fmt: skip
    found = beat_times(columns.astype(np.float32), times_s)
    whole = np.arange(1, np.floor(beats[-1]) + 1)
    np.testing.assert_allclose(found.times_s, (whole - 0.3) / 1.7, atol=1e-4)
    assert (np.diff(found.confidence) >= 0).all()
    assert len(beat_times(columns[:1].astype(np.float32), times_s[:1]).times_s) == 0


def test_a_sheet_has_a_figure_for_every_half_second_above_its_sound(tmp_path: Path):
    motion = IdleMotion(SKELETON, 30).motion(150, seed=0)
    span = cut(motion, start_s=0.0, seconds=None, rate_hz=30)
    sheet = draw_sheet(motion, span, silence(5, [1.0]), every_s=0.5, size=(800, 400))
    layout = sheet_layout(10, (800, 400), has_sound=True)
    assert (sheet.width, sheet.height) == (800, 400)
    for left, bottom, width, height in layout.cells:
        cell = sheet.pixels[400 - bottom - height : 400 - bottom, left : left + width]
        assert min(len(of_colour(cell, LEFT)), len(of_colour(cell, RIGHT))) > 60
    # The beat at 1 s lies under the middle of the third figure.
    gold = of_colour(sheet.pixels, TRAIL, 0.1)
    left, bottom, width, _ = layout.cells[2]
    assert np.abs(gold[:, 1] - (left + width / 2)).max() < 6
    assert gold[:, 0].min() >= 400 - bottom
    with pytest.raises(ValueError, match=r"raise --every-s above 0\.001"):
        draw_sheet(motion, span, None, every_s=0.001)
    with pytest.raises(ValueError, match="do not fit on 120x120"):
        draw_sheet(motion, span, None, every_s=0.02, size=(120, 120))


def test_a_looping_picture_keeps_time_at_any_rate(tmp_path: Path):
    motion = long_walk(5)
    render(motion, silence(5, [1.0, 2.0]), tmp_path / "loop.gif", PictureOptions(size="240x200", seconds=4, fps=15))
    with Image.open(tmp_path / "loop.gif") as picture:
        assert picture.size == (240, 200)
        assert picture.info["loop"] == 0
        total_ms, looks = 0, set()
        for number in range(picture.n_frames):
            picture.seek(number)
            total_ms += picture.info["duration"]
            pixels = np.asarray(picture.convert("RGB"))
            looks.add(pixels.tobytes())
            assert len(of_colour(pixels, LEFT)) + len(of_colour(pixels, RIGHT)) > 60, "in colour"
    assert total_ms == 4000, "hundredths of a second do not add up to a drift"
    assert len(looks) > 50
    with pytest.raises(ValueError, match=r"too many for a looping picture.*\.mp4"):
        render(long_walk(120), None, tmp_path / "loop.gif", PictureOptions(size="1280x720", fps=30))


def test_a_rig_without_a_body_is_drawn_as_rods():
    offsets = np.array([[0, 0, 0], [0.2, 0.6, 0], [-0.2, 0.6, 0]], np.float32)
    skeleton = Skeleton(("base", "L_leg", "R_leg"), (-1, 0, 0), offsets, ((1, (0.0, 0.3, 0.0)),))
    assert [part.kind for part in body_parts(skeleton)] == ["left", "right", "left"]
    turned = np.tile(np.array([0, 0, 0, 1], np.float32), (30, 3, 1))
    pixels = scene_of(Motion(skeleton, 30, np.zeros((30, 3), np.float32), turned)).draw(0)
    assert min(len(of_colour(pixels, LEFT)), len(of_colour(pixels, RIGHT))) > 100
    assert (side_of("mixamorig:LeftArm"), side_of("thigh_r"), side_of("Spine")) == ("left", "right", "middle")


def test_an_npz_is_read_back_whole(tmp_path: Path):
    motion = long_walk(2)
    write_motion(tmp_path / "dance.npz", motion)
    back = read_npz(tmp_path / "dance.npz")
    assert back.skeleton.matches(motion.skeleton)
    assert back.skeleton.end_sites == motion.skeleton.end_sites
    assert back.rate_hz == 30
    np.testing.assert_array_equal(back.rotations, motion.rotations)
    np.savez(tmp_path / "other.npz", numbers=np.zeros(3))
    with pytest.raises(ValueError, match=r"other\.npz: not a motion: it lacks"):
        read_npz(tmp_path / "other.npz")
    (tmp_path / "junk.npz").write_bytes(b"junk" * 9)
    with pytest.raises(ValueError, match=r"junk\.npz"):
        read_npz(tmp_path / "junk.npz")


def test_the_command_draws_a_part_of_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    write_bvh(tmp_path / "stand.bvh", IdleMotion(SKELETON, 30).motion(60, seed=0))
    command = ["picture", str(tmp_path / "stand.bvh"), "-o", str(tmp_path / "part.png")]
    assert run([*command, "--start-s", "0.5", "--seconds", "1"]) == 0
    with Image.open(tmp_path / "part.png") as picture:
        assert picture.size == (400, 280)  # two figures
    assert run([*command, "--start-s", "99"]) == 1
    assert "nothing to draw 99 s into" in capsys.readouterr().err.replace("\n", " ")
