"""Two lanes for pytest-xdist (`pytest -n auto`): tests that follow the clock mostly wait, so they run beside tests that
compute.

The tests of a file go to one worker, where they share its fixtures. `@pytest.mark.xdist_group("name")` joins tests of
several files, or cuts a long file into parts. A group with a test that is marked `realtime` goes into the lane of the
clock. Every other worker takes from that lane first, and each helps out when its own is empty: on two cores, the lanes
take two workers each about as long.
Within a lane the longest group goes first: by what the last run measured, or where there was none, by `LONGEST`.
"""

import json
import os
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler import LoadScopeScheduling

CLOCK, COMPUTE = "clock", "compute"
_DURATIONS = "transflower/durations_s"
LONGEST = (
    "pages",
    "tests/bridge/test_onnx_on_stage.py",
    "trained",
    "tests/end_to_end/test_fault_injection.py in real time",
    "tests/data/test_music_detector.py",
    "tests/end_to_end/test_live.py in real time",
    "pages, drawn",
    "tests/blender_addon/test_in_blender.py",
    "tests/end_to_end/test_long_show.py in real time",
    "tests/training/test_fit.py",
    "tests/bridge/test_bench.py in real time",
    "tests/models/test_fast_step.py",
    "tests/models/test_planning_transflower.py",
    "tests/blender_addon/test_in_blender.py in real time",
    "tests/models/test_onnx_export.py",
    "tests/docs/test_shown_commands.py",
    "tests/models/test_family.py",
    "tests/training/beats/test_beats_command.py",
    "tests/training/test_processes.py in real time",
    "tests/data/test_film.py",
    "tests/bridge/test_click_latency.py in real time",
    "tests/bridge/test_terminal.py in real time",
    "tests/bridge/test_family_on_stage.py",
    "tests/training/test_nothing_learned.py",
    "tests/bridge/test_capture_healing.py in real time",
    "tests/examples/test_examples.py in real time",
    "tests/data/test_music.py",
    "tests/data/test_audio_features.py",
    "tests/stage/test_stage_page.py",
    "tests/data/test_prepare.py",
    "tests/training/test_measures.py",
    "C# core",
)
"""Groups that took more than fifteen seconds on two cores, the longest first: a hint for a first run, such as CI's."""


_MOST_OF_CLOCK = 4
"""So many workers end the lane of the clock in the time of its longest group, the pages."""


def num_workers(config: pytest.Config) -> int:
    """One a core that computes, and as many that mostly wait, unless what follows the clock is left out."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores if "not realtime" in config.getoption("markexpr") else cores + min(cores, _MOST_OF_CLOCK)


def _lane(worker: int) -> str:
    """The lane from which a worker takes first, by its number."""
    return CLOCK if worker % 2 == 1 and worker < 2 * _MOST_OF_CLOCK else COMPUTE


def group_tests(items: list[pytest.Item]) -> None:
    """In a worker: writes which group each test belongs to, and sorts the tests so that long groups come first.

    The process that gives out the tests knows nothing but their ids. xdist's own way, which appends the group to the
    id, does nothing from pytest 9.2 on (with xdist 3.8), where ids are objects; so a file tells it.
    """
    groups: dict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        explicit = item.get_closest_marker("xdist_group")
        file = item.nodeid.partition("::")[0] + (" in real time" if item.get_closest_marker("realtime") else "")
        groups[file if explicit is None else str(explicit.args[0])].append(item)

    lanes = {
        name: CLOCK if any(item.get_closest_marker("realtime") for item in members) else COMPUTE
        for name, members in groups.items()
    }
    lane_of = {item.nodeid: f"{lanes[name]}: {name}" for name, members in groups.items() for item in members}
    part = _groups_file().with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps(lane_of))
    part.replace(_groups_file())  # all workers write the same
    place = {name: index for index, name in enumerate(LONGEST)}
    items[:] = [item for name in sorted(groups, key=lambda name: place.get(name, len(place))) for item in groups[name]]


def _groups_file() -> Path:
    """In the temporary folder of this run, which workers inherit (leftovers.py)."""
    return Path(tempfile.gettempdir()) / "groups_of_tests.json"


class TwoLanes(LoadScopeScheduling):
    """Gives each worker the longest group of its own lane, or of the other when there is none left."""

    def __init__(self, config: pytest.Config, log: Any) -> None:
        super().__init__(config, log)
        config.option.loadscopereorder = False  # by the number of tests, which says little of their time
        self._seconds = config.cache.get(_DURATIONS, {})
        self._groups: dict[str, str] = {}

    def schedule(self) -> None:
        """Called when all workers have reported their tests."""
        if _groups_file().is_file():  # not where no worker found a test, as when a file is named that is not there
            self._groups = json.loads(_groups_file().read_text())
        super().schedule()

    def _split_scope(self, nodeid: str) -> str:
        return self._groups[nodeid]

    def _assign_work_unit(self, node: Any) -> None:
        lane = _lane(int(node.gateway.id.removeprefix("gw")))
        own = [name for name in self.workqueue if name.startswith(lane)] or list(self.workqueue)
        longest = max(own, key=lambda name: self._seconds.get(name, 0.0))  # of equals the first
        self.workqueue.move_to_end(longest, last=False)
        super()._assign_work_unit(node)


class Durations:
    """In the process that gives out the tests: remembers in pytest's cache how long each group took."""

    def __init__(self, config: pytest.Config) -> None:
        self._cache = config.cache
        self._seconds: dict[str, float] = defaultdict(float)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Adds a phase of a test."""
        self._seconds[report.nodeid] += report.duration

    def pytest_sessionfinish(self) -> None:
        """Joins them to those of groups that did not run this time."""
        if not _groups_file().is_file():
            return
        groups: dict[str, str] = json.loads(_groups_file().read_text())
        took: dict[str, float] = defaultdict(float)
        for test, seconds in self._seconds.items():
            if test in groups:
                took[groups[test]] += seconds
        self._cache.set(_DURATIONS, {**self._cache.get(_DURATIONS, {}), **took})
