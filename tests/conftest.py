"""What holds for all tests: one thread a process, lanes for several processes, what is left out and left behind."""

import contextlib
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

# Before NumPy or PyTorch is loaded, and for every process that a test starts: the networks of tests are so small that
# threads which wait for each other cost more than all the rest (17.4 s became 1.1 s, measured on two cores).
for _variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_variable, "1")
# Each process of a pool imports for seconds what it needs; a command takes one a core, unless a test asks for more.
os.environ.setdefault("LOKY_MAX_CPU_COUNT", "1")
# Images for containers set this, so that Python forgets what it compiled. Here every worker would compile and rewrite
# three hundred files of tests anew (7 s of a processor), and each of a hundred other processes our sources (0.4 s).
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

import hypothesis
import pytest

from models.fast_step import machine_code
from tests.lanes import Durations, TwoLanes, group_tests, num_workers
from tests.left_out import LeftOut
from tests.leftovers import Leftovers
from tests.warm_start import children_too
from tests.warm_workers import WarmWorkers

# How long an example takes says how busy the machine is. Where CI is set, Hypothesis itself chooses the same examples
# each time, by which a change is judged.
hypothesis.settings.register_profile(
    "patient", hypothesis.settings(), deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("patient")

LONG_FORM = "a long form of another test; all of them: make test-long"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Adds `--long`."""
    parser.addoption("--long", action="store_true", help="run the tests that are marked `long` too (make test-long)")


def pytest_configure(config: pytest.Config) -> None:
    """Registers what watches over a run, in the process that gives out the tests."""
    # A shell lets what it starts in the background ignore Ctrl-C, and so would the programs that tests end by it.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if not _is_worker(config):
        config.pluginmanager.register(Leftovers())
        config.pluginmanager.register(LeftOut())
        with contextlib.suppress(machine_code.UnavailableError):
            compile_for_this_processor()  # once for all processes, and for tests in which nobody is informed of it
        if config.getvalue("numprocesses"):
            config.pluginmanager.register(Durations(config))
            config.pluginmanager.register(WarmWorkers())


def compile_for_this_processor() -> None:
    """Compiles the fast step as on a machine for which the package brings no machine code."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(machine_code.prebuilt, "find", lambda form=None: None)
        machine_code.target.cache_clear()
        try:
            machine_code.prepare()
        finally:
            machine_code.target.cache_clear()


@pytest.fixture
def nothing_prebuilt(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A machine for which the package brings no machine code of the fast step."""
    monkeypatch.setattr(machine_code.prebuilt, "find", lambda form=None: None)
    machine_code.target.cache_clear()
    yield
    machine_code.target.cache_clear()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Passes over long forms unless they are asked for; groups the tests where they are shared by several processes."""
    if not config.getoption("--long"):
        for item in items:
            if item.get_closest_marker("long"):
                item.add_marker(pytest.mark.skip(reason=LONG_FORM))
    if _is_worker(config):
        group_tests(items)


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Spares the collector of garbage what stays to the end: it would look through all tests and modules again and
    again, for half a second a time.
    """
    if _is_worker(session.config):
        gc.collect()
        gc.freeze()


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """What `-n auto` means here."""
    return num_workers(config)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> TwoLanes:
    """How `-n` shares the tests."""
    return TwoLanes(config, log)


def _is_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


@pytest.fixture(scope="module")
def warm_children() -> Iterator[None]:
    """Programs that our own code starts begin in a warm process (warm_start.py), for the tests of a file."""
    with children_too():
        yield


@pytest.fixture(
    scope="session", params=[pytest.param(8, id="an eighth"), pytest.param(1, id="all", marks=pytest.mark.long)]
)
def some_of(request: pytest.FixtureRequest) -> Callable[[Iterable[Path]], list[Path]]:
    """A function that takes every eighth of some files, in the order of their names; in the long form all."""
    every: int = request.param
    return lambda files: sorted(files)[::every]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings beside the repository; tests that need it are skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real recordings (../shared/data beside the repository) are not here")
    return folder
