"""Window models: those that read a whole window anew for every frame."""
