"""The text of a BVH file, read strictly: its hierarchy, its header and its table of channel values.

Whatever cannot be meant is refused by a `ValueError` that names the file and the line.
"""

import codecs
import re
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Final, NoReturn

import numpy as np
from numpy.typing import NDArray

from .frame_rate import recorded_rate_hz

_CHANNEL: Final = re.compile(r"([xyz])(position|rotation)", re.IGNORECASE)

_OTHER_ENCODINGS: Final = ("gb18030", "cp932", "big5", "cp949")

_LARGEST_NUMBER: Final = 1e9
"""No length or angle of a recording comes near it; what does is a damaged file."""


@dataclass
class BvhJoint:
    """One joint as the file has it.

    Attributes:
        name: The rest of the line after ROOT or JOINT.
        parent: Index of the parent; -1 for the root.
        offset: In the file's unit.
        channels: Two letters a channel, in the file's order: axis x, y or z, then p for position or r for rotation.
    """

    name: str
    parent: int
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    channels: tuple[str, ...] | None = None


@dataclass
class BvhText:
    """A whole file.

    Attributes:
        joints: Parents before children, one root.
        end_sites: (joint, offset) of every End Site.
        rate_hz: Frames a second.
        values: (frames, channels) float64; the joints' channels one after another.
        encoding: Of the names; "unknown" where numbers of bytes stand for letters.
    """

    joints: list[BvhJoint] = field(default_factory=list)
    end_sites: list[tuple[int, tuple[float, float, float]]] = field(default_factory=list)
    rate_hz: float = 0.0
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 0)))
    encoding: str = "utf-8"


def read_bvh_text(path: Path) -> BvhText:
    """The file's content.

    Frame times that are a rounded or cut off 1/n (".0083333") give the whole rate n that they stand for.

    Raises:
        ValueError: the file is not whole or does not hold exactly one figure.
        OSError: the file cannot be read.
    """
    text, encoding = _decoded(path.read_bytes())
    lines = _Lines(path, text)
    content = _read_hierarchy(lines)
    content.encoding = encoding
    num_frames, content.rate_hz = _read_motion_header(lines)
    num_channels = sum(len(joint.channels or ()) for joint in content.joints)
    content.values = _read_frames(lines, num_frames, num_channels)
    return content


def _decoded(content: bytes) -> tuple[str, str]:
    """A file's text and its encoding: UTF-8, UTF-16, or that of East Asia in which its names have a left and a right.

    Bytes that are in none of them are kept as numbers: names that differ must not become the same.
    """
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return content.decode("utf-16", errors="replace"), "utf-16"
    try:
        return content.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    for encoding in _OTHER_ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "左" in text and "右" in text:
            return text, encoding
    return content.decode("utf-8", errors="backslashreplace"), "unknown"


class _Lines:
    """The file's lines with the position of the one being read, for messages that name it."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.position = 0

    def next(self, expected: str) -> list[str]:
        """Words of the next line that is not blank."""
        while self.position < len(self.lines):
            words = self.lines[self.position].split()
            self.position += 1
            if words:
                return words
        return self.fail(f"the file ends where {expected} should follow")

    def fail(self, problem: str, line: int | None = None) -> NoReturn:
        raise ValueError(f"{self.path}: line {self.position if line is None else line}: {problem}")

    def numbers(self, words: list[str], count: int) -> tuple[float, ...]:
        try:
            values = tuple(float(word) for word in words)
        except ValueError:
            self.fail(f"expected {count} numbers, found {' '.join(words)!r}")
        if len(values) != count or not all(abs(value) < _LARGEST_NUMBER for value in values):
            self.fail(f"expected {count} numbers, found {' '.join(words)!r}")
        return values


def _read_hierarchy(lines: _Lines) -> BvhText:
    if lines.next("HIERARCHY")[0].upper() != "HIERARCHY":
        lines.fail("not a BVH file: it must begin with HIERARCHY")
    content = BvhText()
    stack: list[int | None] = []  # open braces: a joint's index, or None for an end site
    opened: int | None = None  # named on this or an earlier line, its brace still to come
    awaiting_brace = False
    tip_offset: tuple[float, float, float] | None = None
    while True:
        words = lines.next("MOTION")
        if len(words) > 1 and words[-1] == "{":  # `JOINT Spine {` on one line
            words = words[:-1]
            brace_follows = True
        else:
            brace_follows = False
        keyword = words[0].upper()
        if brace_follows and keyword not in ("ROOT", "JOINT", "END"):
            lines.fail("{ without a joint")
        if awaiting_brace and keyword != "{":
            lines.fail(f"expected {{, found {' '.join(words)!r}")
        if keyword in ("ROOT", "JOINT", "END"):
            parent = stack[-1] if stack else -1
            if parent is None:
                lines.fail("an End Site cannot have children")
            if keyword == "ROOT" and content.joints:
                lines.fail(
                    f"a second ROOT ({' '.join(words[1:])!r}): one file must hold one figure; "
                    "export each figure to a file of its own"
                )
            if keyword != "ROOT" and parent == -1:
                lines.fail(f"{words[0]} outside of a ROOT")
            if keyword == "END":
                opened, tip_offset = None, (0.0, 0.0, 0.0)
            else:
                if len(words) < 2:
                    lines.fail(f"{words[0]} without a name")
                opened = len(content.joints)
                content.joints.append(BvhJoint(" ".join(words[1:]), parent))
            awaiting_brace = True
        elif keyword == "{":
            if not awaiting_brace:
                lines.fail("{ without a joint")
            stack.append(opened)
            awaiting_brace = False
        elif keyword == "}":
            if not stack:
                lines.fail("} without {")
            closed = stack.pop()
            if closed is None:
                owner = stack[-1]
                assert owner is not None
                assert tip_offset is not None
                content.end_sites.append((owner, tip_offset))
            elif content.joints[closed].channels is None:
                lines.fail(f"joint {content.joints[closed].name!r} has no CHANNELS")
        elif keyword == "OFFSET" and stack:
            x, y, z = lines.numbers(words[1:], 3)
            if stack[-1] is None:
                tip_offset = (x, y, z)
            else:
                content.joints[stack[-1]].offset = (x, y, z)
        elif keyword == "CHANNELS" and stack and stack[-1] is not None:
            content.joints[stack[-1]].channels = _read_channels(lines, words)
        elif keyword == "MOTION" and not stack and content.joints:
            return content
        else:
            lines.fail(f"unexpected {' '.join(words)!r} in the hierarchy")
        if brace_follows:
            stack.append(opened)
            awaiting_brace = False


def _read_channels(lines: _Lines, words: list[str]) -> tuple[str, ...]:
    channels = []
    for word in words[2:]:
        match = _CHANNEL.fullmatch(word)
        if match is None:
            lines.fail(f"unknown channel {word!r}")
        channels.append((match[1] + match[2][0]).lower())
    if len(words) < 2 or words[1] != str(len(channels)):
        lines.fail(f"CHANNELS announces {words[1] if len(words) > 1 else 'nothing'} and names {len(channels)}")
    positions = [channel for channel in channels if channel[1] == "p"]
    if len(set(positions)) != len(positions):
        lines.fail("a position channel occurs twice")
    return tuple(channels)


def _read_motion_header(lines: _Lines) -> tuple[int, float]:
    words = " ".join(lines.next("Frames:")).replace(":", ": ").split()
    if [word.lower() for word in words[:-1]] != ["frames:"] or not words[-1].isdigit():
        lines.fail(f"expected 'Frames: N', found {' '.join(words)!r}")
    num_frames = int(words[-1])
    if num_frames == 0:
        lines.fail("the file holds no frames")
    words = " ".join(lines.next("Frame Time:")).replace(":", ": ").split()
    if [word.lower() for word in words[:-1]] != ["frame", "time:"]:
        lines.fail(f"expected 'Frame Time: seconds', found {' '.join(words)!r}")
    (frame_time_s,) = lines.numbers(words[-1:], 1)
    if frame_time_s <= 0:
        lines.fail(f"the frame time must be positive, not {words[-1]}")
    try:
        return num_frames, recorded_rate_hz(_rate_hz(words[-1]))
    except (ValueError, ArithmeticError) as error:
        lines.fail(str(error))


def _rate_hz(frame_time: str) -> float:
    """The rate that a printed frame time stands for: a whole number where the time is that number's rounded inverse."""
    printed = Decimal(frame_time)
    exponent = printed.as_tuple().exponent
    assert isinstance(exponent, int)
    whole = max(1, round(1 / float(printed)))
    # One unit of the last digit, not half: some programs cut digits off instead of rounding.
    return float(whole) if abs(1 / whole - float(printed)) <= 10.0**exponent else 1 / float(printed)


def _read_frames(lines: _Lines, num_frames: int, num_channels: int) -> NDArray[np.float64]:
    """Channel values (frames, channels)."""
    first = lines.position
    rows = [row for row in lines.lines[first:] if row.strip()]
    try:
        values = np.array(" ".join(rows).split(), np.float64)
    except ValueError:
        values = np.empty(0)
    if num_channels == 0:
        lines.fail("no joint has a channel, so nothing moves")
    if (
        len(rows) == num_frames
        and values.size == num_frames * num_channels
        and (np.abs(values) < _LARGEST_NUMBER).all()
    ):
        table = values.reshape(num_frames, num_channels)
        # Equal totals do not show that every line is whole; the widths of lines do.
        if all(len(row.split()) == num_channels for row in rows):
            return table
    # Something is wrong: find the first bad line.
    frame = 0
    for line, row in enumerate(lines.lines[first:], first + 1):
        words = row.split()
        if not words:
            continue
        frame += 1
        if frame > num_frames:
            lines.fail(f"the header announces {num_frames} frames, but more follow", line)
        if len(words) != num_channels:
            lines.fail(f"frame {frame} has {len(words)} values instead of {num_channels}", line)
        for word in words:
            try:
                good = abs(float(word)) < _LARGEST_NUMBER
            except ValueError:
                good = False
            if not good:
                lines.fail(f"frame {frame} holds {word!r}, which is no usable number", line)
    return lines.fail(f"the header announces {num_frames} frames, but the file ends after {frame}", len(lines.lines))
