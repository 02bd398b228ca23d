"""Where a performance listens: printed for people, in a file for programs that steer it or show its page."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from data.formats.json_file import write_json


@dataclass(frozen=True, kw_only=True)
class Addresses:
    """Where a performance listens; ports are those that it has, also where it asked for any.

    Attributes:
        control: Host and port of controls and of VMC from others, UDP; None hears nobody.
        query: Host and port of OSCQuery, TCP; None answers nobody.
        stage: The page, as addresses for a browser, those of a network first; empty without a page.
        watch: Likewise for those who may only watch; empty where everybody who sees the page may steer.
    """

    control: tuple[str, int] | None = None
    query: tuple[str, int] | None = None
    stage: tuple[str, ...] = ()
    watch: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """For people, one a line."""
        named = [("the stage:", url) for url in self.stage]
        named += [("to watch:", url) for url in self.watch]
        named += [("controls:", f"{self.control[0]}:{self.control[1]}")] if self.control else []
        named += [("OSCQuery:", f"http://{self.query[0]}:{self.query[1]}/")] if self.query else []
        last = ""
        for name, address in named:
            yield f"{'' if name == last else name:<10} {address}"
            last = name

    def write(self, path: Path) -> None:
        """Writes `{"control": [host, port], "query": [host, port], "stage": [url, ...], "watch": [url, ...]}`.

        What is not there is null.
        The file appears whole, so that whoever waits for it can read it at once.
        """
        write_json(path, {**asdict(self), "stage": list(self.stage) or None, "watch": list(self.watch) or None})
