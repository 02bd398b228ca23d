"""`transflower replay`, `export`, `redance` and `takes`: what becomes of a performance."""

import contextlib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import tyro
from rich.progress import BarColumn, TextColumn, TimeElapsedColumn

from bridge.commands.bars import progress_bar
from bridge.commands.dance_source import tell
from bridge.commands.options import DEFAULT_STAGE, DEFAULT_TARGET_NAMES, parse_address

if TYPE_CHECKING:
    from bridge.takes.header import TakeHeader
    from bridge.wire.target import Target


@dataclass(frozen=True, kw_only=True)
class Replay:
    """Perform a take again, exactly: the same poses bit for bit, in the same rhythm; without dancer and sound.

    It is shown on the page, too, where nothing steers it:
    - transflower replay takes/2026-11-23_21-04-05_default.take
    - transflower replay evening.take --target vmc:192.168.1.20 --loop
    """

    take: tyro.conf.Positional[Path]
    """The take."""
    target: tuple[str, ...] = DEFAULT_TARGET_NAMES
    """Receivers, as in `transflower perform`."""
    stage: Annotated[str | None, tyro.conf.arg(metavar="HOST:PORT|None")] = DEFAULT_STAGE
    """Where the page is shown that shows it, as in `transflower perform`; None shows none."""
    open_page: bool = False
    """Open the page in the browser, if this machine has a desktop."""
    loop: bool = False
    """Begin again at the end, until Ctrl-C."""

    def run(self) -> None:
        """Replays, with a bar that shows how far it is."""
        from bridge.system.interrupts import interrupts
        from bridge.takes.listing import clock
        from bridge.takes.replay import replay
        from bridge.takes.take import read_take
        from bridge.terminal.output import TerminalOutput
        from bridge.wire.target import Target

        take = read_take(self.take)
        tell(self.take, take.notes)
        targets = [Target.parse(text) for text in self.target]
        columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
        with contextlib.ExitStack() as exits:
            shown = self._open_stage(take.header, exits)
            progress = exits.enter_context(progress_bar(*columns))
            stop = exits.enter_context(interrupts())
            task = progress.add_task(f"replaying {clock(take).strip()}", total=len(take.sent.time_us))
            num_sent = replay(
                take,
                [*targets, *shown],
                stop=stop,
                loop=self.loop,
                on_pose=lambda row, sockets: progress.update(
                    task,
                    completed=row + 1,
                    description=f"nobody listens at {', '.join(sockets.absent)}" if sockets.absent else None,
                ),
            )
        TerminalOutput(sys.stdout).conclude(
            f"replayed {num_sent} poses of {self.take.name} to {', '.join(str(target) for target in targets)}\n"
        )

    def _open_stage(self, header: "TakeHeader", exits: contextlib.ExitStack) -> list["Target"]:
        """The page, which closes with `exits`; where its poses must go."""
        if self.stage is None:
            return []
        from bridge.stage.about import describe_replay
        from bridge.stage.browser import open_in_browser
        from bridge.stage.process import StageProcess
        from bridge.stage.settings import StagePlace

        host, port = parse_address(self.stage)
        page = StageProcess(StagePlace(host=host, port=port).settings(about=describe_replay(header), steers=False))
        page.start()
        exits.callback(page.stop)
        for url in page.watch_urls or page.urls:
            print(f"the stage: {url}", flush=True)
        if self.open_page:
            open_in_browser(page.urls[0])
        return [] if page.target is None else [page.target]


@dataclass(frozen=True, kw_only=True)
class Export:
    """Write the dance of a take to a file: .bvh for Blender and other animation programs, .npz for Python, .csv.

    - transflower export evening.take evening.bvh
    - transflower export evening.take solo.csv --part 2
    """

    take: tyro.conf.Positional[Path]
    """The take."""
    output: Annotated[tyro.conf.Positional[Path | None], tyro.conf.arg(metavar="FILE")] = None
    """File to write; beside the take and as .bvh, if not given."""
    part: Annotated[int | None, tyro.conf.arg(metavar="NUMBER")] = None
    """A part that was marked while performing, from 1; everything, if not given."""
    strict: bool = False
    """Refuse a take whose end was cut off, instead of telling of it."""

    def run(self) -> None:
        """Exports, and prints where to."""
        from bridge.takes.take import read_take
        from data.formats.motion_file import check_output, write_motion

        output = self.output or self.take.with_suffix(".bvh")
        check_output(output)
        take = read_take(self.take)
        tell(self.take, take.notes, strict=self.strict)
        write_motion(output, take.motion(self.part))
        print(output)


@dataclass(frozen=True, kw_only=True)
class Redance:
    """Let the dancer of a take dance it again, from the sound and the controls that are kept in it.

    On the same kind of processor, device and versions the dance is the same bit for bit; elsewhere the difference is
    reported, and what differs here.
    - transflower redance evening.take
    - transflower redance evening.take --checkpoint my_dancer.safetensors -o again.bvh
    """

    take: tyro.conf.Positional[Path]
    """The take."""
    output: Annotated[Path | None, tyro.conf.arg(aliases=["-o"], metavar="FILE")] = None
    """Write the dance that came out, .bvh, .npz or .csv."""
    checkpoint: Annotated[Path | None, tyro.conf.arg(metavar="FILE")] = None
    """The dancer of the take; looked for beside the take and among those that ship, if not given."""
    device: Literal["auto", "cuda", "mps", "cpu"] = "auto"
    """What the dancer runs on."""
    strict: bool = False
    """Refuse a take whose end was cut off, instead of telling of it."""

    def run(self) -> None:
        """Dances again; exits with code 1 when another dance came out."""
        from bridge.takes.redance import find_dancer, redance, why_another
        from bridge.takes.take import read_take
        from data.formats.motion_file import check_output, write_motion

        if self.output is not None:
            check_output(self.output)
        take = read_take(self.take)
        tell(self.take, take.notes, strict=self.strict)
        dancer = find_dancer(take, self.checkpoint)
        with progress_bar() as progress:
            task = progress.add_task("loading the dancer", total=None)
            engine = dancer.load_engine(device=self.device)
            progress.update(task, description=f"dancing {self.take.name} again")
            result = redance(
                take, engine, on_step=lambda done, total: progress.update(task, completed=done, total=total)
            )
        if self.output is not None:
            write_motion(self.output, result.motion)
        if result.first_difference is None:
            print(f"{len(result.motion)} poses, the same bit for bit")
            return
        print(
            f"another dance from pose {result.first_difference} of {len(result.motion)} on; largest difference "
            f"{result.largest_difference:g}; {why_another(take.header)}"
        )
        sys.exit(1)


@dataclass(frozen=True, kw_only=True)
class Takes:
    """List the takes of a folder: length, marked parts, size, dancer.

    - transflower takes
    - transflower takes evenings
    """

    folder: tyro.conf.Positional[Path] = Path("takes")
    """Where the takes are."""

    def run(self) -> None:
        """Prints the list."""
        from bridge.takes.listing import list_takes

        with progress_bar() as progress:
            task = progress.add_task("reading takes", total=None)
            lines = list_takes(self.folder, lambda done, total: progress.update(task, completed=done, total=total))
        for line in lines:
            print(line)
