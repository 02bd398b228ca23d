"""Takes over HTTP: listed, served whole, by a process of their own, and only to those who may ask."""

import json
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bridge.dancer.dancer_file import DancerFile
from bridge.takes.take import read_take
from data.formats.bvh import read_bvh
from tests.bridge.made_take import write_take
from tests.stage.stage_process import Stage, running_stage
from tests.stage.test_stage_server import get
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import wait_until

pytestmark = [pytest.mark.usefixtures("warm_children"), pytest.mark.realtime]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("takes")
    dancer = DancerFile.open(write_tiny_dancer(tmp_path_factory.mktemp("dancer") / "tiny.safetensors"))
    return write_take(folder / "made.take", dancer, seconds=20, parts=2)


@pytest.fixture(scope="module")
def stage(made: Path) -> Iterator[Stage]:
    with running_stage(takes=made.parent) as running:
        yield running


def test_a_take_is_listed_and_comes_in_all_three_forms(stage: Stage, made: Path, tmp_path: Path) -> None:
    take = read_take(made)
    (listed,) = json.loads(get(stage.url, "takes")[2])
    assert (listed["seconds"], listed["parts"], listed["problem"]) == (take.duration_s, 2, None)
    assert get(stage.url, "takes/made.take")[2] == made.read_bytes()
    status, headers, content = get(stage.url, "takes/made.bvh")
    assert (status, headers["Content-Type"]) == (200, "text/plain; charset=utf-8")
    (tmp_path / "made.bvh").write_bytes(content)
    assert len(read_bvh(tmp_path / "made.bvh")) == len(take.motion())
    assert b"/dance/pose" in get(stage.url, "takes/made.replay")[2]
    process = psutil.Process(stage.process._process.pid)  # type: ignore[union-attr]
    wait_until(lambda: process.children() == [], "the exports' processes to be gone")


@pytest.mark.parametrize("path", ["takes", "takes/made.bvh", "takes/made.take", "about", "addresses/0.svg", "socket"])
def test_what_costs_something_is_not_for_pages_of_other_sites(stage: Stage, path: str) -> None:
    """Their pictures and links come without an Origin; that they cannot read the answer does not make it cheap."""
    own = get(stage.url, path)[0]
    assert own != 403
    for headers in ({"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Referer": stage.url + "x"}):
        assert get(stage.url, path, headers=headers)[0] == own, headers
    port = stage.url.split(":")[2].strip("/")
    for headers in (
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},  # another port of this machine
        {"Referer": "https://hostile.example/"},
        {"Referer": f"http://127.0.0.1:{port}.hostile.example/"},
        {"Referer": "http://127.0.0.1:1/"},
    ):
        assert get(stage.url, path, headers=headers)[0] == 403, headers
        assert get(stage.url, headers=headers)[0] == 200, "the page itself, which mail may link"
