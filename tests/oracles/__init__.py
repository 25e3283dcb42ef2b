"""What the ecosystems' own tools say about versions, to measure ours against."""
