"""What `transflower-train evaluate` does, part by part."""
