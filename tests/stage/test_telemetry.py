"""Telemetry: the golden messages, read by python-osc, and a bridge that sends them."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bridge.control.control_schema import CONTROL_SPECS
from bridge.wire.target import Target
from tests.end_to_end.osc_receiver import messages_in
from tests.stage.bridge_process import BridgeProcess
from tests.waiting import wait_until

GOLDEN = json.loads((Path(__file__).parents[1] / "bridge/golden/datagrams.json").read_text())
SENT = GOLDEN["messages"] + GOLDEN["telemetry"]


@pytest.mark.parametrize("entry", SENT, ids=[entry["address"] for entry in SENT])
def test_an_independent_decoder_reads_the_golden_messages(entry: dict[str, Any]) -> None:
    (message,) = messages_in(bytes.fromhex(entry["datagram"]))
    assert message.address == entry["address"]
    if message.address == "/dance/spectrum":
        assert list(message.params[0]) == entry["values"]["bands"]
    else:
        assert message.params == pytest.approx(list(entry["values"].values()))


def test_only_our_own_protocol_carries_telemetry() -> None:
    assert str(Target.parse("dance:127.0.0.1:9,backstage=yes")).endswith("backstage=yes")
    with pytest.raises(ValueError, match="dance only"):
        Target.parse("vmc,backstage=yes")
    with pytest.raises(ValueError, match="yes or no"):
        Target.parse("dance,backstage=perhaps")


def test_a_bridge_tells_how_it_is(bridge: BridgeProcess) -> None:
    def health() -> list[Any]:
        message = bridge.newest("/dance/health")
        return [] if message is None else list(message.params)

    def loudest() -> int:
        spectrum = bridge.newest("/dance/spectrum")
        assert spectrum is not None
        bands = np.frombuffer(spectrum.params[0], np.uint8)
        assert bands.shape == (80,)
        return int(bands.max())

    wait_until(lambda: health() and health()[1] > 0, "a second of steps")
    rate_hz, step_ms, worst_step_ms, sent, missed, send_errors, memory_mb, seconds = health()
    assert 0 <= rate_hz < 40
    assert 0 < step_ms <= worst_step_ms
    assert sent > 0
    assert missed >= 0 == send_errors
    assert 50 < memory_mb < 4000
    assert seconds > 0
    level = bridge.newest("/dance/level")
    assert level is not None
    assert -200 <= level.params[0] <= 0
    assert level.params[1] == -50
    wait_until(lambda: loudest() > 50, "the demo song, which is loud")
    take = bridge.newest("/dance/take")
    assert take is not None
    assert (bridge.folder / "takes" / take.params[0]).is_file()
    target = bridge.newest("/dance/target")
    assert target is not None
    assert target.params[1] == 2  # the receiver, and the stage itself


def test_a_bridge_tells_every_knob_with_its_type(bridge: BridgeProcess) -> None:
    for spec in CONTROL_SPECS:
        message = bridge.newest(spec.address)
        if spec.kind == "trigger" or spec.name in ("preset", "save_preset", "seed"):
            continue  # they have no value, or nobody has chosen one
        assert message is not None, spec.name
        kinds = {"number": float, "whole": int, "switch": int, "text": str}
        assert type(message.params[0]) is kinds[spec.kind], spec.name
        if spec.name in ("noise_correlation", "groove"):
            continue  # its value is the dancer's own, until somebody asks for another
        default = int(spec.default) if isinstance(spec.default, bool) else spec.default
        assert message.params[0] == pytest.approx(default), spec.name
