"""An AWS for your laptop: moto's server, the CodeArtifact emulator and the deployed template."""
