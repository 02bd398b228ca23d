"""How the weights of `data.sound.music_detector` are made: known kinds of sound, scenes cut from it, a network."""
