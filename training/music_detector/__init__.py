"""How the weights of `data.music_detector` are made: sound of known kinds, scenes cut from it, and a small network."""
