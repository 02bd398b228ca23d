"""Which channels of a recording or of an input are heard, as people write it."""

from typing import Final

_MAX_CHANNELS: Final = 256


def parse_channels(text: str | None) -> tuple[int, ...] | None:
    """The channels that `3,4` names, from 1 on; ``None`` for ``None``.

    Raises:
        ValueError: It names none.

    Example:
        >>> parse_channels("3,4"), parse_channels(" 8 ")
        ((3, 4), (8,))
    """
    if text is None:
        return None
    words = [word.strip() for word in text.split(",")]
    numbers = tuple(int(word) for word in words if word.isascii() and word.isdecimal())
    if len(numbers) < len(words) or not all(1 <= number <= _MAX_CHANNELS for number in numbers):
        raise ValueError(f"--channels {text!r} is not a list of channels from 1 on, such as 3 or 3,4")
    if len(set(numbers)) < len(numbers):
        raise ValueError(f"--channels {text!r} names a channel twice")
    return numbers
