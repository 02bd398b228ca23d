"""Folders that appear when they are done, in place of what was there."""

from pathlib import Path

import pytest

from data.dataset.made_folder import appearing


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
