"""Folders and files that appear when they are done, in place of what was there."""

import subprocess
import sys
from pathlib import Path

import pytest

from data.dataset.made_folder import appearing
from data.formats.json_file import write_json
from data.formats.whole_file import whole_file

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A folder made before, beside one whose name looks like ours and is not."""
    folder = tmp_path / "out"
    folder.mkdir()
    (folder / "earlier").touch()
    (tmp_path / "out.old").mkdir()
    (tmp_path / "out.old" / "precious").touch()
    return folder


def _tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_the_new_takes_the_place_of_the_old(out: Path) -> None:
    with appearing(out) as folder:
        (folder / "new").touch()
        assert _tree(out) == ["earlier"]
    assert _tree(out.parent) == ["out.old/precious", "out/new"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["out", "out.old"]


def test_a_failure_leaves_the_old(out: Path) -> None:
    with pytest.raises(FileNotFoundError), appearing(out) as folder:
        (folder / "missing" / "new").touch()
    assert not out.with_name("out.part").exists()
    assert _tree(out.parent) == ["out.old/precious", "out/earlier"]


def test_where_the_new_cannot_take_its_place_the_old_returns(out: Path) -> None:
    with pytest.raises(FileNotFoundError), appearing(out) as folder:
        folder.rmdir()
    assert _tree(out.parent) == ["out.old/precious", "out/earlier"]
    assert sorted(path.name for path in out.parent.iterdir()) == ["out", "out.old"]


def test_a_link_to_a_folder_is_followed(out: Path) -> None:
    link = out.parent / "link"
    link.symlink_to(out, target_is_directory=True)
    with appearing(link) as folder:
        (folder / "new").touch()
    assert link.is_symlink()
    assert _tree(out) == ["new"]


def test_the_current_folder_is_a_place_as_well(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(out)
    with appearing(Path()) as folder:
        (folder / "new").touch()
    monkeypatch.chdir(out.parent)  # as the old one is gone
    assert _tree(out) == ["new"]


def test_a_file_that_is_written_never_changes_what_a_link_in_its_place_leads_to(tmp_path: Path) -> None:
    (other := tmp_path / "other.txt").write_text("of somebody else")
    (link := tmp_path / "dance.bvh").symlink_to(other)
    with whole_file(link) as part:
        part.write_text("a dance")
    assert other.read_text() == "of somebody else"
    assert link.read_text() == "a dance"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no name for the standard output")
def test_json_goes_to_standard_output_by_its_name_and_an_error_names_the_file(tmp_path: Path) -> None:
    line = "import pathlib, data.formats.json_file as it; it.write_json(pathlib.Path('/dev/stdout'), {})"
    with (log := tmp_path / "log").open("w") as output:
        subprocess.run([sys.executable, "-c", line], cwd=ROOT, stdout=output, check=True)
    assert log.read_text() == "{}\n"
    with pytest.raises(FileNotFoundError, match=r"no folder/a\.json'$"):
        write_json(tmp_path / "no folder/a.json", {})
