"""`transflower-data download`: public data sets, fetched after a question, resumed, checked and unpacked."""

import sys
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn
from rich.table import Table
from tyro.conf import FlagCreatePairsOff, Positional, arg, configure

from data.download.archives import unpack_zip
from data.download.disk import size_text
from data.download.fetch import fetch, forget_other_versions
from data.download.plan import DownloadPlan, describe_plan, file_count, make_plan, source_of
from data.download.remote_sets import SETS, RemoteSet, find_set
from data.download.web import Patience


@configure(FlagCreatePairsOff)
@dataclass(frozen=True)
class Download:
    """Fetch a public data set: AIST++, its music, or what the original Transflower project published.

    Without a name it lists the data sets. With one it says what it would fetch, how much, from where and under which
    licence, and asks before it does:

        transflower-data download aistpp -o data_folder

    After an interruption the same command goes on where it stopped: it skips what is here and good, and begins a file
    anew that has changed on the server. Every file is checked by the server's MD5 before it gets its name. Archives are
    unpacked to a folder of their own name, whole or not at all.

    Pickles are never loaded here. The motions of AIST++ are pickles: transflower-data prepare takes the unpacked folder
    and reads them as data, with a restricted unpickler. Proxies are taken from the environment (HTTPS_PROXY).
    """

    name: Annotated[Positional[str], arg(metavar="NAME")] = ""
    """Which data set."""
    out: Annotated[Path | None, arg(aliases=["-o"], metavar="FOLDER")] = None
    """Folder to put it in."""
    all_sets: Annotated[bool, arg(name="list")] = False
    """List the data sets with size, licence and purpose."""
    yes: Annotated[bool, arg(aliases=["-y"])] = False
    """Do not ask; needed where nobody sits at a terminal."""
    dry_run: bool = False
    """Say what would be fetched, and stop."""
    accept_terms: bool = False
    """You have read the terms of use that the data set names, and accept them."""
    only: Annotated[tuple[str, ...], arg(metavar="PATTERN")] = ()
    """Only files whose names fit one of these patterns, such as '*.npy'."""
    unpack: bool = True
    """Leave zip archives packed."""
    keep_archives: bool = False
    """Keep archives that have been unpacked."""
    offline: bool = False
    """Ask no server: unpack an archive that you have put into the folder by hand."""
    endpoint: Annotated[str, arg(metavar="URL")] = ""
    """Another server that holds the same files under the same paths, such as a mirror."""

    def run(self, console: Console, patience: Patience | None = None) -> int:
        """List, or fetch."""
        if self.all_sets or not self.name:
            console.print(sets_table())
            console.print("transflower-data download NAME -o FOLDER", markup=False, highlight=False)
            return 0
        remote_set = find_set(self.name)
        folder = self._folder()
        endpoint = self._endpoint(remote_set)
        patience = patience or Patience(tell=partial(_print, console))
        _print(console, *_introduction(remote_set, endpoint))
        with console.status("asking the server, and looking at what is here"):
            plan = make_plan(
                remote_set,
                folder,
                endpoint=endpoint,
                only=self.only,
                unpack=self.unpack,
                offline=self.offline,
                patience=patience,
            )
        _print(console, *describe_plan(plan, endpoint, folder))
        if not plan.to_fetch and not plan.to_unpack:
            _print(console, "everything is here already")
            return 0
        if self.dry_run:
            _print(console, f"dry run: {size_text(plan.total_bytes - plan.here_bytes)} would be fetched")
            return 0
        plan.check_room(folder)
        if plan.to_fetch and not self._agreed(remote_set, console):
            _print(console, "nothing was fetched")
            return 0
        self._fetch(plan, folder, console, patience)
        self._unpack(plan, remote_set, folder, console)
        _print(console, f"{remote_set.name}: {file_count(len(plan.steps))}, in {folder}")
        if remote_set.advice:
            _print(console, remote_set.advice)
        return 0

    def _folder(self) -> Path:
        if self.out is None:
            raise ValueError(f"say where to: transflower-data download {self.name} -o FOLDER")
        if self.out.exists() and not self.out.is_dir():
            raise ValueError(f"{self.out} is a file, not a folder")
        return self.out

    def _endpoint(self, remote_set: RemoteSet) -> str:
        endpoint = (self.endpoint or remote_set.endpoint).rstrip("/")
        parts = urlsplit(endpoint)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"--endpoint {self.endpoint} is no address such as https://storage.example.org")
        return endpoint

    def _agreed(self, remote_set: RemoteSet, console: Console) -> bool:
        if remote_set.terms_url and not self.accept_terms:
            raise ValueError(f"read {remote_set.terms_url} first; if you accept these terms, add --accept-terms")
        if self.yes:
            return True
        if not sys.stdin.isatty():
            raise ValueError("nothing was fetched, as nobody sits at a terminal to ask: add --yes")
        return console.input("Fetch it? [y/N] ", markup=False).strip().casefold() in ("y", "yes")

    def _fetch(self, plan: DownloadPlan, folder: Path, console: Console, patience: Patience) -> None:
        """Fetch all that is missing, with one bar for all of it."""
        forget_other_versions([step.file for step in plan.steps], folder)
        with _bar(console) as progress:
            bar = progress.add_task("", total=plan.total_bytes, completed=plan.here_bytes)
            done_bytes = plan.here_bytes
            try:
                for step in plan.to_fetch:
                    progress.update(bar, description=f"{step.file.path.name:.40}")
                    before_bytes = done_bytes - step.here_bytes

                    def advance(here_bytes: int, before_bytes: int = before_bytes) -> None:
                        progress.update(bar, completed=before_bytes + here_bytes)

                    fetch(step.file, folder, patience, advance)
                    done_bytes = before_bytes + step.file.size_bytes
            except KeyboardInterrupt:
                raise KeyboardInterrupt(
                    f"interrupted; what came is kept in {folder}: run the same command again, it goes on from there"
                ) from None

    def _unpack(self, plan: DownloadPlan, remote_set: RemoteSet, folder: Path, console: Console) -> None:
        """Unpack the archives one after the other."""
        for step in plan.to_unpack:
            assert step.unpack_to is not None
            archive = folder / step.file.path
            with _bar(console) as progress:
                bar = progress.add_task(f"unpacking {archive.name}", total=None)

                def advance(done_bytes: int, total_bytes: int, bar: object = bar) -> None:
                    progress.update(bar, completed=done_bytes, total=total_bytes)  # type: ignore[arg-type]

                try:
                    num_files = unpack_zip(archive, step.unpack_to, source_of(step, remote_set), advance)
                except KeyboardInterrupt:
                    raise KeyboardInterrupt(
                        f"interrupted; {archive} is kept, and nothing is half unpacked: run the same command again"
                    ) from None
            if not self.keep_archives:
                archive.unlink()
            _print(console, f"{step.unpack_to}: {file_count(num_files)} from {archive.name}")


def sets_table() -> Table:
    """All data sets, for people."""
    table = Table(title="data sets to download")
    for column in ("name", "what for", "size", "licence"):
        table.add_column(column, no_wrap=column in ("name", "size"))
    for remote_set in SETS:
        table.add_row(remote_set.name, remote_set.purpose, remote_set.size, remote_set.licence)
    return table


def _introduction(remote_set: RemoteSet, endpoint: str) -> list[str]:
    lines = [
        f"{remote_set.name}: {remote_set.purpose}",
        f"from {endpoint}, size {remote_set.size}",
        f"licence: {remote_set.licence}",
    ]
    if remote_set.attribution:
        lines.append(f"name in your work: {remote_set.attribution}")
    if remote_set.terms_url:
        lines.append(f"terms of use: {remote_set.terms_url}")
    return lines


def _bar(console: Console) -> Progress:
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    return Progress(*columns, TimeRemainingColumn(), console=console)


def _print(console: Console, *lines: str) -> None:
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
