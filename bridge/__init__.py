"""How a dancer performs: sources of sound, engine, runner, outputs."""
