"""Promotes package versions between AWS CodeArtifact repositories.

What arrives runs through six stages, each with the most that it may do:

1. `event`    what arrives -> candidates, or the reason to leave it    (no I/O)
2. `decision` candidate + rule set + now -> a verdict with its reasons (no I/O, no clock)
3. `plan`     decisions -> instructions, by hop and package            (no I/O)
4. `promote`  carries the instructions out                             (the clients that it is given)
5. `outcome`  instruction + reply -> what became of each version       (no I/O)
6. `report`   decisions and outcomes -> log, metrics, one message      (no I/O)

`handlers` wires them to Lambda; `aws` alone talks to AWS.
"""
