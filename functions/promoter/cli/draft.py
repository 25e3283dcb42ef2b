"""The text of the rules file that `promoter init` proposes for a domain."""

from promoter.inspection.proposal import ProposedPatterns

SCHEMA_LINE = "#:schema ./rules.schema.json\n"
_MAX_NAMESPACES = 5  # the rest is counted
_EVERYTHING = ProposedPatterns({}, {"pkg:**": 0})
_OBSERVE = """\
# "observe" decides, logs and counts, but copies nothing. Remove it when `promoter plan` shows what you want.
[defaults]
mode = "observe"
"""
_EXAMPLE = """\
# No two repositories have names of stages that follow each other. Write your own promotions, for example:
#
# [[promotion]]
# name = "dev-to-prod"
# from = "dev"
# to = "prod"
# packages = ["pkg:npm/@acme/*", "/maven/com.acme~"]
# soak = "24h"       # a version must have been in dev for so long
# approval = true    # a person must approve it
"""
_INTERNAL = 'origin = "internal" # the patterns also match public packages; those are not promoted'


_EXTEND = 'on-conflict = "extend" # add files that follow later, such as a wheel after its sdist'
_SEVERAL_FILES = frozenset({"", "maven", "pypi"})  # versions may get files later; "" is every format
