"""The byte template makes the same bytes as python-osc."""

import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythonosc.osc_bundle_builder import IMMEDIATELY, OscBundleBuilder
from pythonosc.osc_message import OscMessage
from pythonosc.osc_message_builder import OscMessageBuilder

from bridge.wire.osc_template import (
    MAX_DATAGRAM_BYTES,
    BundleTemplate,
    MessageTemplate,
    bundle,
    bundle_templates,
    bundles,
    message_head,
    osc_string,
)

float32s = st.floats(width=32, allow_nan=False, allow_infinity=False)


def oracle_message(address: str, *arguments: tuple[str, object]) -> OscMessage:
    builder = OscMessageBuilder(address)
    for tag, value in arguments:
        builder.add_arg(value, tag)
    return builder.build()


@pytest.mark.parametrize("text", ["", "a", "abc", "abcd", "/VMC/Ext/Bone/Pos", "腰", "LeftUpperLeg"])
def test_a_string_is_padded_to_four_bytes_and_always_ends_in_a_zero(text: str) -> None:
    encoded = osc_string(text)
    assert len(encoded) % 4 == 0
    assert encoded.rstrip(b"\0").decode() == text
    assert encoded.endswith(b"\0")
    assert message_head("/x", "s") + encoded == oracle_message("/x", ("s", text)).dgram


def test_a_string_cannot_hold_a_zero_byte() -> None:
    with pytest.raises(ValueError, match="zero byte"):
        osc_string("Hips\0Spine")


@given(st.lists(st.tuples(st.sampled_from(["Hips", "Spine", "腕"]), st.lists(float32s, max_size=9)), min_size=1))
def test_a_filled_bundle_equals_the_one_built_by_python_osc(messages: list[tuple[str, list[float]]]) -> None:
    template = BundleTemplate(
        [
            MessageTemplate(message_head("/bone", "s" + "f" * len(values)) + osc_string(name), len(values))
            for name, values in messages
        ]
    )
    oracle = OscBundleBuilder(IMMEDIATELY)
    for name, values in messages:
        oracle.add_content(oracle_message("/bone", ("s", name), *(("f", value) for value in values)))

    filled = template.fill(np.array([value for _, values in messages for value in values], np.float32))

    assert filled == oracle.build().dgram


def test_filling_again_leaves_nothing_of_the_frame_before() -> None:
    template = BundleTemplate([MessageTemplate(message_head("/x", "ff"), 2)])
    first = template.fill(np.array([1, 2], np.float32))
    second = template.fill(np.array([3, 4], np.float32))
    assert struct.unpack(">2f", first[-8:]) == (1, 2)
    assert struct.unpack(">2f", second[-8:]) == (3, 4)


@given(st.lists(st.integers(0, 60), max_size=30), st.integers(400, MAX_DATAGRAM_BYTES))
def test_splitting_keeps_the_order_and_the_limit(num_floats: list[int], max_bytes: int) -> None:
    templates = bundle_templates([MessageTemplate(message_head("/x", "f" * n), n) for n in num_floats], max_bytes)
    fixed = bundles([message_head("/x", "f" * n) + bytes(4 * n) for n in num_floats], max_bytes)

    filled = [template.fill(np.zeros(template.num_floats, np.float32)) for template in templates]

    assert filled == fixed
    assert all(len(datagram) <= max_bytes for datagram in filled)
    assert sum(template.num_floats for template in templates) == sum(num_floats)


def test_as_few_datagrams_as_possible() -> None:
    message = bytes(100)
    assert [len(datagram) for datagram in bundles([message] * 5, 16 + 2 * 104)] == [224, 224, 120]


def test_a_message_larger_than_a_datagram_is_refused() -> None:
    with pytest.raises(ValueError, match="does not fit into a datagram of 1472"):
        bundles([bytes(1456)])
    assert len(bundle([bytes(1452)])) == MAX_DATAGRAM_BYTES
