"""Takes of any length, made without a performance: a figure that sways, block for block as a recorder writes."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from bridge.control.controls import Controls
from bridge.dancer.dancer_file import DancerFile
from bridge.takes.header import TakeHeader, controls_to_json
from bridge.takes.take_file import MAGIC, pack_block

FEATURES = 12


def write_take(path: Path, dancer: DancerFile, *, seconds: int, parts: int = 0, seed: int = 1) -> Path:
    """Writes a take of so many seconds, with some poses between two steps, some of no step, and uneven ticks."""
    rng = np.random.default_rng(seed)
    header = TakeHeader.of(dancer, seed=seed, source="noise", now=datetime(2026, 11, 23, 21, 4, 5, tzinfo=UTC))
    rate_hz, joints = header.rate_hz, header.skeleton.num_joints
    with path.open("wb") as file:
        file.write(MAGIC + pack_block(b"HEAD", header.to_json()))
        for second in range(seconds):
            index = np.arange(second * rate_hz, (second + 1) * rate_hz)
            rotations = np.concatenate([rng.normal(0, 0.2, (rate_hz, joints, 3)), np.ones((rate_hz, joints, 1))], -1)
            rotations *= rng.choice([-1, 1], (rate_hz, 1, 1)) / np.linalg.norm(rotations, axis=-1, keepdims=True)
            pose = np.concatenate([rng.normal(0, 0.1, (rate_hz, 3)), rotations.reshape(rate_hz, -1)], axis=1)
            bits = np.ascontiguousarray(pose.astype(np.float32)).view(np.uint32)
            steps = {
                "index": index,
                "features": np.zeros((rate_hz, FEATURES), np.float32),
                "level_dbfs": np.full(rate_hz, -20, np.float32),
                "failed": np.zeros(rate_hz, np.uint8),
                "pose": bits,
            }
            controls = [[0, controls_to_json(Controls())]] if second == 0 else []
            file.write(pack_block(b"STEP", {"controls": controls}, steps))
            base = np.where(index % 7 == 3, -1, np.maximum(index - 2, 0))
            first = second * rate_hz
            looked_up = np.where((base >= first)[:, None], bits[np.maximum(base - first, 0)], 0).astype(np.uint32)
            base = np.where(base >= first, base, -1)
            sent = {
                "sequence": index,
                "time_us": (index * 1_000_000 / rate_hz + rng.uniform(-9_000, 9_000, rate_hz)).astype(np.int64) + 10**9,
                "index": base,
                "base": base,
                "state": np.zeros(rate_hz, np.uint8),
                "pose": bits ^ looked_up,
            }
            file.write(pack_block(b"SENT", {"states": ["dancing"]}, sent))
            if second < parts:
                time_us = int(sent["time_us"][0])
                file.write(pack_block(b"MARK", {"marks": [[True, time_us], [False, time_us + 1]]}))
    return path
