"""Marks of the tests of data, and no process that outlives them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from joblib.externals.loky import reusable_executor


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses by marks, and before the lanes are drawn
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whoever talks to a server over a real socket is in the server's time."""
    for item in items:
        if item.path.parent == Path(__file__).parent and "server" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.realtime)


@pytest.fixture(autouse=True, scope="module")
def no_idle_processes() -> Iterator[None]:
    """Joblib keeps its processes for the next work, and ends them when a command ends. Here a test is the command."""
    yield
    if reusable_executor._executor is not None:
        reusable_executor._executor.shutdown(wait=True)
