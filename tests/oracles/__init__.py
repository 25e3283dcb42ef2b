"""Oracles: the ecosystems' own tools, to compare our ranges with."""
