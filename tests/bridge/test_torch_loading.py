"""Torch's libraries are there before the import that would stop all threads, and the import then works as ever."""

import subprocess
import sys

import pytest

from tests.waiting import GENEROUS_S

CODE = """
from pathlib import Path
from bridge.dancer.torch_loading import preload_torch_libraries
def mapped():
    return "libtorch_cpu" in Path("/proc/self/maps").read_text()
before = mapped()
preload_torch_libraries()
import sys
assert "torch" not in sys.modules
print(before, mapped())
import torch
assert (torch.ones(2) @ torch.ones(2)).item() == 2
preload_torch_libraries()
"""


@pytest.mark.realtime
@pytest.mark.skipif(sys.platform != "linux", reason="reads the list of libraries from /proc")
def test_libraries_are_loaded_before_the_import():
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, timeout=4 * GENEROUS_S)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["False", "True"]


def test_without_torch_nothing_happens(monkeypatch: pytest.MonkeyPatch):
    from bridge.dancer import torch_loading

    monkeypatch.delitem(sys.modules, "torch", raising=False)
    monkeypatch.setattr(torch_loading.importlib.util, "find_spec", lambda name: None)
    torch_loading.preload_torch_libraries()
