"""The beat network: streaming equals offline, in the form in which it was trained."""

import numpy as np

from data.sound.beat_confidence import PHASE, TEMPO
from data.sound.beat_network import NUM_INPUTS, BeatNetwork, network_inputs
from data.sound.streaming import FloatArray


def mel_of_noise(num_hops: int, seed: int = 0) -> FloatArray:
    """Mel decibels (hops, 64) that wander as sound does."""
    steps = np.random.default_rng(seed).normal(0.0, 3.0, (num_hops, 64))
    return np.maximum(np.cumsum(steps, axis=0) * 0.2 - 15.0, -60.0).astype(np.float32)


def listen(mel_db: FloatArray, network: BeatNetwork | None = None) -> FloatArray:
    """Log odds (frames, 2, 2) of a recording."""
    network = network or BeatNetwork()
    state, heard = network.initial_state(), []
    for hop in mel_db:
        log_odds, state = network.step(hop, state)
        if log_odds is not None:
            heard.append(log_odds)
    return np.array(heard)


def test_every_fourth_hop_completes_a_frame_of_finite_log_odds() -> None:
    heard = listen(mel_of_noise(1203))
    assert heard.shape == (300, 2, 2)
    assert heard.dtype == np.float32
    assert np.isfinite(heard).all()


def test_the_confidence_of_the_weights_that_ship_is_fitted() -> None:
    assert {PHASE, TEMPO} <= set(BeatNetwork().weights)


def test_what_it_hears_is_what_training_shows_it() -> None:
    class Recorder(BeatNetwork):
        def _hear(self, inputs, state):  # type: ignore[no-untyped-def]
            return inputs

    mel_db = mel_of_noise(203)
    inputs = network_inputs(mel_db)
    assert inputs.shape == (50, NUM_INPUTS)
    np.testing.assert_array_equal(listen(mel_db, Recorder()), inputs)


def test_it_equals_a_plain_gated_recurrent_network() -> None:
    """In float64, as PyTorch defines `nn.GRU`, over the whole recording."""
    network = BeatNetwork()
    weights = {name: array.astype(np.float64) for name, array in network.weights.items()}
    mel_db = mel_of_noise(400)
    x = np.maximum(network_inputs(mel_db) @ weights["inp__weight"].T + weights["inp__bias"], 0.0)
    units = network.num_units
    for layer in range(network.initial_state().hidden.shape[0]):
        from_input = x @ weights[f"gru__weight_ih_l{layer}"].T + weights[f"gru__bias_ih_l{layer}"]
        hidden, rows = np.zeros(units), []
        for row in from_input:
            held = weights[f"gru__weight_hh_l{layer}"] @ hidden + weights[f"gru__bias_hh_l{layer}"]
            reset, update = (1 / (1 + np.exp(-(row + held)[at : at + units])) for at in (0, units))
            new = np.tanh(row[2 * units :] + reset * held[2 * units :])
            hidden = (1 - update) * new + update * hidden
            rows.append(hidden)
        x = np.array(rows)
    expected = x @ weights["out__weight"].T + weights["out__bias"]
    np.testing.assert_allclose(listen(mel_db), expected.reshape(-1, 2, 2), atol=2e-4)


def test_a_saved_state_resumes_to_the_bit() -> None:
    mel_db, network = mel_of_noise(400), BeatNetwork()
    state = network.initial_state()
    for hop in mel_db[:201]:
        _, state = network.step(hop, state)
    saved = state.copy().to_arrays()
    state = network.initial_state().restored(saved)
    later = [heard for heard in (network.step(hop, state)[0] for hop in mel_db[201:]) if heard is not None]
    np.testing.assert_array_equal(np.array(later), listen(mel_db)[50:])
