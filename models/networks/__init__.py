"""Networks that models are built from: attention, transformers, encoders, coupling nets."""
