"""Workers of pytest-xdist that begin in a process which has imported already what the tests stand on.

Each worker of a whole run imports PyTorch, Lightning, SciPy and the like when it collects the tests, which is two
thirds of that time, and its warm server (warm_start.py) does so again. Here all of them are forked from the server of
the process that gives out the tests, which has imported it once.
"""

import sys
from typing import Any

import execnet.gateway_io
import pytest

from tests import warm_start


class _WarmIO(execnet.gateway_io.Popen2IOMaster):
    """The pipes to a worker, which is forked where execnet would start a Python of the same kind."""

    def __init__(self, args: list[str], execmodel: Any) -> None:
        if args != [sys.executable, "-u", "-c", execnet.gateway_io.popen_bootstrapline]:
            super().__init__(args, execmodel)
            return
        self.popen = process = warm_start.Popen([sys.executable, "-m", warm_start.WORKER], stdin=-1, stdout=-1)
        execnet.gateway_io.Popen2IO.__init__(self, process.stdin, process.stdout, execmodel=execmodel)


class WarmWorkers:
    """In the process that gives out the tests: lets the workers of a whole run begin so.

    Who names a file or a folder waits less for the imports of that alone.
    """

    def pytest_xdist_setupnodes(self, config: pytest.Config) -> None:
        """Called before execnet starts them."""
        if sys.platform == "linux" and config.args == config.getini("testpaths"):
            execnet.gateway_io.Popen2IOMaster = _WarmIO  # type: ignore[misc]
