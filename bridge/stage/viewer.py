"""A viewer: one WebSocket that shows the dance and may steer it."""

import asyncio
import contextlib
import struct
import time
from collections.abc import Callable
from typing import Final

from aiohttp import WebSocketError, WSCloseCode, WSMsgType, web

from bridge.control.control_schema import ADDRESS
from bridge.stage.mailbox import Mailbox
from bridge.stage.mirror import Mirror
from bridge.stage.steering import SteeringSeat
from bridge.wire.osc_message import OscMessage, parse_datagram
from bridge.wire.osc_template import MAX_DATAGRAM_BYTES, message_head
from bridge.wire.telemetry import encode_refused

PATIENCE_S: Final = 20.0
"""One who has read nothing for so long is hung up on."""
MAX_MESSAGES_A_SECOND: Final = 500
_WRITE_BUFFER_BYTES: Final = 16_384  # half a second of dance; the rest waits in the mailbox, where the newest wins
_STEER_S: Final = 0.05
_PONG_HEAD: Final = message_head("/dance/pong", "hh")


def new_socket(request: web.Request) -> web.WebSocketResponse:
    """A WebSocket for a viewer, not yet open.

    Raises:
        web.HTTPUpgradeRequired: The request asks for none.
    """
    socket = web.WebSocketResponse(
        max_msg_size=MAX_DATAGRAM_BYTES + 1, compress=False, heartbeat=PATIENCE_S, writer_limit=_WRITE_BUFFER_BYTES
    )
    if not socket.can_prepare(request):
        raise web.HTTPUpgradeRequired
    return socket


async def serve_viewer(
    request: web.Request,
    socket: web.WebSocketResponse,
    mirror: Mirror,
    seat: SteeringSeat | None,
    steer: Callable[[bytes], None],
    log: Callable[[str], None],
) -> web.WebSocketResponse:
    """Serves a viewer until either side hangs up.

    Args:
        request: Asked for the WebSocket.
        socket: That of `new_socket`.
        mirror: Source of the updates.
        seat: How much this viewer may steer; None if it may only watch.
        steer: Takes datagrams of controls.
        log: Called with why somebody was hung up on.
    """
    if mirror.is_full:
        raise web.HTTPServiceUnavailable
    await socket.prepare(request)
    transport = request.transport
    if transport is None:
        return socket
    transport.set_write_buffer_limits(high=_WRITE_BUFFER_BYTES)
    mailbox = Mailbox()
    mirror.join(mailbox)
    tasks = [asyncio.create_task(_show(socket, mailbox, transport))]
    if seat is not None:
        tasks.append(asyncio.create_task(_steer_what_waits(seat, mirror, steer)))
    try:
        await _listen(socket, mailbox, seat, mirror, steer, log)
    finally:
        mirror.leave(mailbox)
        for task in tasks:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task
        for datagram in [] if seat is None else seat.due(1):  # a knob stays where the viewer left it
            steer(datagram)
    return socket


async def _steer_what_waits(seat: SteeringSeat, mirror: Mirror, steer: Callable[[bytes], None]) -> None:
    """Hands on what was more than the viewer's share, as soon as it is not."""
    while True:
        await asyncio.sleep(_STEER_S)
        for datagram in seat.due(mirror.num_viewers):
            steer(datagram)


async def _show(socket: web.WebSocketResponse, mailbox: Mailbox, transport: asyncio.Transport) -> None:
    """Sends what waits, as fast as the viewer reads."""
    while not socket.closed:
        packet = await mailbox.take()
        try:
            async with asyncio.timeout(PATIENCE_S):
                await socket.send_bytes(packet)
        except (ConnectionError, RuntimeError):  # gone, or going
            return
        except TimeoutError:
            transport.abort()
            return


async def _listen(
    socket: web.WebSocketResponse,
    mailbox: Mailbox,
    seat: SteeringSeat | None,
    mirror: Mirror,
    steer: Callable[[bytes], None],
    log: Callable[[str], None],
) -> None:
    """Hands on what the viewer asks for; hangs up on what is none of a viewer's business."""
    second, num_messages, num_refused = 0, 0, 0
    async for received in socket:
        if received.type is WSMsgType.ERROR:
            # The socket's own code is by then that of the viewer's answer.
            if isinstance(received.data, WebSocketError) and received.data.code == WSCloseCode.MESSAGE_TOO_BIG:
                log(f"over {MAX_DATAGRAM_BYTES} bytes")
            return None
        if received.type is not WSMsgType.BINARY:
            return await _hang_up(socket, WSCloseCode.UNSUPPORTED_DATA, "a text: viewers send OSC, in binary", log)
        now_s = time.monotonic()
        if len(received.data) > MAX_DATAGRAM_BYTES:
            return await _hang_up(socket, WSCloseCode.MESSAGE_TOO_BIG, f"over {MAX_DATAGRAM_BYTES} bytes", log)
        try:
            messages = parse_datagram(received.data)
        except ValueError:
            return await _hang_up(socket, WSCloseCode.INVALID_TEXT, "no OSC", log)
        if int(now_s) != second:
            second, num_messages = int(now_s), 0
        num_messages += max(1, len(messages))  # a bundle may hold many, or none
        if num_messages > MAX_MESSAGES_A_SECOND:
            reason = f"more than {MAX_MESSAGES_A_SECOND} messages a second"
            return await _hang_up(socket, WSCloseCode.POLICY_VIOLATION, reason, log)
        if not all(message.address.startswith(ADDRESS) or _is_ping(message) for message in messages):
            return await _hang_up(socket, WSCloseCode.POLICY_VIOLATION, "neither a control nor a ping", log)
        for message in messages:
            if _is_ping(message):
                pong = struct.pack(">qq", message.arguments[0], round(time.monotonic() * 1e6))
                mailbox.put(("/dance/pong",), _PONG_HEAD + pong)
                continue
            if seat is None:
                num_refused += 1
                mailbox.put(("/dance/refused",), encode_refused(num_refused, "this address only watches"))
                continue
            seat.add(message)
            for datagram in seat.due(mirror.num_viewers):
                steer(datagram)
    return None


def _is_ping(message: OscMessage) -> bool:
    return message.address == "/dance/ping" and message.type_tags in ("h", "i")


async def _hang_up(socket: web.WebSocketResponse, code: WSCloseCode, reason: str, log: Callable[[str], None]) -> None:
    log(reason)
    await socket.close(code=code, message=reason.encode())
