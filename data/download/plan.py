"""What a download would do: which files a data set has on its server, and which of them are here already."""

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from data.download.archives import read_source
from data.download.bucket import describe, list_bucket
from data.download.disk import check_room, size_text
from data.download.fetch import bytes_waiting, is_complete
from data.download.remote_file import RemoteFile
from data.download.remote_sets import RemoteSet
from data.download.web import Patience, UnreachableError


@dataclass(frozen=True, kw_only=True)
class DownloadStep:
    """What is left to do for one file.

    Attributes:
        file: the file on its server.
        fetch: it is not here, or not good.
        waiting_bytes: what an earlier attempt left of it.
        unpack_to: the folder to unpack it to; nothing if it stays as it is.
    """

    file: RemoteFile
    fetch: bool
    waiting_bytes: int
    unpack_to: Path | None

    @property
    def here_bytes(self) -> int:
        """How much of the file needs no fetching."""
        return self.waiting_bytes if self.fetch else self.file.size_bytes


@dataclass(frozen=True, kw_only=True)
class DownloadPlan:
    """All files of a data set, in a folder.

    Attributes:
        steps: one a file, also for those that are done.
    """

    steps: tuple[DownloadStep, ...]

    @property
    def total_bytes(self) -> int:
        """The size of all files."""
        return sum(step.file.size_bytes for step in self.steps)

    @property
    def here_bytes(self) -> int:
        """How much of it is here."""
        return sum(step.here_bytes for step in self.steps)

    @property
    def to_fetch(self) -> list[DownloadStep]:
        """Files that are missing or not good."""
        return [step for step in self.steps if step.fetch]

    @property
    def to_unpack(self) -> list[DownloadStep]:
        """Archives that are still packed."""
        return [step for step in self.steps if step.unpack_to]

    def check_room(self, folder: Path) -> None:
        """Refuse what the disk has no room for; archives are known to unpack to at least their own size.

        Raises:
            ValueError: there is less room, with both numbers.
        """
        unpacked_bytes = sum(step.file.size_bytes for step in self.to_unpack)
        purpose = "the download, unpacked, at least" if unpacked_bytes else "the download"
        check_room(folder, self.total_bytes - self.here_bytes + unpacked_bytes, purpose)


def make_plan(
    remote_set: RemoteSet,
    folder: Path,
    *,
    endpoint: str,
    only: Sequence[str],
    unpack: bool,
    offline: bool,
    patience: Patience,
) -> DownloadPlan:
    """Ask the server what there is, and look at what is here. Nothing is written.

    Args:
        remote_set: the data set.
        folder: where it goes.
        endpoint: the server.
        only: patterns of names, of which one must fit; with none, all files are wanted.
        unpack: whether archives are to be unpacked.
        offline: ask no server; archives that lie in the folder are taken as they are.
        patience: with the server.

    Raises:
        UnreachableError: the server cannot be reached, with what can be done about it.
        ValueError: no file is wanted, or something else lies where an archive is to be unpacked.
        OSError: the server says no.
    """
    try:
        files = _by_hand(remote_set, folder, endpoint) if offline else _ask(remote_set, endpoint, patience)
    except UnreachableError as error:
        raise UnreachableError(f"{error}; nothing was lost. {_advice(remote_set, folder, endpoint)}") from None
    wanted = [file for file in files if not only or any(fnmatchcase(str(file.path), pattern) for pattern in only)]
    if not wanted:
        raise ValueError(f"none of {file_count(len(files))} of {remote_set.name} is named like {' or '.join(only)}")
    archives = bool(remote_set.files) and unpack
    return DownloadPlan(steps=tuple(_step(file, folder, archives, offline) for file in wanted))


def source_of(step: DownloadStep, remote_set: RemoteSet) -> dict[str, Any]:
    """What a folder remembers of the archive that it was unpacked from."""
    return {
        "data_set": remote_set.name,
        "url": step.file.url,
        "fingerprint": step.file.fingerprint,
        "licence": remote_set.licence,
        "attribution": remote_set.attribution,
    }


def _step(file: RemoteFile, folder: Path, archives: bool, offline: bool) -> DownloadStep:
    unpack_to = folder / file.path.with_suffix("") if archives and file.path.suffix.lower() == ".zip" else None
    if unpack_to and unpack_to.exists():
        source = read_source(unpack_to)
        if source is None or not (offline or source.get("fingerprint") == file.fingerprint):
            raise ValueError(
                f"{unpack_to} exists and was not made from the {file.path} that the server has now: move it away, or "
                "choose another -o"
            )
        return DownloadStep(file=file, fetch=False, waiting_bytes=0, unpack_to=None)
    return DownloadStep(
        file=file,
        fetch=not is_complete(file, folder),
        waiting_bytes=bytes_waiting(file, folder),
        unpack_to=unpack_to,
    )


def _ask(remote_set: RemoteSet, endpoint: str, patience: Patience) -> list[RemoteFile]:
    if remote_set.files:
        return [describe(f"{endpoint}/{name}", patience) for name in remote_set.files]
    return [
        file for prefix in remote_set.prefixes for file in list_bucket(endpoint, remote_set.bucket, prefix, patience)
    ]


def _by_hand(remote_set: RemoteSet, folder: Path, endpoint: str) -> list[RemoteFile]:
    """The archives of a data set that somebody put into the folder."""
    if not remote_set.files:
        raise ValueError(f"--offline unpacks archives, and {remote_set.name} has none")
    found = []
    for name in remote_set.files:
        path = PurePosixPath(PurePosixPath(name).name)
        archive, unpacked = folder / path, folder / path.with_suffix("")
        if not archive.is_file() and not unpacked.exists():
            raise ValueError(f"--offline wants {endpoint}/{name} at {archive}, and there is no such file")
        size_bytes = archive.stat().st_size if archive.is_file() else 0
        found.append(RemoteFile(url=f"{endpoint}/{name}", path=path, size_bytes=size_bytes))
    return found


def _advice(remote_set: RemoteSet, folder: Path, endpoint: str) -> str:
    again = "Run the same command again when the network is there (HTTPS_PROXY names a proxy). "
    if remote_set.files:
        places = " and ".join(f"{endpoint}/{name} to {folder / PurePosixPath(name).name}" for name in remote_set.files)
        return f"{again}Or bring {places} by hand, and add --offline to unpack it."
    copies = " and ".join(
        f"gsutil -m cp -r gs://{remote_set.bucket}/{prefix.rstrip('/')} {folder / PurePosixPath(prefix).parent}"
        for prefix in remote_set.prefixes
    )
    return f"{again}Or on another computer: {copies}"


def describe_plan(plan: DownloadPlan, endpoint: str, folder: Path, most_lines: int = 10) -> list[str]:
    """A plan as lines for people."""
    num = len(plan.steps)
    lines = [f"{file_count(num)}, {size_text(plan.total_bytes)}, from {endpoint} to {folder}"]
    lines += [
        f"  {step.file.path}  {size_text(step.file.size_bytes)}, {_state(step)}" for step in plan.steps[:most_lines]
    ]
    if num > most_lines:
        lines.append(f"  and {num - most_lines} more")
    return lines


def file_count(num_files: int) -> str:
    """So many files, in words."""
    return "1 file" if num_files == 1 else f"{num_files} files"


def _state(step: DownloadStep) -> str:
    if step.fetch:
        begun = f", {size_text(step.waiting_bytes)} of it are here" if step.waiting_bytes else ""
        return f"checked by {step.file.proof}{begun}"
    return "is here, to be unpacked" if step.unpack_to else "is here"
