"""The bridge is found by zeroconf, by another instance of it that browses, and is gone when it ends."""

import json
import threading
import urllib.request
from collections.abc import Iterator

import pytest
from zeroconf import ServiceBrowser, ServiceStateChange, Zeroconf

from bridge.control.control_state import ControlState
from bridge.control.controls import BeatControls, Controls
from bridge.inbound.announcement import CONTROL_TYPE, QUERY_TYPE, Announcement
from bridge.inbound.oscquery import OscQueryServer
from tests.waiting import GENEROUS_S, wait_until

pytestmark = [pytest.mark.realtime, pytest.mark.filterwarnings("ignore::ResourceWarning")]


class Seen:
    """What a browser has seen come and not go."""

    def __init__(self, zeroconf: Zeroconf) -> None:
        self.zeroconf, self.names, self.lock = zeroconf, set[str](), threading.Lock()
        self.browser = ServiceBrowser(zeroconf, [QUERY_TYPE, CONTROL_TYPE], handlers=[self.changed])

    def changed(self, zeroconf: Zeroconf, service_type: str, name: str, state_change: ServiceStateChange) -> None:
        with self.lock:
            self.names = self.names - {name} if state_change is ServiceStateChange.Removed else self.names | {name}


@pytest.fixture
def seen() -> Iterator[Seen]:
    zeroconf = Zeroconf(interfaces=["127.0.0.1"])
    yield Seen(zeroconf)
    zeroconf.close()


def test_both_services_are_found_answer_and_are_gone_at_the_end(seen: Seen) -> None:
    control_state = ControlState(Controls(), BeatControls(), ("HO",), None)
    server = OscQueryServer(control_state, "127.0.0.1", 0, 39540)
    server.start()
    announcement = Announcement("127.0.0.1", 39540, server.port)
    announcement.start()
    try:
        wait_until(lambda: set(announcement.names) <= seen.names, "both services")
        assert {name.partition(".")[2] for name in announcement.names} == {QUERY_TYPE, CONTROL_TYPE}
        by_type = {name.partition(".")[2]: name for name in announcement.names}
        query = seen.zeroconf.get_service_info(QUERY_TYPE, by_type[QUERY_TYPE], timeout=round(1e3 * GENEROUS_S))
        control = seen.zeroconf.get_service_info(CONTROL_TYPE, by_type[CONTROL_TYPE], timeout=round(1e3 * GENEROUS_S))
        assert query is not None
        assert control is not None
        assert control.port == 39540
        (address,) = query.parsed_addresses()
        with urllib.request.urlopen(f"http://{address}:{query.port}/?HOST_INFO", timeout=GENEROUS_S) as answer:
            assert json.load(answer)["OSC_PORT"] == control.port
    finally:
        announcement.stop()
        server.stop()
    wait_until(lambda: not set(announcement.names) & seen.names, "their goodbye")
    announcement.stop()


def test_two_bridges_on_a_network_have_names_of_their_own(seen: Seen) -> None:
    first, second = Announcement("127.0.0.1", 39540, None), Announcement("127.0.0.1", 39640, None)
    try:
        first.start()
        second.start()
        assert first.names != second.names
        wait_until(lambda: {*first.names, *second.names} <= seen.names, "both bridges")
    finally:
        first.stop()
        second.stop()


def test_a_network_that_is_not_ours_is_one_clear_line() -> None:
    with pytest.raises(ValueError, match=r"--announce: the network at 203\.0\.113\.7"):
        Announcement("203.0.113.7", 39540, None).start()
