"""A fast step for processors: a dancer's parts as one program over bfloat16 weights, without PyTorch."""
