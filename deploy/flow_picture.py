"""Draw docs/flow.svg, the picture of the flow: `python -m deploy.flow_picture`."""

from dataclasses import dataclass
from html import escape
from pathlib import Path

TARGET = Path(__file__).parent.parent / "docs" / "flow.svg"
WIDTH, HEIGHT = 906, 376
LABEL = "A publish event starts the function, which copies the version from dev to staging to prod as the rules say"
STYLE = """
  text { font: 14px system-ui, 'DejaVu Sans', sans-serif; fill: #1f2937; text-anchor: middle }
  .small { font-size: 12px; fill: #475569 }
  rect { stroke-width: 1.5 }
  .repository rect { fill: #dbeafe; stroke: #2563eb }
  .ours rect { fill: #ede9fe; stroke: #7c3aed }
  .aws rect { fill: #f1f5f9; stroke: #64748b }
  .people rect { fill: #dcfce7; stroke: #16a34a }
  path { fill: none; stroke: #475569; stroke-width: 1.5; marker-end: url(#arrow) }
  .dashed { stroke-dasharray: 5 4 }
"""


@dataclass(frozen=True)
class Box:
    """A rounded box with a title and a second line."""

    kind: str
    x: int
    y: int
    width: int
    title: str
    note: str

    def draw(self) -> str:
        """Return the SVG of the box."""
        middle = self.x + self.width // 2
        return (
            f'<g class="{self.kind}"><rect x="{self.x}" y="{self.y}" width="{self.width}" height="56" rx="8"/>'
            f'<text x="{middle}" y="{self.y + 24}">{escape(self.title)}</text>'
            f'<text class="small" x="{middle}" y="{self.y + 43}">{escape(self.note)}</text></g>'
        )


BOXES = (
    Box("people", 12, 24, 150, "publish", "npm, twine, mvn, ..."),
    Box("repository", 228, 24, 150, "dev", "every version"),
    Box("repository", 486, 24, 150, "staging", "what the rules allow"),
    Box("repository", 744, 24, 150, "prod", "what clients install"),
    Box("aws", 12, 160, 150, "EventBridge rule", "publish events"),
    Box("aws", 228, 160, 150, "PromotionQueue", "the list of work"),
    Box("ours", 486, 160, 150, "PromoteFunction", "decides and copies"),
    Box("ours", 744, 160, 150, "rules.toml", "reviewed, deployed"),
    Box("people", 12, 296, 150, "answers", "checks and approvals"),
    Box("aws", 228, 296, 150, "pending entries", "EventBridge Scheduler"),
    Box("aws", 486, 296, 150, "SNS", "what failed or waits"),
    Box("aws", 744, 296, 150, "CloudWatch", "log, metrics, alarms"),
)
ARROWS = (  # path, text, its place, dashed
    ("M162 52H222", "", (0, 0), False),
    ("M378 52H480", "copy", (429, 44), False),
    ("M636 52H738", "copy", (687, 44), False),
    ("M303 80V120H87V154", "events of dev and staging", (195, 114), False),
    ("M162 188H222", "", (0, 0), False),
    ("M378 188H480", "", (0, 0), False),
    ("M561 160V86", "CopyPackageVersions", (640, 124), False),
    ("M744 188H642", "", (0, 0), True),
    ("M87 296V222", "events", (116, 264), False),
    ("M486 204H432V324H384", "not finished", (474, 264), False),
    ("M303 296V222", "in time", (334, 264), False),
    ("M561 216V290", "", (0, 0), False),
    ("M600 216V256H819V290", "", (0, 0), False),
)


def draw() -> str:
    """Return the picture as SVG."""
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{LABEL}">',
        f"<style>{STYLE}</style>",
        '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8" orient="auto">'
        '<path d="M0 0L8 4L0 8z" style="fill:#475569;stroke:none;marker-end:none"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" style="fill:#ffffff"/>',
    ]
    for path, text, (x, y), dashed in ARROWS:
        lines.append(f'<path d="{path}"{" class=" + chr(34) + "dashed" + chr(34) if dashed else ""}/>')
        lines.append(f'<text class="small" x="{x}" y="{y}">{escape(text)}</text>' if text else "")
    return "\n".join([*filter(None, lines), *(box.draw() for box in BOXES), "</svg>\n"])


if __name__ == "__main__":
    TARGET.write_text(draw(), "utf-8")
