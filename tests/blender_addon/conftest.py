"""What lies in `inside` needs Blender's own Python: `test_in_blender.py` runs it there."""

collect_ignore = ["inside"]
