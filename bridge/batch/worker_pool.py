"""The processes that dance for a batch, as the program sees them."""

import pickle
import queue
import subprocess
import tempfile
import threading
from collections import deque
from collections.abc import Generator, Sequence
from contextlib import suppress
from typing import Final

import joblib

from bridge.batch.messages import DanceTask, Failed, Message, Order, Progress, Refused
from bridge.system.child_process import start_child

Event = tuple[DanceTask, Message]

_TICK_S: Final = 0.1
_ONE_THREAD: Final = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)
"""Each process takes one core: several threads in operators this small would wait for each other."""


class WorkerPool:
    """So many processes, each with the dancer loaded, that make the dances of a batch.

    A dance depends on its order and its task alone, so it is the same bit for bit whichever process makes it and
    however many there are. A process that dies takes one dance with it, and another one is started in its place.

    Not loky, which joblib brings: there one death ends the whole pool. Of eight tasks in two processes, one of which
    killed itself at the fourth, the last five failed by `TerminatedWorkerError`, those included that ran elsewhere or
    waited; and why, and what the process said last, is not known. Here seven are danced, and the eighth has a reason.

    Args:
        order: What the dances have in common.
        jobs: Processes; 0 takes one for every core that this program may use.
    """

    def __init__(self, order: Order, jobs: int = 0) -> None:
        self._order = pickle.dumps(order)
        self._jobs = jobs or joblib.cpu_count()
        self._inbox: queue.SimpleQueue[tuple[_Member, Message | None]] = queue.SimpleQueue()
        self._members: list[_Member] = []

    def make(self, tasks: Sequence[DanceTask]) -> Generator[Event | None]:
        """Makes the dances, and gives what happens to each as it happens: progress, then how it ended.

        Gives None when nothing happened for a tenth of a second, so that whoever wants to stop can. Closing the
        iterator ends all processes at once.

        Raises:
            ValueError: The dancer cannot be loaded.
            OSError: No process can be started, or all have died while they loaded the dancer.
        """
        waiting, num_left = deque(tasks), len(tasks)
        try:
            while len(self._members) < min(self._jobs, num_left):
                self._members.append(_Member(self._order, self._inbox))
            while num_left:
                try:
                    member, message = self._inbox.get(timeout=_TICK_S)
                except queue.Empty:
                    yield None
                    continue
                if isinstance(message, Refused):
                    raise ValueError(message.reason)
                task = member.task
                if message is None:
                    message = self._handle_exit(member, num_left - 1)
                elif not isinstance(message, Progress):
                    member.task = None
                    if waiting:  # before the message is passed on, so that no worker waits
                        member.give(waiting.popleft())
                if task is not None:
                    num_left -= not isinstance(message, Progress)
                    yield task, message
        finally:
            self._end()

    def _handle_exit(self, member: "_Member", num_left: int) -> Failed:
        """What the death of a process means for its dance; another one is started if that many dances need it.

        Raises:
            OSError: It died while it loaded the dancer, and no other process is left.
        """
        self._members.remove(member)
        exit_reason = member.exit_reason()
        if member.task is None:
            if not self._members:
                raise ChildProcessError(f"the dancer was not loaded: {exit_reason}")
            return Failed(exit_reason, is_songs_fault=False)
        if len(self._members) < min(self._jobs, num_left):
            self._members.append(_Member(self._order, self._inbox))
        return Failed(f"{member.task.song}: {exit_reason}", is_songs_fault=False)

    def _end(self) -> None:
        """Ends all processes; what they were writing is the caller's to remove."""
        for member in self._members:
            member.kill()
        for member in self._members:
            member.exit_reason()
        self._members.clear()


class _Member:
    """One process, and the thread that reads what it says into the inbox; None there is its end.

    Attributes:
        task: What it is making.
    """

    def __init__(self, order: bytes, inbox: "queue.SimpleQueue[tuple[_Member, Message | None]]") -> None:
        self.task: DanceTask | None = None
        self._stderr = tempfile.TemporaryFile()  # noqa: SIM115  (closed by `exit_reason`)
        try:
            self._process = start_child(
                "bridge.batch.worker", stdout=subprocess.PIPE, stderr=self._stderr, environment=_ONE_THREAD
            )
        except OSError:
            self._stderr.close()
            raise
        self._listener = threading.Thread(target=self._listen, args=(order, inbox), name="dancing process", daemon=True)
        self._listener.start()

    def _listen(self, order: bytes, inbox: "queue.SimpleQueue[tuple[_Member, Message | None]]") -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(EOFError, pickle.UnpicklingError, OSError):  # dead, perhaps in the middle of a word
            self._process.stdin.write(order)  # waits until the process has imported what it needs to understand it
            self._process.stdin.flush()
            while True:
                inbox.put((self, pickle.load(self._process.stdout)))
        inbox.put((self, None))

    def give(self, task: DanceTask) -> None:
        """Gives it a dance to make."""
        assert self._process.stdin is not None
        self.task = task
        with suppress(OSError):  # dead: its end will be reported
            pickle.dump(task, self._process.stdin)
            self._process.stdin.flush()

    def kill(self) -> None:
        """Ends it at once."""
        self._process.kill()

    def exit_reason(self) -> str:
        """How it ended, for people; waits for that and clears up."""
        code = self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            assert pipe is not None
            with suppress(OSError):  # what it was given last and never read
                pipe.close()
        self._stderr.seek(0)
        words = self._stderr.read().decode(errors="replace").strip().splitlines()[-1:]
        self._stderr.close()
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        hint = " (too little memory?)" if code == -9 else ""
        return ": ".join([f"the process that danced {how}{hint}", *words])
