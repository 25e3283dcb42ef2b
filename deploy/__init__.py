"""Builds the Lambda artifact: `sam build`, then a smaller SDK, bytecode, and the same bytes every time."""
