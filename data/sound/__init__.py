"""Sound to features, causally: the streaming contract, resampler, gain, spectra, the beat, is it music."""
