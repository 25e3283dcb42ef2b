"""The next step for the user, by the code that decides: the same in mails, chat, commands and docs/reasons.md."""

import shlex

from promoter.copying.results import EXPIRED, NPM_LATEST, Result
from promoter.reporting.place import DEFAULT_STACK, Place
from promoter.rules.decision import Decision
from promoter.rules.reasons import Reason
from promoter.rules.vocabulary import ReasonCode, Verdict
from promoter.times import format_time

BAD_ANSWER = "bad-answer"  # the newest answer cannot be used
DESTINATION_STATUS = "destination-status"  # the destination has the version, but not as Published
FILES_ADDED = "files-added"  # ALREADY_EXISTS, but the source only has more files

_REDRIVE = "redrive the dead-letter queue"
_COPY = "copy the version by hand"  # where nothing decides the version again
_HELD_UNTIL = "Nothing: the version is decided again when the hold ends."
NEXT_STEPS: dict[str, str] = {
    ReasonCode.EXCLUDE: "Nothing, if this is intended. "
    "Otherwise ask the rules owner to remove the pattern from `exclude`.",
    ReasonCode.VERSIONS: "Publish a version in the range, or ask the rules owner to widen the range.",
    ReasonCode.PRERELEASE: "Publish the release, or ask the rules owner to allow prereleases.",
    ReasonCode.SOAK: "Nothing: the version is decided again when the soak ends.",
    ReasonCode.WINDOW: "Nothing: the version is decided again when the window opens.",
    ReasonCode.CHECK: "Have the check answered for this revision. The newest answer counts.",
    ReasonCode.APPROVAL: "Approve or refuse the version.",
    ReasonCode.MANUAL: "Nothing, unless the version is wanted: it is promoted when a person requests it.",
    ReasonCode.HOLD: "To release the version, remove the [[hold]] entry from the rules and deploy them. "
    "The version is decided again within seven days.",
    ReasonCode.SOURCE_STATUS: "If this is not intended, ask the repository owner to set the status to Published. "
    "The files of a Disposed version are lost: publish a new version. Complete the upload of an Unfinished one.",
    DESTINATION_STATUS: "If this is not intended, ask the owner of the destination to set the status to Published.",
    ReasonCode.NOT_SELECTED: "If the package should be promoted, ask the rules owner to add it to a promotion.",
    "ALREADY_EXISTS": "Publish a new version. If the destination's copy is wrong, delete it there, "
    f"then {_COPY}.",
    FILES_ADDED: "Nothing, if the destination does not need the added files. Otherwise ask the rules owner to set "
    'on-conflict = "extend". A `soak` longer than the upload promotes all files at once.',
    EXPIRED: "Publish the missing answer, if the version is still wanted: it is then decided again. "
    f"After the end of a [[hold]], {_COPY}.",
    BAD_ANSWER: "Publish a new answer for the same revision. The newest answer counts.",
    NPM_LATEST: "Fix what the message names: the next copy of the package moves the tag, too. "
    "To move it now, run `npm dist-tag add NAME@VERSION latest` on the destination.",
    "NOT_ALLOWED": "Check the version's status in the source and the package's origin controls in the destination. "
    f"After the fix, {_COPY}.",
    "MISMATCHED_STATUS": f"Check the version's status in the source. After the fix, {_COPY}.",
    "AccessDeniedException": "Grant the role what the message names, then redrive the dead-letter queue.",
    "ResourceNotFoundException": "Create the repository or the domain, or fix the rules. "
    "Then redrive the dead-letter queue.",
    "ValidationException": "Fix what the message names, then redrive the dead-letter queue.",
    "ServiceQuotaExceededException": "Request a higher quota, then redrive the dead-letter queue.",
}
_UNKNOWN = "Look the code up in the documentation."


def next_step(code: str) -> str:
    """The next step for a reader of this code; "" for no code."""
    return NEXT_STEPS.get(code, _UNKNOWN) if code else ""


def docs_link(code: str) -> str:
    """The section about this code in docs/reasons.md."""
    return f"docs/reasons.md#{heading(code)}"


def heading(code: str) -> str:
    """The anchor of the section about this code."""
    return code.lower().replace("_", "-")


def decisive_code(result: Result) -> str:
    """The code of the outcome, or of the reason that decides; "" if nothing is in the way."""
    if result.outcome is not None:
        return FILES_ADDED if result.outcome.only_added else result.outcome.code
    return (result.decision.decisive_code if result.decision else None) or ""


def next_step_of(decision: Decision, domain: str, *, live: bool, pending: bool = False) -> str:
    """The next step for one version, with the command to type where there is one.

    `live` is True if AWS was asked, so that a version that may be promoted is known not to be there yet. `pending` is
    True if it has a pending entry.
    """
    if decision.verdict is Verdict.PROMOTE and pending:
        return f"Nothing: the pipeline decides again when the entry fires, and copies it to {decision.hop.destination}."
    if decision.verdict is Verdict.PROMOTE:
        return _next_step_of_promotion(decision, domain, live=live)
    code = decision.decisive_code or ""
    waits_for_a_hold = (decision.verdict, code) == (Verdict.WAIT, ReasonCode.HOLD)
    text = _HELD_UNTIL if waits_for_a_hold else next_step(code)
    waits = [each.until for each in decision.reasons if each.until is not None and each.counts]
    if waits:
        text += f" Not before {format_time(max(waits))}."
    return "\n  $ ".join([text, *commands(decision)])


def next_commands(result: Result, domain: str, place: Place) -> list[str]:
    """The commands to run next for one version, pinned to the revision that was decided."""
    candidate, code = result.candidate, decisive_code(result)
    if result.outcome is None and result.decision is not None:
        answering = commands(result.decision, pinned=True)
        if answering:
            return answering
    if code == NPM_LATEST:
        return [f"npm dist-tag add {shlex.quote(f'{candidate.package.title}@{candidate.version}')} latest"]
    text = NEXT_STEPS.get(code, "")
    if _REDRIVE in text:
        return [f"promoter redrive{_stack_option(place)}"]
    if result.failed and _COPY in text:
        return _copying(result, domain, place)
    purl = candidate.purl.replace("%40", "@")
    return [f"promoter explain {shlex.quote(purl)}{_stack_option(place)}"] if code else []


def _copying(result: Result, domain: str, place: Place) -> list[str]:
    """The command that copies a version by hand, with the account and the region."""
    if result.decision is None:
        return []
    owner = f" --domain-owner {place.domain_owner}" if place.domain_owner else ""
    region = f" --region {place.region}" if place.region else ""
    return [copy_command(result.decision, domain) + owner + region]


def pending_command(place: Place) -> str:
    """The command that lists the versions that wait, each with the command that answers it."""
    return f"promoter pending{_stack_option(place)}"


def _stack_option(place: Place) -> str:
    return "" if place.stack == DEFAULT_STACK else f" --stack {shlex.quote(place.stack)}"


def commands(decision: Decision, *, pinned: bool = False) -> list[str]:
    """The commands that answer the questions which are open. `pinned` names the revision, too."""
    codes = ReasonCode.CHECK, ReasonCode.APPROVAL, ReasonCode.MANUAL
    if decision.verdict is not Verdict.HOLD or decision.decisive_code not in codes:
        return []
    unmet = [each for each in decision.reasons if each.code in codes and not each.met and each.counts]
    return [command for reason in unmet for command in _answers(decision, reason, pinned=pinned)]


def _answers(decision: Decision, reason: Reason, *, pinned: bool) -> list[str]:
    purl = shlex.quote(decision.candidate.purl.replace("%40", "@"))
    revision = decision.candidate.revision if pinned else ""
    pin = f" --revision {shlex.quote(revision)}" if revision else ""
    if reason.code is ReasonCode.CHECK:
        return [f'promoter answer {purl} --check {reason.name}{pin} --result passed --reason "..."']
    about = f'{purl} --promotion {shlex.quote(decision.promotion.name)}{pin} --reason "..."'
    verbs = ("approve",) if reason.code is ReasonCode.MANUAL else ("approve", "refuse")
    return [f"promoter {verb} {about}" for verb in verbs]


def next_step_of_conflict(result: Result, status: str, domain: str) -> str:
    """The next step if the destination has other files under the same version. `status` is the version's there."""
    decision, outcome = result.decision, result.outcome
    assert decision is not None
    assert outcome is not None
    mode = decision.promotion.on_conflict
    extends = mode == "extend" and outcome.only_added
    overwrites = mode == "overwrite" and status in ("Published", "Unlisted")
    if decision.verdict is not Verdict.PROMOTE or not (extends or overwrites):
        return next_step(decisive_code(result))
    return (
        f'Nothing, if the change is only minutes old: on-conflict = "{mode}" copies it. Otherwise {_COPY}.'
        f"\n  $ {copy_command(decision, domain)} --allow-overwrite"
    )


def copy_command(decision: Decision, domain: str) -> str:
    """The command that copies the version by hand, pinned to its revision if that is known."""
    candidate, hop = decision.candidate, decision.hop
    package = candidate.package
    pinned = f"{candidate.version}={candidate.revision}"
    words = [
        *("aws", "codeartifact", "copy-package-versions", "--domain", domain),
        *("--source-repository", hop.source, "--destination-repository", hop.destination),
        *("--format", package.format),
        *(("--namespace", package.namespace) if package.namespace else ()),
        *("--package", package.name),
        *(("--version-revisions", pinned) if candidate.revision else ("--versions", candidate.version)),
    ]
    return shlex.join(words)


def _next_step_of_promotion(decision: Decision, domain: str, *, live: bool) -> str:
    destination = decision.hop.destination
    if decision.promotion.mode == "observe":
        return f'Nothing is copied: mode = "observe" only logs and counts. "enforce" copies to {destination}.'
    if not live:
        return f"Nothing: the pipeline copies the version to {destination} when its event arrives."
    return (
        "Nothing, if the version is only minutes old. Otherwise its event was lost, or it was decided by other rules: "
        f"{_COPY}.\n  $ {copy_command(decision, domain)}"
    )
