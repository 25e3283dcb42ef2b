"""An AWS for the laptop: moto's server, with a CodeArtifact that moto itself does not have."""
