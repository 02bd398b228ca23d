"""What a sample is: skeletons, poses, sound features, music, file formats. numpy only, no torch."""
