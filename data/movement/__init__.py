"""What can be said of a motion alone, in numbers: how it moves, stands, faces and meets the floor."""
