"""Tries the assumptions about AWS on a deployed stack, one step each, and writes a report."""
