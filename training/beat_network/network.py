"""The beat network in torch, to be trained; `data.sound.beat_network` steps it in numpy."""

from collections.abc import Mapping
from typing import Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from data.sound.beat_network.network import NUM_INPUTS

NUM_EMBEDDED: Final = 64
NUM_UNITS, NUM_LAYERS = 112, 2
NUM_CLOCK: Final = 4


class TrainedNetwork(nn.Module):
    """From inputs (batch, frames, 192) to log odds (batch, frames, 4): beat and downbeat in both halves of the frame.

    Its clock, the phase in the beat and in the bar, is asked for in training alone: a network that knows where in the
    beat it is at every frame learns faster than one that is asked at beats only.

    Args:
        num_units: Units of each recurrent layer.
        num_layers: Recurrent layers.
        num_embedded: Units of the layer before them.
    """

    def __init__(
        self, num_units: int = NUM_UNITS, num_layers: int = NUM_LAYERS, num_embedded: int = NUM_EMBEDDED
    ) -> None:
        super().__init__()
        self.inp = nn.Linear(NUM_INPUTS, num_embedded)
        self.gru = nn.GRU(num_embedded, num_units, num_layers, batch_first=True)
        self.out = nn.Linear(num_units, 4)
        self.clock = nn.Linear(num_units, NUM_CLOCK)
        nn.init.constant_(self.out.bias, -3.0)

    def forward(self, inputs: Tensor, dropout: float = 0.0) -> tuple[Tensor, Tensor]:
        """Log odds (batch, frames, 4) and clock (batch, frames, 4): cosine and sine of the phase in beat and bar."""
        embedded = nn.functional.dropout(torch.relu(self.inp(inputs)), dropout, self.training)
        hidden, _ = self.gru(embedded)
        hidden = nn.functional.dropout(hidden, dropout, self.training)
        return self.out(hidden), self.clock(hidden)

    def arrays(self, delay_s: float) -> dict[str, NDArray[np.float32]]:
        """Weights as `data.sound.beat_network` has them; the clock is left out."""
        found = {
            name.replace(".", "__"): value.detach().numpy().astype(np.float32)
            for name, value in self.state_dict().items()
            if not name.startswith("clock")
        }
        return found | {"delay_s": np.array(delay_s, np.float32)}

    def begin_with(self, arrays: Mapping[str, NDArray[np.float32]]) -> None:
        """Takes over weights; the clock, which they do not have, stays as it was drawn."""
        own = self.state_dict()
        for name in own:
            if not name.startswith("clock"):
                own[name] = torch.from_numpy(np.array(arrays[name.replace(".", "__")]))
        self.load_state_dict(own)


def network_of(arrays: Mapping[str, NDArray[np.float32]]) -> TrainedNetwork:
    """A network of the size that the weights have, with these weights.

    Raises:
        ValueError: They are not a beat network's.
    """
    try:
        num_layers = sum(name.startswith("gru__weight_hh_l") for name in arrays)
        network = TrainedNetwork(arrays["gru__weight_hh_l0"].shape[1], num_layers, arrays["inp__weight"].shape[0])
        network.begin_with(arrays)
    except (KeyError, RuntimeError) as error:
        raise ValueError(f"these are no weights of a beat network: {error}") from error
    return network
