"""Adapters of AWS services. The only modules that call AWS."""
