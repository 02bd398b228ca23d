"""Programs of ours that begin in a process which has imported PyTorch already.

A `python -m bridge.cli` spends three seconds of a processor on imports, a `training.cli` with Lightning nine, and the
tests start a hundred of them. `Popen` here is `subprocess.Popen`; but what it is to start as `python -m MODULE`, where
the module is one of `WARM`, is forked from a server of this process, which has imported what such a program imports and
has done no more. All else is as ever: it is a child of this process with its own number, session, folder, environment
and files, hears signals and leaves its status. Only `ps` shows it by the command line of the server.

Where a start is itself what is tested, use `subprocess.Popen`. That is also what happens here on other systems than
Linux, with an option or a variable for Python that the server does not have, and should Python's own `Popen` have
changed inside.

The server serves one process: it starts at the first need and ends with that process, however that ends.
"""

import atexit
import ctypes
import functools
import gc
import importlib.machinery
import inspect
import os
import pickle
import runpy
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

ROOT = Path(__file__).resolve().parents[1]
_DANCING = ("torch", "scipy.signal", "models.files.checkpoint", "models.streaming.planning_transflower")
WARM: Mapping[str, tuple[str, ...]] = {
    "bridge.cli": (
        *_DANCING,
        *(f"bridge.commands.{name}" for name in ("checks", "generate", "perform", "plot", "render", "takes")),
        *("bridge.performance", "data.music", "data.picture.film"),
    ),
    "bridge.batch.worker": _DANCING,
    "bridge.stage.audience": (),
    "bridge.stage.child": (),
    "data.cli": (
        "scipy.signal",
        "data.commands.prepare",
        "data.commands.music",
        "data.commands.picture",
        "data.download.command",
        "data.inspection.command",
        "data.dataset.prepare",
    ),
    "tests.audience": _DANCING,
    "tests.bridge.full_disk": _DANCING,
    "tests.end_to_end.faulty_performer": _DANCING,
    "training.cli": ("training.fitting.lightning", "training.evaluation.evaluate"),
}
"""Modules that are run as programs, and what they import only when they need it."""
WORKER = "tests.worker"
_COLLECTED = (
    *("aiohttp", "cryptography.x509", "joblib", "matplotlib.figure", "matplotlib.pyplot", "mido", "networkx"),
    *("onnx.checker", "onnx.reference", "onnxscript", "onnxscript.function_libs.torch_lib.ops", "scipy.stats"),
    *("torch.export._trace", "torch.onnx._internal.exporter._compat", "zeroconf"),
)
"""What tests and an export to ONNX import beside that."""
_OF_PYTEST = {"platformdirs", "typeguard"}
"""Packages with a plugin for pytest: a worker would complain that their assertions cannot be rewritten any more."""
_PYTHON = sys.executable
_HANDLED = {"PYTHONDONTWRITEBYTECODE", "PYTHONPATH", "PYTHONUNBUFFERED"}
_ORDINARY = {
    "args", "executable", "preexec_fn", "close_fds", "cwd", "env", "restore_signals", "start_new_session",
    "p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite",
}  # fmt: skip
"""What `subprocess.Popen` tells itself that can be done here too; all the rest has to be as it is left out."""
_PIPES = ("p2cread", "p2cwrite", "c2pread", "c2pwrite", "errread", "errwrite")
_LEFT_OUT = (None, False, -1, 0, ())
_PR_SET_CHILD_SUBREAPER, _PR_GET_CHILD_SUBREAPER = 36, 37


class Popen(subprocess.Popen):
    """`subprocess.Popen`, from the warm server where that can be."""

    def _execute_child(self, *arguments: Any) -> None:
        bound = inspect.signature(super()._execute_child).bind(*arguments).arguments
        if not _can_be_forked(bound):
            super()._execute_child(*arguments)
            return
        ours = bound["p2cread"], bound["c2pwrite"], bound["errwrite"]
        is_safe, (module, *words) = _words(bound["args"])
        request = {
            "module": module,
            "imports": _imports(module),
            "arguments": words,
            "is_safe": is_safe,
            "held_back": signal.pthread_sigmask(signal.SIG_BLOCK, []),
            "folder": os.fspath(bound["cwd"] or Path.cwd()),
            "environment": dict(os.environ if bound["env"] is None else bound["env"]),
            "new_session": bound["start_new_session"],
            "prepare": bound["preexec_fn"],
        }
        with _adopting():
            self.pid = _server().fork(request, [own if pipe < 0 else pipe for own, pipe in enumerate(ours)])
        self._child_created = True
        self._close_pipe_fds(*(bound[pipe] for pipe in _PIPES))


@contextmanager
def children_too() -> Iterator[None]:
    """A block in which programs that `bridge.system.child_process` starts in this process begin likewise."""
    if sys.platform == "linux":
        _server()  # now, so that who looks for a new child of this process finds none but its own
    changed = types.SimpleNamespace(**{**vars(subprocess), "Popen": Popen})
    with mock.patch("bridge.system.child_process.subprocess", changed):
        yield


def _imports(module: str) -> tuple[str, ...]:
    if module != WORKER:
        return WARM[module]
    return ("tests.warm_start", *_COLLECTED, *(name for program, names in WARM.items() for name in (program, *names)))


def _words(command: Sequence[str | os.PathLike[str]]) -> tuple[bool, list[str]]:
    """Of `python -m MODULE WORDS`: whether it has the option -P; the module and the words, or nothing."""
    words = [os.fspath(word) for word in command]
    is_safe = words[1:2] == ["-P"]
    return is_safe, words[2 + is_safe :] if words[: 2 + is_safe] == [_PYTHON, *["-P"] * is_safe, "-m"] else []


def _can_be_forked(arguments: Mapping[str, Any]) -> bool:
    command, environment = arguments.get("args"), os.environ if arguments.get("env") is None else arguments["env"]
    return (
        sys.platform == "linux"
        and isinstance(command, list | tuple)
        and bool({*WARM, WORKER} & {*_words(command)[1][:1]})
        and arguments.keys() >= _ORDINARY
        and arguments["executable"] in (None, _PYTHON)
        and hasattr(subprocess.Popen, "_close_pipe_fds")
        and all(value in _LEFT_OUT for name, value in arguments.items() if name not in _ORDINARY)
        and _for_python(environment) == _for_python(os.environ)
    )


def _for_python(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if name.startswith("PYTHON") and name not in _HANDLED}


@contextmanager
def _adopting() -> Iterator[None]:
    """A block in which this process becomes the parent of those whose own parent ends."""
    prctl, before = ctypes.CDLL(None).prctl, ctypes.c_int()
    prctl(_PR_GET_CHILD_SUBREAPER, ctypes.byref(before), 0, 0, 0)
    prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    try:
        yield
    finally:
        prctl(_PR_SET_CHILD_SUBREAPER, before.value, 0, 0, 0)


class _Server:
    """The server of this process, on our side.

    Args:
        given: Its number and a socket to it, where it is there already.
    """

    def __init__(self, given: tuple[int, socket.socket] | None = None) -> None:
        if given is not None:
            number, self._requests = given
            self._wait: Callable[[], object] = lambda: os.waitpid(number, 0)
            return
        self._requests, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        with its:
            self._wait = subprocess.Popen(
                [_PYTHON, "-m", "tests.warm_start", str(its.fileno())],
                cwd=ROOT, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, pass_fds=[its.fileno()],
                env={**dict.fromkeys(_THREADS, "1"), **os.environ},
            ).wait  # fmt: skip

    def fork(self, request: Mapping[str, Any], files: list[int]) -> int:
        """The number of the process that was asked for."""
        packed = pickle.dumps(request)
        socket.send_fds(self._requests, [len(packed).to_bytes(8, "big")], files)
        self._requests.sendall(packed)
        number = self._requests.recv(8, socket.MSG_WAITALL)
        assert number, f"the warm server has ended, with status {self._wait()}"
        return int.from_bytes(number, "big")

    def end(self) -> None:
        self._requests.close()
        self._wait()


_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""Arithmetic of one thread: a process that has begun others cannot be forked."""

_given: tuple[int, socket.socket] | None = None
"""In a worker that was forked: the server that was forked from it."""


@functools.cache
def _server() -> _Server:
    global _given
    given, _given = _given, None
    return _Server(given)


def end_server() -> None:
    """Ends the server of this process, if there is one; the next program would start another."""
    if _server.cache_info().currsize:
        _server().end()
        _server.cache_clear()


def _serve(requests: socket.socket) -> str:
    """In a server: forks a program for each request. Returns in the programs alone; what each is to run."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches a whole group of processes
    while True:
        size, files, _, _ = socket.recv_fds(requests, 8, 3)
        if not size:
            os._exit(0)
        request = pickle.loads(requests.recv(int.from_bytes(size, "big"), socket.MSG_WAITALL))
        _import((*request["imports"], request["module"]))
        # A process whose parent has ended goes to the one who asked; which is notified no sooner.
        read_end, tell = os.pipe()
        between = os.fork()
        if not between:
            parent, program = os.getpid(), os.fork()
            if not program:
                while os.getppid() == parent:
                    time.sleep(0.001)
                requests.detach()  # its number is free from here on, and may be given to another
                _become(request, files)
                if request["module"] != WORKER or (its := _give_server()) is None:
                    return str(request["module"])
                requests = its
                continue
            os.write(tell, program.to_bytes(8, "big"))
            os._exit(0)
        os.waitpid(between, 0)
        requests.sendall(os.read(read_end, 8))
        os.close(read_end)
        os.close(tell)
        for file in files:
            os.close(file)


def _give_server() -> socket.socket | None:
    """In a worker: forks a server for it, which has imported as much. In that one: the socket of its requests."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
    number = os.fork()
    if number:
        its.close()
        sys.modules["tests.warm_start"]._given = number, ours
        return None
    ours.close()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return its


@functools.cache
def _import(modules: tuple[str, ...]) -> None:
    # torchmetrics 1 imports it for a measure of speech, and it starts a thread, which would not be in what is forked.
    threaded = types.ModuleType("onnxruntime")
    threaded.__spec__ = importlib.machinery.ModuleSpec("onnxruntime", None)
    threaded.InferenceSession = None
    sys.modules["onnxruntime"] = threaded
    for name in modules:
        importlib.import_module(name)
    del sys.modules["onnxruntime"]
    for name in _OF_PYTEST & sys.modules.keys():
        sys.modules[name].__doc__ = f"{sys.modules[name].__doc__} PYTEST_DONT_REWRITE"
    assert len(list(Path("/proc/self/task").iterdir())) == 1, f"a thread has begun while {modules} were imported"
    gc.collect()
    gc.freeze()


def _become(request: Mapping[str, Any], files: list[int]) -> None:
    """What lies between a fork and the first line of a program."""
    if request["new_session"]:
        os.setsid()
    for own, file in enumerate(files):
        os.dup2(file, own)
    os.closerange(3, os.sysconf("SC_OPEN_MAX"))
    os.chdir(request["folder"])
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["prepare"] is not None:
        request["prepare"]()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.pthread_sigmask(signal.SIG_SETMASK, request["held_back"])
    sys.dont_write_bytecode = bool(os.environ.get("PYTHONDONTWRITEBYTECODE"))
    paths = filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))
    sys.path[:1] = [*([] if request["is_safe"] else [request["folder"]]), *paths]
    sys.argv[1:] = request["arguments"]
    package, _, name = request["module"].rpartition(".")
    del sys.modules[request["module"]]  # it is to be run, not to be found there
    delattr(sys.modules[package], name)
    tempfile.tempdir = None
    for number, stream in enumerate((sys.stdout, sys.stderr), start=1):
        stream.reconfigure(
            line_buffering=number == 2 or os.isatty(number), write_through=bool(os.environ.get("PYTHONUNBUFFERED"))
        )


def _run(module: str) -> None:
    """Runs the program to its end; but what it has in memory is not freed piece by piece, a third of a second's work.

    So end the processes of `multiprocessing` too. Who dies of an error, or cannot write its last words, does it fully.
    """
    status: object = 0
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    except SystemExit as ended:
        status = ended.code or 0
        if not isinstance(status, int):
            raise
    threading._shutdown()
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status & 0xFF)


if __name__ == "__main__":
    _run(_serve(socket.socket(fileno=int(sys.argv[1]))))
