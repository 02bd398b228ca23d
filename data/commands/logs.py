"""`--log-file FILE` and `-v`, which every command takes: what happens, with the time of day, in a file or shown.

Modules tell by `logging.getLogger("transflower")`; without these options nothing of it is shown or kept.
"""

import importlib.metadata
import logging
import platform
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final, TextIO

LOG_HINTS: Final = (
    "Every command: --help explains it; --log-file FILE keeps a log; -v says more",
    "--version says which this is; --completion bash (or zsh) lets the shell complete",
)

LOG: Final = logging.getLogger("transflower")
_FORMAT: Final = logging.Formatter("%(asctime)s %(levelname)s %(message)s")


class _Screen(logging.StreamHandler[TextIO]):
    """Standard error as it is now: a picture that is drawn in the terminal keeps other lines above itself."""

    def emit(self, record: logging.LogRecord) -> None:
        """Shows a line."""
        self.stream = sys.stderr
        super().emit(record)


def without_log_options(arguments: Sequence[str]) -> list[str]:
    """Begins what `--log-file` and `-v` (`--verbose`) ask for; the arguments without them.

    Raises:
        ValueError: The file's name is missing, or it cannot be written.
    """
    for old in list(LOG.handlers):  # of an earlier line in this process
        LOG.removeHandler(old)
        old.close()
    LOG.setLevel(logging.CRITICAL + 1)
    rest: list[str] = []
    waiting = list(arguments)
    file, is_verbose = "", False
    while waiting:
        argument = waiting.pop(0)
        name, is_joined, value = argument.partition("=")
        if name.replace("_", "-") == "--log-file":
            file = value if is_joined else (waiting.pop(0) if waiting else "")
            if not file:
                raise ValueError("--log-file needs the name of a file")
        elif argument in ("-v", "--verbose"):
            is_verbose = True
        else:
            rest.append(argument)
    if file or is_verbose:
        _begin(Path(file) if file else None, is_verbose)
        LOG.info("%s; Python %s, %s", _version(), platform.python_version(), platform.platform())
        LOG.info("command: %s", " ".join(rest[:1]))  # what follows it may hold a token
    return rest


def tell_of_error() -> None:
    """Tells the log where the exception that is handled now comes from."""
    LOG.error("this went wrong:", exc_info=True)


def _begin(file: Path | None, is_verbose: bool) -> None:
    logging.raiseExceptions = False  # a full disk costs the log, never the dance
    LOG.setLevel(logging.DEBUG if is_verbose else logging.INFO)
    LOG.propagate = False
    handlers: list[logging.Handler] = [] if file is None else [_open(file)]
    handlers += [_Screen()] if is_verbose else []
    for handler in handlers:
        handler.setFormatter(_FORMAT)
        LOG.addHandler(handler)


def _open(file: Path) -> logging.Handler:
    try:
        return logging.FileHandler(file, encoding="utf-8")
    except OSError as error:
        raise ValueError(f"--log-file {file}: {error.strerror or error}") from error


def _version() -> str:
    try:
        return f"transflower-bridge {importlib.metadata.version('transflower-bridge')}"
    except importlib.metadata.PackageNotFoundError:
        return "transflower-bridge, not installed"
