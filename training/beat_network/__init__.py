"""The beat network's training: music with known beats is rendered, heard as mel bands, and learned."""
