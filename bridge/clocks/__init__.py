"""Who says where the beat is: the audio tracker, a tapping finger, MIDI clock, Ableton Link."""
