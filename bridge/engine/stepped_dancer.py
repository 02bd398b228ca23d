"""What the engine asks of a dancer."""

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from models.step.steering import Steering


class SteppedDancer(Protocol):
    """A dancer stepped from numpy, as a `models.step.stepper.DancerStepper`. States are values, never changed."""

    noise_dims: int

    @property
    def device_name(self) -> str:
        """What it runs on, as people know it."""
        ...

    def initial_state(self, seed: int = 0) -> Any:
        """A dancer about to start from the seed pose of this index, modulo their number."""
        ...

    def steer(self, state: Any, steering: Steering) -> Any:
        """The state with the performer's requests in it."""
        ...

    def step(
        self, music: NDArray[np.float32], state: Any, noise: NDArray[np.float32], temperature: float = 1.0
    ) -> tuple[NDArray[np.float32], Any]:
        """One frame: music (music_dims,), noise (noise_dims,) -> pose vector (dims,), next state."""
        ...
