"""A bound on what is allocated while a model is built, for configurations that come from files of others."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import torch
from torch.overrides import TorchFunctionMode

_MADE_OF_SIZES: Final = {torch.empty, torch.zeros, torch.ones, torch.rand, torch.randn, torch.full}
_MADE_OF_NUMBERS: Final = {torch.eye: 2, torch.arange: 1, torch.linspace: 1}


class BoundedAllocation(TorchFunctionMode):
    """Refuses to make more tensors, or larger ones, than a model with these weights has any use for.

    Example:
        >>> with BoundedAllocation(num_values=1000, num_tensors=2):
        ...     torch.nn.Linear(10**12, 1)
        Traceback (most recent call last):
            ...
        ValueError: 1000000000000 numbers are asked for, and the weights are 1000 in all
    """

    def __init__(self, *, num_values: int, num_tensors: int) -> None:
        """What the weights hold in all."""
        super().__init__()
        self._num_values = num_values
        self._num_tensors = num_tensors
        self._values_left = 4 * num_values + 10_000_000  # masks and positions are no weights
        self._tensors_left = 20 * num_tensors + 1000

    def __torch_function__(
        self,
        func: Callable[..., Any],
        types: Iterable[type],
        args: tuple[Any, ...] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> Any:
        """Counts what is made of sizes, before it is made."""
        kwargs = kwargs or {}
        if func in _MADE_OF_SIZES or func in _MADE_OF_NUMBERS:
            num_values = _numel(func, args, kwargs)
            if num_values > self._values_left:
                raise ValueError(f"{num_values} numbers are asked for, and the weights are {self._num_values} in all")
            self._values_left -= num_values
            self._tensors_left -= 1
            if self._tensors_left < 0:
                raise ValueError(f"more parts are asked for than {self._num_tensors} weights can belong to")
        return func(*args, **kwargs)


def _numel(func: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> int:
    sizes: Sequence[Any] = args or (kwargs.get("size", ()),)
    if func in _MADE_OF_NUMBERS:
        numbers = [size for size in sizes if isinstance(size, int | float)]
        return math.prod(max(1, int(abs(number))) for number in numbers[-_MADE_OF_NUMBERS[func] :])
    if isinstance(sizes[0], list | tuple):
        sizes = sizes[0]
    return math.prod(int(size) for size in sizes if isinstance(size, int) and size >= 0)
