"""What of Windows and macOS can be held here: calls that only POSIX has stand behind a guard, PowerShell's lines parse.

Whether each dependency has a wheel for them asks `python .ci/other_platforms.py`, by the network.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.documents import ROOT, blocks

FOLDERS = ("bridge", "data", "models", "training", "blender_addon", "examples")
ONLY_POSIX = {
    "os": {
        *(
            "fork",
            "forkpty",
            "killpg",
            "getpgid",
            "setsid",
            "getuid",
            "geteuid",
            "getgid",
            "mkfifo",
            "uname",
            "statvfs",
        ),
        *(
            "sched_getaffinity",
            "sched_setaffinity",
            "sched_setscheduler",
            "nice",
            "setpriority",
            "getloadavg",
            "sysconf",
        ),
        *("chown", "fchmod", "fchown", "openpty", "posix_fadvise", "memfd_create", "set_blocking", "pread", "pwrite"),
        *("fdatasync", "ttyname", "O_NONBLOCK", "O_DIRECTORY", "WNOHANG"),
    },
    "signal": {
        *("SIGHUP", "SIGKILL", "SIGUSR1", "SIGUSR2", "SIGQUIT", "SIGPIPE", "SIGALRM", "SIGCHLD", "SIGWINCH", "SIGSTOP"),
        *("pthread_sigmask", "setitimer", "sigwait", "alarm", "pause"),
    },
    "socket": {"AF_UNIX", "SO_REUSEPORT", "SCM_RIGHTS"},
    "select": {"poll", "epoll"},
    "time": {"clock_gettime", "clock_settime", "tzset"},
}
MODULES = {"fcntl", "resource", "pwd", "grp", "termios", "tty", "pty", "posix", "syslog", "readline"}
GUARD = re.compile(r"sys\.platform|os\.name|hasattr\(|AttributeError|ImportError")
"""What a function asks before it calls what other systems lack."""


def unguarded(source: str) -> Iterator[str]:
    """Uses of what only POSIX has, in a function that has not asked before where it runs."""
    tree = ast.parse(source)
    lines = source.splitlines()
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            name = f"{node.value.id}.{node.attr}" if node.attr in ONLY_POSIX.get(node.value.id, ()) else ""
        elif isinstance(node, ast.Import | ast.ImportFrom):
            named = [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            name = ", ".join(each for each in named if each.partition(".")[0] in MODULES)
        else:
            continue
        if not name:
            continue
        around = [each for each in functions if each.lineno <= node.lineno <= (each.end_lineno or 0)]
        first = min((each.lineno for each in around), default=1)
        if not GUARD.search("\n".join(lines[first - 1 : node.end_lineno])):
            yield f"{name} in line {node.lineno}"


@pytest.mark.parametrize("folder", FOLDERS)
def test_what_only_posix_has_is_asked_for_before(folder: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {use}"
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "node_modules" not in path.parts
        for use in unguarded(path.read_text("utf-8"))
    ]
    assert found == []


def test_a_call_without_a_guard_is_found() -> None:
    bad = "import os, signal\nimport fcntl\ndef end(pid):\n    os.killpg(pid, signal.SIGKILL)\n"
    assert set(unguarded(bad)) == {"fcntl in line 2", "os.killpg in line 4", "signal.SIGKILL in line 4"}
    good = "import os, sys\ndef end(pid):\n    if sys.platform != 'win32':\n        os.killpg(pid, 9)\n"
    assert list(unguarded(good)) == []


def parse_problems(text: str) -> list[str]:
    """What a grammar of PowerShell does not understand of some lines."""
    powershell = pytest.importorskip("tree_sitter_powershell", reason="pip install tree-sitter-powershell")
    tree_sitter = pytest.importorskip("tree_sitter")
    parser = tree_sitter.Parser(tree_sitter.Language(powershell.language()))
    waiting, found = [parser.parse(text.encode()).root_node], []
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            found.append(text.encode()[node.start_byte : node.end_byte].decode() or f"a missing {node.type}")
        waiting += node.children
    return found


def test_powershells_lines_parse() -> None:
    """By tree-sitter's grammar, since PowerShell itself is on few machines that test this."""
    shown = [block for block in blocks() if block.language == "powershell"]
    assert shown
    for block in shown:
        assert parse_problems(block.text) == [], block.document
        assert "/bin/" not in block.text, "a path of other systems"
    assert parse_problems('py -3.11 -m venv "unfinished\n')


def test_no_document_is_named_as_windows_forbids() -> None:
    forbidden = re.compile(r'[<>:"|?*\\]|[. ]$', re.ASCII)
    reserved = {"con", "prn", "aux", "nul", *(f"com{i}" for i in range(10)), *(f"lpt{i}" for i in range(10))}
    names: dict[str, Path] = {}
    for folder in (*FOLDERS, "tests", "docs", "containers"):
        for path in (ROOT / folder).rglob("*"):
            if {"node_modules", "__pycache__"} & set(path.parts):
                continue
            assert not forbidden.search(path.name), path
            assert path.stem.lower() not in reserved, path
            other = names.setdefault(str(path.relative_to(ROOT)).lower(), path)
            assert other == path, "these differ by capitals alone, which Windows and macOS do not see"
