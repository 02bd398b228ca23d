"""Files from others, damaged in every way: each is read, or refused in a sentence, in bounded memory.

The same damages each time; `TRANSFLOWER_FUZZ_TIMES=20 pytest -s tests/bridge/test_file_fuzz.py` has twenty times as
many, and others.
Datagrams have a fuzzer of their own (`test_inbound_fuzz.py`), and so have pickles (`test_aistpp_pickle.py`).
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from bridge.control.controls import Controls
from bridge.control.presets import save_preset
from bridge.dancer.dancer_file import DancerFile
from data.formats.motion_file import write_motion
from data.motion.humanoid import default_skeleton
from data.motion.idle import IdleMotion
from tests.bridge.made_take import write_take
from tests.bridge.test_inbound_fuzz import CORPUS
from tests.bridge.vrm_maker import write_vrm
from tests.exported_dancer import export_dancer
from tests.tiny_dancer import write_tiny_dancer

pytestmark = [pytest.mark.realtime, pytest.mark.timeout(1500)]

ROOT = Path(__file__).resolve().parents[2]
TIMES = int(os.environ.get("TRANSFLOWER_FUZZ_TIMES", "1"))
FORMATS = {"checkpoint": 25, "onnx": 15, "bvh": 150, "npz": 150, "take": 60, "preset": 150, "vrm": 150, "osc": 500}
FORMATS["websocket"] = 100
"""How many files of each in the short form."""
SPARE_MB = 600
TEXT = json.dumps({"COMMAND": "LISTEN", "DATA": "/dance/control/energy"}).encode()
FRAMES = b"".join(bytes([0x81, 0x80 | len(TEXT)]) + bytes(4) + TEXT for _ in range(3)) + b"\x89\x80" + bytes(4)


def write_whole(folder: Path, form: str) -> None:
    """A file of the format that is as it should be."""
    path, motion = folder / f"whole.{form}", IdleMotion(default_skeleton(), 30).motion(20)
    if form == "checkpoint":
        write_tiny_dancer(folder / "tiny.safetensors").rename(path)
    elif form == "onnx":
        pytest.importorskip("onnxruntime", reason="ONNX Runtime is missing (pip install -e .[onnx])")
        export_dancer(write_tiny_dancer(folder / "tiny.safetensors")).rename(path)
    elif form in ("bvh", "npz"):
        write_motion(path, motion)
    elif form == "take":
        write_take(path, DancerFile.open(write_tiny_dancer(folder / "tiny.safetensors")), seconds=3, parts=1)
    elif form == "preset":
        save_preset(folder, "made", Controls(style="HO")).rename(path)
    elif form == "vrm":
        write_vrm(folder / "whole.vrm", default_skeleton(), version=1)
    elif form == "osc":
        path.write_bytes(max((one for one in CORPUS if len(one) < 1400), key=len))
    else:
        path.write_bytes(FRAMES)


@pytest.mark.parametrize("form", FORMATS)
def test_a_damaged_file_is_read_or_refused_in_a_sentence(form: str, tmp_path: Path) -> None:
    write_whole(tmp_path, form)
    count = TIMES * FORMATS[form]
    seed = int(np.random.SeedSequence().entropy % 2**31) if TIMES > 1 else 0
    request = {"folder": str(tmp_path), "format": form, "seed": seed, "count": count, "spare_mb": SPARE_MB}
    done = subprocess.run(
        [sys.executable, "-m", "tests.bridge.file_fuzz"],
        input=json.dumps(request) + "\n",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"the process died of a file (seed {seed}): {done.stderr[-2000:]}"
    outcome = json.loads(done.stdout.splitlines()[-1])
    print(f"{form}: {outcome['read']} read, {outcome['refused']} refused, from seed {seed}")
    assert outcome["bad"] == []
    if form not in ("osc", "websocket"):
        assert outcome["refused"] >= count // 4, "the fuzzer tests nothing if all it makes is right"
    assert outcome["read"] + outcome["refused"] == count
