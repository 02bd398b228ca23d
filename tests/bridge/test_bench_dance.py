"""What the bench's audience sees: the dance of a take, from its first danced pose, beside real dance."""

import json
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from bridge.bench.bench_dance import BenchDance, figures_of, measure_dance
from bridge.dancer.dancer_file import DancerFile
from bridge.takes.header import TakeHeader
from bridge.takes.take import SentPoses, Steps, Take
from data.motion.idle import IdleMotion
from data.movement.dance_figures import real_dance
from tests.tiny_dancer import write_tiny_dancer

RATE_HZ = 30


@pytest.fixture(scope="module")
def header(tmp_path_factory: pytest.TempPathFactory) -> TakeHeader:
    dancer = DancerFile.open(write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors"))
    return TakeHeader.of(dancer, seed=0, source="nothing", now=datetime(2026, 1, 31, tzinfo=UTC))


def take_of(header: TakeHeader, *, idle_s: int, danced_s: int, waiting_s: int) -> Take:
    """A figure that hangs in the air as long as it idles, glides over the floor while it dances, and then waits."""
    idle, danced, waiting = (RATE_HZ * seconds for seconds in (idle_s, danced_s, waiting_s))
    count = idle + danced + waiting
    motion = IdleMotion(header.skeleton, RATE_HZ).motion(count)
    roots = motion.root_positions.copy()
    roots[:idle, 1] += 0.5
    roots[:, 0] += np.concatenate([np.zeros(idle), np.arange(danced), np.full(waiting, danced)]) * (0.4 / RATE_HZ)
    numbers = np.arange(count)
    sent = SentPoses(
        sequence=numbers,
        time_us=1_000_000 * numbers // RATE_HZ,
        index=numbers,
        states=["idle"] * idle + ["dancing"] * danced + ["waiting"] * waiting,
        root_positions=roots,
        rotations=motion.rotations,
    )
    none = np.zeros(0, np.int64)
    steps = Steps(none, np.zeros((0, 1), np.float32), none, none, [], roots[:0], motion.rotations[:0])  # type: ignore[arg-type]
    return Take(Path("a.take"), header, steps, sent, [], 0)


def test_the_dance_begins_with_its_first_danced_pose_and_stops_count(header: TakeHeader) -> None:
    figures = figures_of(take_of(header, idle_s=2, danced_s=4, waiting_s=2))
    assert figures is not None
    assert figures.seconds == pytest.approx(6.0, abs=0.1)
    assert figures.floating_share == 0.0, "what hung in the air did not dance"
    assert figures.longest_stand_s == pytest.approx(2.0, abs=0.3)
    assert figures.front_share == 1.0
    assert figures.joint_speed_m_s == pytest.approx(0.4 * 4 / 6, abs=0.03)
    assert figures.standing_slide_m_s == pytest.approx(0.4 * 4 / 6, abs=0.05)


def test_it_stands_beside_real_dance_as_text_and_as_json(header: TakeHeader) -> None:
    dance = BenchDance(here=figures_of(take_of(header, idle_s=1, danced_s=3, waiting_s=0)), real=real_dance())
    lines = dance.to_text().splitlines()
    assert "3 s as it was sent" in lines[0]
    assert lines[3].split() == ["here", "real"]
    (front,) = (line for line in lines if "of the front" in line)
    assert front.split()[-2:] == ["100", f"{100 * real_dance().front_share:.0f}"]
    document = json.loads(json.dumps(dance.to_json(), allow_nan=False))
    assert document["here"].keys() == document["real"].keys()
    assert document["real"] == real_dance().to_json()


def test_where_nothing_was_danced_there_is_nothing_to_see(header: TakeHeader, tmp_path: Path) -> None:
    assert figures_of(take_of(header, idle_s=2, danced_s=0, waiting_s=0)) is None
    dance = measure_dance(tmp_path)  # no take
    assert "nothing was danced" in dance.to_text()
    assert dance.to_json()["here"] is None
