"""The Unity components, compiled and run against a stand-in for the engine: each of their tests as one test here.

The stand-in (`stand_in/`) is written by hand from Unity's documentation. It proves what the components do, not that
Unity itself does what it says. A stand-in for the package's clock (`stand_in_clock/`) goes on when a picture is drawn,
however long that takes on this machine.
"""

from pathlib import Path

import pytest

from bridge.control.control_schema import CONTROL_SPECS, SPEC_BY_NAME
from bridge.wire.osc_message import parse_datagram
from tests.unity_client.csharp import (
    CORE,
    NUNIT,
    PACKAGE,
    ROOT,
    STAND_IN,
    CsharpResults,
    compile_components,
    compile_csharp,
    names_of_tests,
    needs_mono,
    run_nunit,
    sources,
)

HERE = ROOT / "tests/unity_client"
NAMES = names_of_tests(HERE / "components")
CLOCK = HERE / "stand_in_clock/LocalClock.cs"

pytestmark = [needs_mono, pytest.mark.realtime]


@pytest.fixture(scope="module")
def libraries(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Core, the stand-in, and everything of the package that needs an engine, as its assembly definitions divide it."""
    folder = tmp_path_factory.mktemp("components")
    core = [CLOCK if source.name == CLOCK.name else source for source in sources(PACKAGE / "Runtime/Core")]
    assert CLOCK in core
    stand_in = compile_csharp(folder / "UnityStandIn.dll", sources(STAND_IN))
    return compile_components([compile_csharp(folder / CORE, core), stand_in])


@pytest.fixture(scope="module")
def results(libraries: list[Path]) -> CsharpResults:
    files = [*sources(HERE / "components"), PACKAGE / "Tests/Core/Wire.cs"]
    output = libraries[0].parent / "Transflower.ComponentTests.dll"
    return run_nunit(compile_csharp(output, files, [*libraries, NUNIT]))


@pytest.mark.parametrize("name", NAMES)
def test_component(name: str, results: CsharpResults) -> None:
    results.check(name)


def test_every_component_test_is_listed(results: CsharpResults) -> None:
    assert {name.split("(")[0] for name in results.results} == set(NAMES)


@pytest.mark.parametrize("folder", sorted((PACKAGE / "Samples~").glob("*/")), ids=lambda folder: folder.name)
def test_samples_compile(folder: Path, libraries: list[Path]) -> None:
    compile_csharp(libraries[0].parent / f"Sample.{folder.name}.dll", sources(folder), libraries)


def test_every_control_of_the_bridge_can_be_sent_and_is_taken(results: CsharpResults) -> None:
    """The C# test prints the datagram of each of the component's methods; the bridge's own table reads them."""
    sent = {}
    for line in results.printed.splitlines():
        if line.startswith("SENT "):
            (message,) = parse_datagram(bytes.fromhex(line.split()[1]))
            spec = SPEC_BY_NAME[message.address.removeprefix("/dance/control/")]
            spec.value(message.arguments)
            sent[spec.name] = message.type_tags
    assert sent == {spec.name: spec.type_tag for spec in CONTROL_SPECS}
