"""The controls: what a performer may change, its schema, its present state, presets."""
