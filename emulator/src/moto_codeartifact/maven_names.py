"""The ending that a snapshot's version has (User Guide: maven-snapshots)."""

SNAPSHOT = "-SNAPSHOT"
