"""Programs from a warm process are as those that `subprocess` starts."""

import functools
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests import warm_start
from tests.waiting import GENEROUS_S, wait_until

pytestmark = [
    pytest.mark.realtime,
    pytest.mark.skipif(sys.platform != "linux", reason="elsewhere programs are started truly"),
]
ROOT = Path(__file__).resolve().parents[1]
PROGRAM = """
import atexit, json, os, signal, sys, time

def main():
    atexit.register(print, "and left", flush=True)
    facts = {
        "argv": sys.argv[1:], "path": sys.path[0], "folder": os.getcwd(), "name": __name__,
        "session": os.getsid(0), "number": os.getpid(), "parent": os.getppid(),
        "variable": os.environ.get("OF_THE_TEST"), "home": "HOME" in os.environ, "heard": sys.stdin.readline(),
        "interrupts": signal.getsignal(signal.SIGINT) is signal.default_int_handler,
        "mask": [int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])],
        "files": sorted(map(int, os.listdir("/proc/self/fd")))[:4],
    }
    print(json.dumps(facts))
    print("a word beside", file=sys.stderr)
    if "wait" in sys.argv:
        sys.stdout.flush()
        time.sleep(1e6)
    sys.exit(int(sys.argv[1]))

if __name__ == "__main__":
    main()
"""


@pytest.fixture(scope="module", autouse=True)
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder with a program in a package; this process has another server meanwhile, which knows it."""
    folder = tmp_path_factory.mktemp("program")
    (folder / "of_a_test").mkdir()
    (folder / "of_a_test" / "__init__.py").touch()
    (folder / "of_a_test" / "tells.py").write_text(PROGRAM)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", os.pathsep.join([str(folder), str(ROOT)]))
        patch.setattr(warm_start, "WARM", {**warm_start.WARM, "of_a_test.tells": ()})
        patch.setattr(warm_start, "_server", functools.cache(warm_start._Server))
        yield folder
        warm_start.end_server()


@pytest.fixture(params=[subprocess.Popen, warm_start.Popen], ids=["as ever", "warm"])
def start(request: pytest.FixtureRequest) -> type[subprocess.Popen]:
    """How it is started: both do the same."""
    return request.param


def test_a_program_finds_its_folder_files_environment_session_and_signals(
    start: type[subprocess.Popen], program: Path, tmp_path: Path
):
    with start(
        [sys.executable, "-m", "of_a_test.tells", "3", "a word"], cwd=tmp_path, text=True, start_new_session=True,
        env={"PYTHONPATH": os.environ["PYTHONPATH"], "OF_THE_TEST": "given", "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        out, err = process.communicate("heard\n", timeout=4 * GENEROUS_S)
    line, last = out.splitlines()
    ours = [
        int(number) for number in signal.pthread_sigmask(signal.SIG_BLOCK, [])
    ]  # a test before may have blocked some
    assert json.loads(line) == {
        "argv": ["3", "a word"], "path": str(tmp_path), "folder": str(tmp_path), "name": "__main__",
        "session": process.pid, "number": process.pid, "parent": os.getpid(), "variable": "given", "home": False,
        "interrupts": True, "heard": "heard\n", "mask": ours, "files": [0, 1, 2, 3],
    }  # fmt: skip
    assert (last, err, process.returncode) == ("and left", "a word beside\n", 3)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_signals_reach_it_and_what_it_dies_of_is_known(
    start: type[subprocess.Popen], number: signal.Signals, tmp_path: Path
):
    output = tmp_path / "output"
    with output.open("w") as file:
        process = start([sys.executable, "-m", "of_a_test.tells", "wait"], stdin=-3, stdout=file, stderr=file)
    wait_until(lambda: "argv" in output.read_text(), "the program", 4 * GENEROUS_S)
    assert process.poll() is None
    assert ("tests.warm_start" in psutil.Process(process.pid).cmdline()) == (start is warm_start.Popen)
    process.send_signal(number)
    assert process.wait(GENEROUS_S) == -number
    assert ("KeyboardInterrupt" in output.read_text()) == (number == signal.SIGINT)
    assert ("and left" in output.read_text()) == (number == signal.SIGINT)


def test_the_server_ends_with_who_asked(tmp_path: Path):
    """Also where that one is killed."""
    code = """
import subprocess, sys, psutil
from tests import warm_start
warm_start.WARM = {"of_a_test.tells": ()}
warm_start.Popen([sys.executable, "-m", "of_a_test.tells", "0"], stdin=subprocess.DEVNULL).wait()
print(psutil.Process().children()[0].pid, flush=True)
sys.stdin.read()
"""
    with subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdin=-1, stdout=-1, text=True) as process:
        assert process.stdout is not None
        server = psutil.Process(int([next(process.stdout) for _ in range(3)][-1]))
        assert "tests.warm_start" in server.cmdline()
        process.kill()

    def has_ended() -> bool:  # whoever it belongs to now may not have looked yet
        try:
            return server.status() == psutil.STATUS_ZOMBIE
        except psutil.NoSuchProcess:
            return True

    wait_until(has_ended, "the server to end", 4 * GENEROUS_S)
