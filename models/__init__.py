"""What a dancer is: networks, flows, the step contract, checkpoints. torch only, no files of data/."""
