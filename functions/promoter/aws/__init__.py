"""The only modules that call AWS. The SDK is imported on the first call: a batch without one is cheap."""
