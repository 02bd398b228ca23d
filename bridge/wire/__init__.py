"""What leaves the bridge and what clients decode: protocols, encoders, targets."""
