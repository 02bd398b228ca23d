"""Work spread over processes, or over a Dask or Ray cluster, with the results in the order of the work."""

import importlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import TypeVar

import joblib

Task = TypeVar("Task")
Result = TypeVar("Result")


def run_parallel(
    function: Callable[[Task], Result], tasks: Sequence[Task], *, jobs: int = 0, cluster: str | None = None
) -> Iterator[Result]:
    """Results of `function` for every task, in order, each as soon as it and those before it are there.

    Args:
        function: a module's function; it must be importable wherever it runs.
        tasks: its arguments, picklable.
        jobs: processes on this machine; 0 takes every core.
        cluster: `tcp://HOST:PORT` of a Dask scheduler or `ray://HOST:PORT` of a Ray head instead of processes here.

    Raises:
        ValueError: the cluster's address or package is not there, with what to do about it.
    """
    with ExitStack() as stack:
        if cluster is not None:
            _connect(cluster, stack)
        parallel = joblib.Parallel(
            n_jobs=-1 if cluster or not jobs else jobs, return_as=_return_as(cluster), batch_size=1
        )
        yield from parallel(joblib.delayed(function)(task) for task in tasks)


def _return_as(cluster: str | None) -> str:
    """Ray's backend for joblib knows lists only: there the progress comes at the end."""
    return "list" if cluster is not None and cluster.startswith("ray://") else "generator"


def _connect(address: str, stack: ExitStack) -> None:
    """Make joblib work on the cluster until the stack is closed."""
    scheme = address.partition("://")[0]
    if scheme in ("tcp", "tls", "ws"):
        distributed = _import("distributed", "dask distributed", address)
        try:
            stack.enter_context(distributed.Client(address, timeout="10s"))
        except OSError as error:
            raise ValueError(
                f"no Dask scheduler answers at {address}: start one with `dask scheduler` ({error})"
            ) from error
        stack.enter_context(joblib.parallel_config(backend="dask"))
    elif scheme == "ray":
        ray = _import("ray", "ray[client]", address)
        stack.enter_context(ray.init(address))
        _import("ray.util.joblib", "ray[client]", address).register_ray()
        stack.enter_context(joblib.parallel_config(backend="ray"))
    else:
        raise ValueError(
            f"--cluster {address!r}: give tcp://HOST:PORT of a Dask scheduler or ray://HOST:PORT of a Ray head"
        )


def _import(module: str, package: str, address: str):  # type: ignore[no-untyped-def]  # a module has no better type
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        raise ValueError(f"--cluster {address} needs another package: pip install {package}") from error
