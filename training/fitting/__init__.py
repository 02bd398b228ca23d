"""How a dancer is fitted: the Lightning module and its command line, callbacks, roll-outs, export."""
