"""The hops as a Mermaid flowchart."""

import re
from collections.abc import Iterator

from promoter.cli.graph_labels import requirements
from promoter.rules.rule_set import Promotion, RuleSet

# other characters may mean something to Mermaid or HTML, so they are written as entities, as `#34;`
_UNSAFE = re.compile(r"[^\w .,@/^~=+()\[\]-]")


def mermaid(rule_set: RuleSet) -> Iterator[str]:
    """The lines of a flowchart."""
    # the name of a repository may be a word of Mermaid, such as "end", so nodes are numbered
    ids = {repository: f"r{number}" for number, repository in enumerate(rule_set.repositories, 1)}
    yield "flowchart LR"
    for repository, id_ in ids.items():
        yield f'    {id_}["{escaped(repository)}"]'
    for hop_rules in rule_set.all_hops:
        label = "<br/>".join(_label(each) for each in hop_rules.promotions)
        yield f'    {ids[hop_rules.hop.source]} -->|"{label}"| {ids[hop_rules.hop.destination]}'


def escaped(text: str) -> str:
    """Escape a text for a quoted label. Source: Mermaid, Flowcharts, "Entity codes to escape characters"."""
    return _UNSAFE.sub(lambda found: f"#{ord(found[0])};" if found[0].isprintable() else " ", text)


def _label(promotion: Promotion) -> str:
    required = escaped(requirements(promotion))
    return f"{escaped(promotion.name)}: {required}" if required else escaped(promotion.name)
