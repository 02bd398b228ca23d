"""Everybody may steer, and nobody drowns the panic of another."""

import asyncio
import contextlib
import struct

import aiohttp
import pytest

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.inbox import Inbox
from bridge.inbound.vmc_in import VmcRelay
from bridge.stage.steering import SteeringLanes
from bridge.wire.osc_message import OscMessage, parse_datagram
from bridge.wire.osc_template import bundle, message_head
from tests.stage.stage_process import Stage, join, running_stage
from tests.waiting import GENEROUS_S, wait_until


@pytest.mark.realtime
def test_nobody_drowns_the_panic_of_another() -> None:
    """Four viewers send as much as they can, all at once, and come again when they are hung up on; a fifth panics."""
    control_state = ControlState(Controls(), BeatControls(), (), None)
    inbox = Inbox(0, "127.0.0.1", control_state, VmcRelay())
    inbox.start()
    num_panics = 30
    knobs = [message_head(f"/dance/control/{name}", "f") + struct.pack(">f", 0.5) for name in ("energy", "leash_m")]
    flood_of_knobs = bundle(knobs * 12)

    async def flood(running: Stage) -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                with contextlib.suppress(aiohttp.ClientError, ConnectionError):
                    viewer = await join(session, running)
                    while not viewer.socket.closed:
                        await viewer.socket.send_bytes(flood_of_knobs)
                        await asyncio.sleep(0)

    async def panic(running: Stage) -> None:
        flooding = [asyncio.create_task(flood(running)) for _ in range(4)]
        async with aiohttp.ClientSession() as session:
            viewer = await join(session, running)
            for _ in range(num_panics):
                before = control_state.controls.num_panics
                await viewer.socket.send_bytes(message_head("/dance/control/panic", ""))
                async with asyncio.timeout(GENEROUS_S):
                    while control_state.controls.num_panics == before:
                        await asyncio.sleep(0.005)
        for task in flooding:
            task.cancel()
        await asyncio.gather(*flooding, return_exceptions=True)

    try:
        with running_stage(control_address=inbox.address) as running:
            asyncio.run(panic(running))
        assert control_state.controls.num_panics == num_panics
        assert control_state.num_applied > num_panics, "the others steered too"
    finally:
        inbox.stop()


def test_what_is_more_than_a_viewers_share_waits_and_the_newest_wins() -> None:
    def message(name: str, value: float) -> OscMessage:
        (parsed,) = parse_datagram(message_head(f"/dance/control/{name}", "f") + struct.pack(">f", value))
        return parsed

    def values(datagrams: list[bytes]) -> list[tuple[str, float]]:
        return [(one.address.rpartition("/")[2], one.arguments[0]) for raw in datagrams for one in parse_datagram(raw)]

    seat = SteeringLanes().seat()
    handed_on: list[tuple[str, float]] = []
    for number in range(200):
        for name in ("energy", "leash_m"):
            seat.add(message(name, float(number)))
            handed_on += values(seat.due(num_viewers=2000))  # one a second, after the first
    assert len(handed_on) < 100
    seat.add(message("freeze", 1.0))
    assert values(seat.due(num_viewers=2000)) == [("freeze", 1.0)], "its lane is free"

    def last() -> list[tuple[str, float]]:
        handed_on.extend(values(seat.due(num_viewers=1)))
        return handed_on[-2:]

    wait_until(lambda: sorted(last()) == [("energy", 199.0), ("leash_m", 199.0)], "the newest of both")
