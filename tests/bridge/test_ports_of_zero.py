"""Port 0 is any free port: what the bridge got is printed, is reported to programs, and is the one that works."""

import json
import signal
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from pythonosc.udp_client import SimpleUDPClient

from bridge.addresses import Addresses
from bridge.checks.network import check_own_ports
from bridge.cli import main
from bridge.commands.options import parse_address
from tests.end_to_end.osc_receiver import OscReceivers
from tests.tiny_dancer import write_tiny_dancer
from tests.waiting import wait_until
from tests.warm_start import Popen

ROOT = Path(__file__).resolve().parents[2]
OLD = json.dumps({"control": ["127.0.0.1", 1], "query": None, "stage": None})


@pytest.mark.realtime
def test_a_bridge_at_ports_of_zero_tells_which_they_became(tmp_path: Path):
    file, dancer = tmp_path / "addresses.json", write_tiny_dancer(tmp_path / "tiny.safetensors")
    file.write_text(OLD)
    with OscReceivers(1) as (avatar,):
        command = [
            *(sys.executable, "-m", "bridge.cli", "demo", "--checkpoint", str(dancer), "--device", "cpu"),
            *("--no-record", "--no-aloud", "--no-open-page", "--target", f"vmc:127.0.0.1:{avatar.port}"),
            *("--control", "127.0.0.1:0", "--query-port", "0", "--stage", "127.0.0.1:0", "--addresses", str(file)),
        ]
        with (
            (tmp_path / "output.txt").open("w+") as output,
            Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT) as process,
        ):
            try:
                wait_until(lambda: process.poll() is not None or is_written(file), "the addresses")
                assert process.poll() is None
                addresses = json.loads(file.read_text())
                (host, port), (query_host, query_port), (url,) = (
                    addresses["control"],
                    addresses["query"],
                    addresses["stage"],
                )
                query = f"http://{query_host}:{query_port}/"
                assert get(f"{query}?HOST_INFO")["OSC_PORT"] == port
                assert get(f"{url}about")["dancer"]
                with SimpleUDPClient(host, port) as controls:
                    controls.send_message("/dance/control/energy", 0.25)
                    controls.send_message("/VMC/Ext/Set/Req", [])
                energy = f"{query}dance/control/energy?VALUE"
                wait_until(lambda: get(energy)["VALUE"] == [0.25], "the control to be obeyed")
                answers = wait_until(lambda: avatar.messages("/VMC/Ext/Rcv"), "the answer to an avatar")
                assert answers[0][1].params == [1, port]
                process.send_signal(signal.SIGINT)
                assert process.wait(60) == 0
            finally:
                process.kill()
            output.seek(0)
            printed = output.read()
    assert f"the stage: {url}\ncontrols:  {host}:{port}\nOSCQuery:  {query}\n" in printed


def is_written(file: Path) -> bool:
    """Whether there are new addresses, whole: an older performance's are taken away, and none are there in part."""
    try:
        text = file.read_text()
    except FileNotFoundError:
        return False
    return text != OLD and bool(json.loads(text)["control"])


def get(url: str) -> dict:
    with urllib.request.urlopen(url, timeout=60) as answer:
        return json.load(answer)


def test_what_is_not_there_is_null(tmp_path: Path):
    Addresses(control=("127.0.0.1", 40000)).write(tmp_path / "addresses.json")
    assert json.loads((tmp_path / "addresses.json").read_text()) == {
        "control": ["127.0.0.1", 40000],
        "query": None,
        "stage": None,
        "watch": None,
    }
    assert [path.name for path in tmp_path.iterdir()] == ["addresses.json"]


def test_every_address_of_the_page_has_a_line():
    here = Addresses(stage=("https://192.168.1.20:1/", "https://127.0.0.1:1/"))
    assert list(here.lines()) == ["the stage: https://192.168.1.20:1/", "           https://127.0.0.1:1/"]


def test_any_port_is_one_at_which_to_listen_and_never_one_to_send_to(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
):
    assert parse_address("127.0.0.1:0") == ("127.0.0.1", 0)
    with pytest.raises(ValueError, match="from 0 to 65535"):
        parse_address("127.0.0.1:65536")
    dancer = write_tiny_dancer(tmp_path / "tiny.safetensors")
    with pytest.raises(SystemExit, match="2"):
        main(["demo", "--checkpoint", str(dancer), "--target", "dance:127.0.0.1:0", "--seconds", "1"])
    assert "port 0 is not between 1 and 65535" in capsys.readouterr().err


def test_the_doctor_does_not_call_a_port_free_that_is_not_chosen_yet():
    controls, query = check_own_ports(("127.0.0.1", 0), 0)
    assert controls.found == "any free udp port of 127.0.0.1"
    assert query.found == "any free tcp port of 127.0.0.1"


def test_addresses_that_cannot_be_written_are_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path):
    dancer = write_tiny_dancer(tmp_path / "tiny.safetensors")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as avatar:
        avatar.bind(("127.0.0.1", 0))
        alone = ("--target", f"vmc:127.0.0.1:{avatar.getsockname()[1]}", "--control", "None", "--stage", "None")
        with pytest.raises(SystemExit, match="2"):
            main(
                [
                    *("demo", "--checkpoint", str(dancer), "--seconds", "1", "--no-record", "--quiet", *alone),
                    *("--addresses", str(tmp_path / "nowhere" / "addresses.json")),
                ]
            )
    assert "nowhere" in capsys.readouterr().err
