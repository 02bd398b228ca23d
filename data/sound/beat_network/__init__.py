"""How likely a beat and a downbeat are now: a small causal network over the mel bands, and its weights."""

from data.sound.beat_network.network import (
    HOP_RATE_HZ,
    HOPS_PER_STEP,
    NUM_INPUTS,
    RATE_HZ,
    WEIGHTS,
    WEIGHTS_CHECKSUM,
    BeatNetwork,
    BeatNetworkState,
    network_inputs,
)

__all__ = [
    "HOPS_PER_STEP",
    "HOP_RATE_HZ",
    "NUM_INPUTS",
    "RATE_HZ",
    "WEIGHTS",
    "WEIGHTS_CHECKSUM",
    "BeatNetwork",
    "BeatNetworkState",
    "network_inputs",
]
