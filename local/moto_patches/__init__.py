"""Additions and corrections to moto 5.2.5 that the local AWS needs. Each module says which and why."""
