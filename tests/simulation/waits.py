"""What the versions of a world wait for: a soak on the first hop, answers on the second. Also who answers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from promoter.copying.ports import ApiError
from promoter.packages.candidate import Candidate
from promoter.rules.vocabulary import Hop
from promoter.times import format_time
from promoter.waiting.names import answer_package, entry_prefix
from tests.simulation.clockwork import Chance
from tests.support.in_memory_waiting import InMemoryAnswers, InMemorySchedules
from tests.support.samples import DOMAIN, OWNER

ASKING = Hop("staging", "prod")
PROMOTION = f"from-{ASKING.source}"
SOAKS = {"": 0, "60s": 60, "3h": 10_800, "2d": 172_800}
GATES: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"checks": ["sca"]},
    {"approval": True},
    {"checks": ["sca"], "approval": True},
)
FAULTS = {
    "throttled": lambda: ApiError("ThrottlingException", "Rate exceeded"),
    "lost": lambda: ApiError("InternalServerException", "lost"),
    "denied": lambda: ApiError("AccessDeniedException", "not authorized"),
}


@dataclass
class Waits:
    """The soak and the questions of one world, when revisions arrived, and what was answered."""

    chance: Chance
    clock: Callable[[], float]
    answers: InMemoryAnswers = field(default_factory=InMemoryAnswers)
    schedules: InMemorySchedules = field(default_factory=InMemorySchedules)
    arrived: dict[tuple[str, str, str], float] = field(default_factory=dict)  # repository, purl, revision
    about: dict[str, Candidate] = field(default_factory=dict)  # by the name of the package of answers
    soak: str = field(init=False)
    gate: dict[str, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.soak = self.chance.random.choice(["", *SOAKS])
        self.gate = self.chance.random.choice(GATES)

    @property
    def keys(self) -> dict[str, dict[str, Any]]:
        """The keys of the promotion from each source."""
        return {"dev": {"soak": self.soak} if self.soak else {}, ASKING.source: self.gate}

    @property
    def namespaces(self) -> list[str]:
        """Where the answers are that the second hop asks for."""
        asked = [f"check-{name}" for name in self.gate.get("checks", ())]
        return asked + (["approval"] if self.gate.get("approval") else [])

    def arrive(self, candidate: Candidate) -> None:
        """Note that a revision was announced in its repository now."""
        self.arrived.setdefault(_key(candidate), int(self.clock()))  # events have whole seconds

    def may_pass(self, candidate: Candidate) -> bool:
        """True if a candidate's time has come, or all its answers are there."""
        if candidate.repository == ASKING.source:
            return all(self.has_passed(candidate, namespace) for namespace in self.namespaces)
        return self.clock() >= self.arrived[_key(candidate)] + SOAKS[self.soak]

    def has_passed(self, candidate: Candidate, namespace: str) -> bool:
        """True if the newest answer is a usable yes. An independent reading of design §7."""
        found = self.answers.packages.get((namespace, answer_package(candidate, _hop(namespace))), [])
        if not found or found[0][0].status != "Published" or found[0][1] is None:
            return False
        try:
            return bool(json.loads(found[0][1])["predicate"]["result"] != "FAILED")
        except (ValueError, KeyError, TypeError):
            return False

    def refused(self, candidate: Candidate, namespace: str) -> bool:
        """True if any answer was no: that decision ended, and a later answer begins again."""
        found = self.answers.packages.get((namespace, answer_package(candidate, _hop(namespace))), [])
        return any(content is not None and b'"FAILED"' in content for _, content in found)

    def answer(self, candidate: Candidate) -> str:
        """Answer one question about a candidate, not always well. Return the event about it."""
        namespace = self.chance.random.choice(self.namespaces)
        about: dict[str, Any] = {"promotion": PROMOTION} if namespace == "approval" else {}
        kind = self.chance.random.choice(
            ["PASSED"] * 6 + ["WARNED", "FAILED", "FAILED", "malformed", "Archived"]
        )
        self.chance.note(f"          {namespace} {kind} about {candidate.purl}")
        match kind:
            case "malformed":
                about["content"] = b"{}"
            case "Archived":
                about["status"] = "Archived"
            case result:
                about["result"] = result
        return self._published(candidate, namespace, about)

    def answer_all(self, candidate: Candidate) -> list[str]:
        """Answer every open question about a candidate with yes. Return the events."""
        return [
            self._published(candidate, namespace, {"promotion": PROMOTION} if namespace == "approval" else {})
            for namespace in self.namespaces
            if not self.has_passed(candidate, namespace)
        ]

    def is_pending(self, candidate: Candidate, hop: Hop) -> bool:
        """True if an entry about this revision waits."""
        prefix = entry_prefix(candidate, hop)
        return any(name.startswith(prefix) for name in self.schedules.entries)

    def draw_fault(self) -> str:
        """Let the next call of Scheduler or of the answers fail. Return the name of the fault."""
        name = self.chance.random.choice(list(FAULTS))
        if self.chance.happens(0.5):
            operation = self.chance.random.choice(["create", "create", "list", "get", "delete"])
            lost = self.schedules.lost if self.chance.happens(0.4) else self.schedules.faults
            lost[operation] = FAULTS[name]()
        else:
            operation = self.chance.random.choice(["list", "read"])
            self.answers.faults[operation] = FAULTS[name]()
        self.chance.note(f"fault {name} in {operation} of waiting")
        return name

    def end_faults(self) -> None:
        """Let every call succeed again."""
        self.schedules.faults.clear()
        self.schedules.lost.clear()
        self.answers.faults.clear()

    def _published(self, candidate: Candidate, namespace: str, about: dict[str, Any]) -> str:
        number = sum(len(versions) for versions in self.answers.packages.values())
        detail = self.answers.publish(candidate, namespace, _hop(namespace), version=f"v{number}", **about)
        self.about[detail["packageName"]] = candidate
        state = about.get("status", "Published")
        return _event(detail, state, self.clock())


def _hop(namespace: str) -> Hop | None:
    return ASKING if namespace == "approval" else None


def _key(candidate: Candidate) -> tuple[str, str, str]:
    return candidate.repository, candidate.purl, candidate.revision


def _event(detail: dict[str, Any], state: str, time: float) -> str:
    return json.dumps(
        {
            "source": "aws.codeartifact",
            "detail-type": "CodeArtifact Package Version State Change",
            "time": format_time(int(time)),
            "id": f"answer-{detail['packageVersion']}",
            "detail": {
                **detail,
                "domainName": DOMAIN,
                "domainOwner": OWNER,
                "packageVersionState": state,
                "packageVersionRevision": detail["packageVersion"],
                "operationType": "Created",
                "sequenceNumber": 1,
            },
        }
    )
