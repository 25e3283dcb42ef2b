"""Builds what is deployed: `sam build`, then everything that it leaves out.

`python -m deploy.build --arch arm64` checks the rules, lets SAM install the code and its libraries, cuts the SDK
to the services that are called, leaves out what never runs, compiles, and makes the bytes the same every time.
"""
