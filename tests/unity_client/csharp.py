"""C# without Unity: Mono compiles the package's sources, and NUnit runs their tests."""

import os
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "unity_client"
GOLDEN = ROOT / "tests/bridge/golden/datagrams.json"
CONFORMANCE = ROOT / "tests/conformance"
NUNIT = Path("/usr/lib/cli/nunit.framework-2.6.3/nunit.framework.dll")
CORE = "Transflower.Core.dll"
STAND_IN = ROOT / "tests/unity_client/stand_in"
ASSEMBLIES = {
    "Unity": "Runtime/Unity",
    "InputSystem": "Runtime/InputSystem",
    "Vrm0": "Runtime/Vrm0",
    "Vrm10": "Runtime/Vrm10",
    "Editor": "Editor",
}  # those that need an engine, in the order in which they need each other

needs_mono = pytest.mark.skipif(
    shutil.which("mcs") is None or shutil.which("nunit-console") is None or not NUNIT.is_file(),
    reason="Mono or NUnit is missing (apt install mono-mcs libmono-system-core4.0-cil nunit-console "
    "libnunit-framework2.6.3-cil)",
)


def sources(folder: Path) -> list[Path]:
    """The C# files below a folder."""
    return sorted(folder.rglob("*.cs"))


def compile_csharp(
    output: Path, files: Iterable[Path], references: Iterable[Path] = (), *, defines: Iterable[str] = ()
) -> Path:
    """Compiles a library, or a program when its name ends in .exe; every warning is an error.

    The language is C# 7.2, the most that Mono's compiler knows and less than Unity 2021.3 does.
    """
    target = "exe" if output.suffix == ".exe" else "library"
    command = ["mcs", "-langversion:7.2", "-warnaserror", "-optimize", "-debug", f"-target:{target}", f"-out:{output}"]
    command += [f"-r:{reference}" for reference in references]
    command += [f"-d:{name}" for name in defines]
    done = subprocess.run(
        [*command, *map(str, files)], capture_output=True, text=True, timeout=600, cwd=ROOT, check=False
    )
    assert done.returncode == 0, f"{output.name} does not compile:\n{done.stdout}{done.stderr}"
    return output


def compile_components(made: list[Path], *, defines: Iterable[str] = ()) -> list[Path]:
    """Compiles what needs an engine, beside the core and the stand-in for it; all libraries, those two first."""
    for name, place in ASSEMBLIES.items():
        output = made[0].with_name(f"Transflower.{name}.dll")
        made = [*made, compile_csharp(output, sources(PACKAGE / place), made, defines=defines)]
    return made


@dataclass(frozen=True)
class CsharpResult:
    """How one C# test went: whether it passed, and what it said; of a test that was not run, why."""

    name: str
    passed: bool
    message: str


@dataclass(frozen=True)
class CsharpResults:
    """How the tests of a library went, by fixture and name, and what they printed."""

    results: Mapping[str, CsharpResult]
    printed: str

    def check(self, name: str) -> None:
        """Fails as the C# test did, with its own words; tests with cases count as one."""
        found = [
            result for result in self.results.values() if result.name == name or result.name.startswith(name + "(")
        ]
        assert found, f"{name} was not run"
        failures = [f"{result.name}\n{result.message}" for result in found if not result.passed]
        if failures:
            pytest.fail("\n".join(failures), pytrace=False)


def run_nunit(library: Path) -> CsharpResults:
    """Runs all tests of a library."""
    shutil.copy(NUNIT, library.parent)
    report = library.with_suffix(".xml")
    done = subprocess.run(
        ["nunit-console", "-nologo", "-nodots", f"-xml={report}", str(library)],
        capture_output=True,
        text=True,
        timeout=600,
        cwd=library.parent,
        env={**os.environ, "TRANSFLOWER_GOLDEN": str(GOLDEN), "TRANSFLOWER_CONFORMANCE": str(CONFORMANCE)},
        check=False,
    )
    assert report.is_file(), f"NUnit did not run:\n{done.stdout}{done.stderr}"
    results = {}
    for case in ElementTree.parse(report).getroot().iter("test-case"):
        name = ".".join(re.sub(r"\(.*", "", case.attrib["name"]).split(".")[-2:])
        name += case.attrib["name"][len(re.sub(r"\(.*", "", case.attrib["name"])) :]
        texts = [text.text or "" for tag in ("message", "stack-trace") for text in case.iter(tag)]
        results[name] = CsharpResult(name, case.attrib["result"] == "Success", "\n".join(texts))
    return CsharpResults(results, done.stdout)


def names_of_tests(folder: Path) -> list[str]:
    """The tests in C# sources, as `Fixture.Test`."""
    names = []
    for source in sources(folder):
        text = source.read_text(encoding="utf-8")
        fixture = re.search(r"\[TestFixture\]\s+public class (\w+)", text)
        tests = re.findall(r"\[Test\]\s+public void (\w+)", text)
        names += [f"{fixture[1]}.{test}" for test in tests] if fixture else []
    return names
