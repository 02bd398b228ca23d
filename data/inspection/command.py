"""What `transflower-data inspect` does: find, print, draw, and write."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final

import tyro
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from data.dataset.reading_options import ReadingOptions
from data.inspection.finding import WORST, Finding
from data.inspection.thresholds import Thresholds
from data.sound.channels import parse_channels

OK, FOUND = 0, 3

_MOST_OF_A_KIND: Final = 8
"""Of the pictures of one kind: a folder in which all slide has other faults to show."""


@dataclass(frozen=True)
class Inspect:
    """Find what is wrong with motion and sound, worst first: jumps, floor, feet, silence, lengths, duplicates and more.

    Recordings (.bvh, .npz, AIST++), also in folders below, with the sound beside them; and prepared folders, of which
    the hours and the range of every feature are shown as well. Nothing is changed:

        transflower-data inspect clips/
        transflower-data inspect aist_plusplus_final/ --sound-folder music/
        transflower-data inspect prepared/

    A report to look at, offline, with pictures of the worst moments (report.html), and for programs (findings.json,
    findings.csv):

        transflower-data inspect clips/ -o report/

    Before a training, in a script: the exit status is 3 if anything is twice its limit or worse. A file that cannot be
    read is a finding of severity 100, and does not stop the inspection; so is, with --strict, one of which something
    would be left out or guessed, and the exit status is 3 then:

        transflower-data inspect prepared/ --fail-on 2
        transflower-data inspect clips/ --strict

    The severity of a finding is how many times its limit a value is. Limits are options:

        transflower-data inspect clips/ --limits.under-floor-m 0.1 --limits.jump-rad-s 20
    """

    folder: tyro.conf.Positional[Path]
    """Recordings, or a folder that transflower-data prepare made."""
    out: Annotated[Path | None, tyro.conf.arg(aliases=["-o"], metavar="FOLDER")] = None
    """Write the report there; a folder that is not there is made."""
    sound_folder: Annotated[Path | None, tyro.conf.arg(metavar="FOLDER")] = None
    """Where the sound of recordings is, if it does not lie with the motion."""
    channels: Annotated[str | None, tyro.conf.arg(metavar="N,N|None")] = None
    """Which channels of the sound are heard, from 1 on: 3,4 or 3. None is all."""
    top: int = 20
    """How many findings to print."""
    pictures: int = 40
    """How many findings to draw in the report, at most 8 of a kind; 0 for none."""
    fail_on: Annotated[float | None, tyro.conf.arg(metavar="SEVERITY")] = None
    """Exit with status 3 if a finding is at least as severe; 1 for any finding at all, 100 for broken files."""
    jobs: int = 0
    """Processes; 0 takes every core."""
    reading: tyro.conf.OmitArgPrefixes[ReadingOptions] = field(default_factory=ReadingOptions)
    limits: Thresholds = field(default_factory=Thresholds)
    """From what value on something is a finding; lengths and speeds are of a figure of 1.6 m."""

    def run(self, console: Console) -> int:
        """Inspect, with a progress bar; print and write what was found."""
        from data.dataset.cluster import run_parallel
        from data.inspection.inspect import inspect
        from data.inspection.pictures import PictureTask, draw
        from data.inspection.report import FILES, counts, write_report
        from data.inspection.tables import show

        self._check()
        channels = parse_channels(self.channels)
        pictures: dict[int, bytes] = {}
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
            bar = progress.add_task("looking for clips", total=None)

            def advance(done: int, total: int, name: str) -> None:
                progress.update(bar, completed=done, total=total, description=f"{name:.40}")

            found = inspect(
                self.folder,
                self.limits,
                sound_folder=self.sound_folder,
                how=self.reading.how,
                channels=channels,
                jobs=self.jobs,
                on_clip=advance,
            )
            if self.out is not None:
                chosen = [place for place in worth_drawing(found.findings, self.pictures)
                          if found.findings[place].clip in found.tasks]  # fmt: skip
                tasks = [
                    PictureTask(finding, found.tasks[finding.clip], found.tasks.get(finding.other or ""))
                    for finding in (found.findings[place] for place in chosen)
                ]
                for done, picture in enumerate(run_parallel(draw, tasks, jobs=self.jobs)):
                    if picture is not None:
                        pictures[chosen[done]] = picture
                    progress.update(bar, completed=done + 1, total=len(tasks), description="drawing")
        if found.is_prepared:
            broken = {finding.clip for finding in found.findings if finding.kind == "unreadable"}
            show(self.folder, console, without=broken)
        what = "sequences" if found.is_prepared else "clips"
        console.print(f"{len(found.clips)} {what}, {found.duration_s / 60:.1f} minutes", highlight=False)
        if found.findings:
            console.print(findings_table(found.findings[: self.top], len(found.findings)))
            listing = ", ".join(f"{count} {kind}" for kind, count in counts(found).items())
            console.print(f"{len(found.findings)} findings: {listing}", highlight=False)
        else:
            console.print("nothing found", highlight=False)
        if self.out is not None:
            write_report(self.out, found, pictures)
            console.print(f"{self.out / FILES[0]}: {len(pictures)} pictures", highlight=False, soft_wrap=True)
        worst = found.findings[0].severity if found.findings else 0.0
        fail_on = WORST if self.fail_on is None and self.reading.strict else self.fail_on
        return FOUND if fail_on is not None and worst >= fail_on else OK

    def _check(self) -> None:
        """Refuses what cannot be meant, before the work is done."""
        if self.out is not None and self.out.exists() and not self.out.is_dir():
            raise ValueError(f"{self.out} is a file: the report is a folder")
        if self.fail_on is not None and not self.fail_on > 0:
            raise ValueError(f"--fail-on is a severity, 1 or more for findings, not {self.fail_on:g}")
        if min(self.top, self.pictures, self.jobs) < 0:
            raise ValueError("--top, --pictures and --jobs are numbers of things: not negative")


def worth_drawing(findings: list[Finding], most: int) -> list[int]:
    """Places of the findings to draw: the worst, and some of every kind."""
    seen: dict[str, int] = {}
    chosen = []
    for place, finding in enumerate(findings):
        seen[finding.kind] = seen.get(finding.kind, 0) + 1
        if seen[finding.kind] <= _MOST_OF_A_KIND:
            chosen.append((seen[finding.kind], place))
    # the first of every kind before the second of any
    return sorted(place for _, place in sorted(chosen)[:most])


def findings_table(findings: list[Finding], num_in_all: int) -> Table:
    """The worst findings for a terminal."""
    table = Table(title=f"the worst {len(findings)} of {num_in_all} findings", title_justify="left")
    table.add_column("severity", justify="right")
    table.add_column("kind", no_wrap=True)
    table.add_column("where and what", overflow="fold")
    for finding in findings:
        where = f"{finding.clip}, {finding.place}".removesuffix(", ")
        table.add_row(f"{finding.severity:.1f}", finding.kind, Text(f"{where}\n{finding.message}"))
    return table
