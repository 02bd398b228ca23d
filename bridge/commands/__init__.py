"""The sub-commands of `transflower`: each is a dataclass of options with a `run`. Heavy imports wait until then."""
