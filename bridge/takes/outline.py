"""What a list tells of a take, from two of its blocks and its marks: an hour's is known in a tenth of a second."""

from dataclasses import dataclass
from pathlib import Path

from bridge.takes.header import TakeHeader
from bridge.takes.take_file import PackedBlock, walk_blocks


@dataclass(frozen=True, eq=False)
class TakeOutline:
    """A take, hardly read: each block is there and has its checksum, but few have been looked into.

    Attributes:
        header: Who danced.
        first_us: When the first pose was meant for, on the bridge's clock; None without poses.
        last_us: Likewise the last.
        num_parts: Parts that the performer marked.
        lost_bytes: Bytes at the end of the file that were cut off in the middle of a block.
    """

    header: TakeHeader
    first_us: int | None
    last_us: int | None
    num_parts: int
    lost_bytes: int

    @property
    def duration_s(self) -> float:
        """From the first pose to the end of the last."""
        if self.first_us is None or self.last_us is None:
            return 0.0
        return float(self.last_us - self.first_us) * 1e-6 + 1.0 / self.header.rate_hz

    @property
    def num_frames(self) -> int:
        """Of the dance on its steady grid, as `Take.motion` has it."""
        return 0 if self.first_us is None else max(0, round(self.duration_s * self.header.rate_hz))


def read_outline(path: Path) -> TakeOutline:
    """Reads an outline; a take that was cut off is read as far as it goes.

    Raises:
        ValueError: There is no such file, it is no take, or is damaged elsewhere than at its end.
    """
    if not path.is_file():
        raise ValueError(f"{path}: no such take")
    header: TakeHeader | None = None
    first: PackedBlock | None = None
    last: PackedBlock | None = None
    marks: list[bool] = []
    end = 0
    try:
        for block in walk_blocks(path):
            end = block.end
            if header is None:
                if block.kind != b"HEAD":
                    break
                header = TakeHeader.from_json(block.unpacked(path).facts)
            elif block.kind == b"SENT":
                first, last = first or block, block
            elif block.kind == b"MARK":
                marks += [bool(is_on) for is_on, _ in block.unpacked(path).facts["marks"]]
        if header is None:
            raise ValueError("it has no header")
        first_us = None if first is None else int(first.unpacked(path).arrays["time_us"][0])
        last_us = None if last is None else int(last.unpacked(path).arrays["time_us"][-1])
    except (KeyError, TypeError, IndexError, AttributeError, ValueError, OverflowError) as error:
        text = str(error)
        raise ValueError(text if text.startswith(str(path)) else f"{path}: not a usable take: {text}") from None
    begun = [is_on and not before for before, is_on in zip([False, *marks], marks, strict=False)]
    parts = sum(begun) if first is not None else 0
    return TakeOutline(header, first_us, last_us, parts, path.stat().st_size - end)
