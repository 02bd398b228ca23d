"""The takes of a folder, for people who look for one."""

from collections.abc import Callable
from pathlib import Path

from bridge.takes.outline import TakeOutline, read_outline
from bridge.takes.take import Take
from bridge.takes.take_file import SUFFIX
from data.commands.printable import printable


def list_takes(folder: Path, on_take: Callable[[int, int], None] | None = None) -> list[str]:
    """A line for each take of a folder, oldest first, under a head; what cannot be read is listed too, and why.

    Raises:
        ValueError: There is no such folder.
    """
    if not folder.is_dir():
        raise ValueError(f"{folder}: no such folder; takes are kept where --takes said")
    paths = sorted(folder.glob(f"*{SUFFIX}"))
    if not paths:
        return [f"no takes in {folder}"]
    width = max(len(path.name) for path in paths)
    lines = [f"{'take':<{width}}  {'length':>7}  {'parts':>5}  {'MB':>6}  dancer, to what"]
    for number, path in enumerate(paths, start=1):
        lines.append(printable(f"{path.name:<{width}}  {_described(path)}"))
        if on_take is not None:
            on_take(number, len(paths))
    return lines


def _described(path: Path) -> str:
    try:
        take = read_outline(path)
    except (ValueError, OSError) as error:
        return f"cannot be read: {error}"
    size_mb = path.stat().st_size / 1e6
    end = f"; cut off, {take.lost_bytes} bytes lost" if take.lost_bytes else ""
    header = take.header
    return f"{clock(take)}  {take.num_parts:>5}  {size_mb:>6.1f}  {header.checkpoint} to {header.source}{end}"


def clock(take: Take | TakeOutline) -> str:
    """How long a take is, as minutes and seconds."""
    minutes, seconds = divmod(round(take.duration_s), 60)
    return f"{minutes:>4}:{seconds:02}"
