"""Where sound comes from: a device or a file, behind one protocol."""
