"""The door of a server, without one: who is let in, and who makes room."""

import pytest

from bridge.system.client_limit import Client, ClientLimit


class Party:
    """Clients, and who of them was hung up on."""

    def __init__(self, max_clients: int) -> None:
        self.notices: list[str] = []
        self.gone: list[str] = []
        self.client_limit = ClientLimit("the server", max_clients, self.notices.append)

    def enter(self, host: str, name: str, *, asks: bool = False) -> Client | None:
        client = self.client_limit.enter(host, lambda: self.gone.append(name))
        if client is not None and asks:
            self.client_limit.answers(client)
        return client


def test_there_is_room_until_it_is_full_and_then_the_oldest_that_asks_nothing_goes() -> None:
    party = Party(3)
    party.enter("a", "a1", asks=True)
    party.enter("a", "a2")
    party.enter("a", "a3")
    assert party.enter("a", "a4") is not None
    assert party.enter("a", "a5") is not None
    assert party.gone == ["a2", "a3"]
    assert len(party.notices) == 1, "once a minute"
    assert "the server is full: a " in party.notices[0]


def test_a_crowd_of_one_host_pushes_out_nobody_of_another() -> None:
    party = Party(4)
    party.enter("b", "b1")
    for number in range(50):
        party.enter("a", f"a{number}")
    assert "b1" not in party.gone
    assert len(party.gone) == 47


def test_where_all_are_answered_the_host_with_most_makes_room_for_others_and_not_for_itself() -> None:
    party = Party(3)
    for number in range(3):
        party.enter("a", f"a{number}", asks=True)
    assert party.enter("a", "a3") is None
    assert party.enter("b", "b0", asks=True) is not None
    assert party.gone == ["a0"]
    assert party.enter("b", "b1") is None, "they have hardly less now"


@pytest.mark.parametrize("answered", [False, True])
def test_who_owes_a_request_for_long_is_hung_up_on(answered: bool) -> None:
    party = Party(3)
    first = party.enter("a", "a0", asks=True)
    party.enter("a", "a1")
    assert first is not None
    if answered:
        party.client_limit.has_answered(first)
    party.client_limit.hang_up_on_late(-1.0)
    assert party.gone == (["a0", "a1"] if answered else ["a1"])
    party.client_limit.leave(first)
    party.client_limit.leave(first)
