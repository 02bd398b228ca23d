"""The line that installs packages can be pasted into the shell of the machine, wherever one stands."""

import os
import shlex
import sys
from pathlib import Path

import pytest

from models import torch_install
from models.torch_install import install_command


@pytest.mark.skipif(os.name == "nt", reason="Windows removes no folder in which a process stands")
def test_it_is_stated_where_the_current_folder_was_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    words = shlex.split(install_command("torch"))
    assert words[1:5] == ["-m", "pip", "install", "torch"]
    assert Path(words[0]).is_absolute()


def test_on_windows_it_is_quoted_as_its_shells_read_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    monkeypatch.setattr(torch_install, "_CONSTRAINTS", tmp_path / "with us" / "constraints.txt")
    python = r".venv\Scripts\python.exe"
    monkeypatch.setattr(sys, "executable", python)
    assert install_command("torch") == rf"{python} -m pip install torch"
    (tmp_path / "with us").mkdir()
    (tmp_path / "with us/constraints.txt").touch()
    assert install_command("torch") == f'{python} -m pip install torch -c "{tmp_path / "with us" / "constraints.txt"}"'
    monkeypatch.setattr(sys, "executable", r"C:\Ada L\.venv\Scripts\python.exe")
    assert install_command("torch").startswith(r'& "C:\Ada L\.venv\Scripts\python.exe" -m pip install torch ')


@pytest.mark.skipif(os.name == "nt", reason="as other shells read it")
def test_elsewhere_it_is_quoted_as_those_shells_read_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/a folder/.venv/bin/python")
    words = shlex.split(install_command("torch"))
    assert words[:5] == ["/a folder/.venv/bin/python", "-m", "pip", "install", "torch"]
