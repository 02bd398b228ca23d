"""What is done to the data of a Blender file: armatures, actions, sound. Needs bpy, knows no panel."""
