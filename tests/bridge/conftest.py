"""Fixtures of the bridge's tests."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sound_card import SoundCard, missing_part, portaudio_on, running_sound_card


@pytest.fixture
def sound_card() -> Iterator[SoundCard]:
    """A software sound card to which PortAudio in this process is connected; its device is called `pulse`."""
    if (missing := missing_part()) is not None:
        pytest.skip(missing)
    # Not tmp_path: the path of a socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory() as folder, running_sound_card(Path(folder)) as card, portaudio_on(card):
        yield card
