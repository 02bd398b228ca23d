"""The songs of a batch: found where people have them, and named so that no dance overwrites another."""

from pathlib import Path

import pytest

from bridge.batch.songs import find_songs


def named(folder: Path, *places: str) -> dict[str, str]:
    """Names of the songs found, by their path in the folder."""
    songs = find_songs([folder / place for place in places])
    return {song.path.relative_to(folder).as_posix(): song.name for song in songs}


def touch(folder: Path, *files: str) -> None:
    for file in files:
        path = folder / file
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"sound")


def test_a_folder_is_searched_to_its_ground_and_dances_keep_their_place_in_it(tmp_path: Path):
    touch(tmp_path, "music/b.mp3", "music/a.wav", "music/house/a.flac", "music/house/deep/night train.ogg")
    assert list(named(tmp_path, "music").items()) == [
        ("music/a.wav", "a"),
        ("music/b.mp3", "b"),
        ("music/house/a.flac", "house/a"),
        ("music/house/deep/night train.ogg", "house/deep/night train"),
    ]


def test_what_is_hidden_or_no_sound_is_left_out_and_endings_may_be_in_capitals(tmp_path: Path):
    touch(tmp_path, "music/A.WAV", "music/._A.WAV", "music/.trash/b.mp3", "music/cover.jpg", "music/a.bvh")
    assert named(tmp_path, "music") == {"music/A.WAV": "A"}


@pytest.mark.parametrize(
    ("files", "places", "names"),
    [
        (["m/x.mp3", "m/x.wav"], ["m"], ["x.mp3", "x.wav"]),
        (["a/x.mp3", "b/x.mp3"], ["a", "b"], ["a/x.mp3", "b/x.mp3"]),
        (["a/x.mp3", "b/x.mp3"], ["a/x.mp3", "b/x.mp3"], ["a/x.mp3", "b/x.mp3"]),
        (["m/x.mp3", "m/x.wav", "m/x.mp3.wav"], ["m"], ["m/x.mp3", "x.mp3.wav", "x.wav"]),
        (["a/m/x.mp3", "b/m/x.mp3", "c/y.mp3"], ["a/m", "b/m", "c"], ["a/m/x.mp3", "b/m/x.mp3", "y"]),
        (["m/Song.mp3", "m/song.ogg"], ["m"], ["Song.mp3", "song.ogg"]),
        (["m/caf\u00e9.mp3", "m/cafe\u0301.ogg"], ["m"], ["cafe\u0301.ogg", "caf\u00e9.mp3"]),
    ],
)
def test_songs_of_one_name_keep_as_much_more_of_it_as_they_need(
    tmp_path: Path, files: list[str], places: list[str], names: list[str]
):
    touch(tmp_path, *files)
    assert sorted(named(tmp_path, *places).values()) == sorted(names)


def test_songs_whose_paths_differ_in_case_only_get_names_that_no_disk_confuses(tmp_path: Path):
    touch(tmp_path, "m/song.mp3", "m/Song.mp3")
    if len(list((tmp_path / "m").iterdir())) == 1:
        pytest.skip("this disk does not tell them apart")
    first, second = named(tmp_path, "m").values()
    assert first.casefold() != second.casefold()


def test_a_song_that_is_named_twice_is_one(tmp_path: Path):
    touch(tmp_path, "m/x.mp3")
    assert named(tmp_path, "m/x.mp3", "m", "m/../m/x.mp3") == {"m/x.mp3": "x"}


def test_what_is_not_there_is_named(tmp_path: Path):
    touch(tmp_path, "m/cover.jpg")
    with pytest.raises(ValueError, match=r"nowhere\.mp3: no such file or folder"):
        find_songs([tmp_path / "nowhere.mp3"])
    with pytest.raises(ValueError, match=r"m: no song in this folder: no file that ends in \.wav, \.flac"):
        find_songs([tmp_path / "m"])
