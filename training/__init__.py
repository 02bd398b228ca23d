"""How a dancer is made: Lightning, windows of data, metrics."""
