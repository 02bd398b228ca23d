"""Normalizing flows: base densities, couplings, invertible maps, and the flows made of them."""
