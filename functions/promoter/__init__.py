"""Promotes package versions between AWS CodeArtifact repositories.

A publish event passes these folders from top to bottom. Imports run upwards in this list only.

- `packages`    packages, candidates, and patterns that select them      (no I/O)
- `versions`    the version ranges of eight formats, a library           (no I/O)
- `rules`       the rules in memory: candidate + evidence -> decisions   (no I/O, no clock)
- `rules_file`  the rules file: TOML -> rules, or all its errors         (no I/O)
- `intake`      events and SQS batches -> candidates                     (no I/O)
- `copying`     decisions -> instructions -> calls -> outcomes           (through ports)
- `reporting`   results -> decision log, metrics, SNS messages           (no I/O)
- `cases`       users' own cases: expected decisions, and comparison     (no I/O)
- `inspection`  questions about versions, for the command line           (through ports)
- `aws`         the adapters of the ports; they alone call AWS
- `cli`         the commands and what they print

`lambda_function` connects intake, copying and reporting; `handlers` connects that to AWS.
"""
