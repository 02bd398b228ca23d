"""What needs no Blender: the wire, the session, takes, rig names, retargeting. Standard library and numpy only."""
