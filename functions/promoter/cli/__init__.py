"""The command line `promoter`: ask what becomes of a version and why, author rules, look at a deployment."""
