"""The command line `promoter`: commands and their printing."""
