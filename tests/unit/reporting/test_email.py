"""mail: what a person gets to read; whole mails."""

import re
import shlex
import string

from hypothesis import given
from hypothesis import strategies as st

from promoter.copying.results import (
    EXPIRED,
    NPM_LATEST,
    AssetDifference,
    BadAnswer,
    Outcome,
    OutcomeKind,
    Result,
)
from promoter.packages.package import Package
from promoter.printable import escape_unprintable
from promoter.reporting.email import Letter, subject, text
from promoter.reporting.next_steps import NEXT_STEPS, next_step
from promoter.reporting.notifications import select_notifications
from promoter.reporting.place import Place
from promoter.reporting.plain_text import wrap
from tests.support.samples import BEGINS, DOMAIN, delivery, promotion, result, rules

REPLY = "the destination already holds this version with other contents"
OTHER = Outcome(
    OutcomeKind.FAILED,
    "ALREADY_EXISTS",
    REPLY,
    differences=(
        AssetDifference("package.tgz", "77fe" * 16, "1a2b" * 16),
        AssetDifference("README.md", "c0de" * 16, ""),
    ),
)
DENIED = Outcome(
    OutcomeKind.FAILED,
    "AccessDeniedException",
    "not authorized to perform: codeartifact:Copy",
    is_final=False,
)
LEGACY = Package("npm", "", "acme-legacy")
PLACE = Place(
    "eu-west-1", "123456789012", "package-promoter", "210987654321", "https://docs.example.com/promoter"
)
TO_PROD = rules(promotion("everything-to-prod", "dev -> prod"))


def written(*results: Result) -> tuple[str, str]:
    told = select_notifications(results)
    letter = Letter(told, results, DOMAIN, "4f1c9e", "7d0e", PLACE, 1_764_092_905.5)
    return subject(told, DOMAIN), text(letter)


def test_a_conflict_shows_both_sides_and_the_next_step() -> None:
    promoted = [result(Outcome(OutcomeKind.COPIED), TO_PROD, version=f"{number}") for number in range(19)]

    assert written(result(OTHER, TO_PROD, package=LEGACY, version="2.0.0"), *promoted) == (
        "[acme] 1 not promoted: acme-legacy 2.0.0 -> prod",
        """\
prod already has acme-legacy 2.0.0 (npm) with different files:
  package.tgz   prod sha256 1a2b1a2b...   dev sha256 77fe77fe...
  README.md     prod missing   dev sha256 c0dec0de...
Nothing was changed.

19 other versions were promoted in this batch.

Publish a new version. If the destination's copy is wrong, delete it
there, then copy the version by hand.
  $ aws codeartifact copy-package-versions --domain acme \\
      --source-repository dev --destination-repository prod \\
      --format npm --package acme-legacy --version-revisions 2.0.0=r1 \\
      --domain-owner 210987654321 --region eu-west-1
About this code:
https://docs.example.com/promoter/reasons/#already-exists

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion everything-to-prod, rules 4f1c9e
Request 7d0e
""",
    )


def test_files_that_were_added_later_name_the_rules_that_would_have_promoted_them() -> None:
    added = Outcome(
        OutcomeKind.FAILED,
        "ALREADY_EXISTS",
        REPLY,
        differences=(AssetDifference("gadget.whl", "77fe" * 16, ""),),
        only_added=True,
    )

    assert written(result(added, TO_PROD, package=LEGACY, version="2.0.0"))[1] == (
        """\
Files were added to acme-legacy 2.0.0 (npm) in dev after it was
promoted:
  gadget.whl
prod keeps its files.

Nothing, if the destination does not need the added files. Otherwise ask
the rules owner to set on-conflict = "extend". A `soak` longer than the
upload promotes all files at once.
  $ promoter explain pkg:npm/acme-legacy@2.0.0
About this code: https://docs.example.com/promoter/reasons/#files-added

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion everything-to-prod, rules 4f1c9e
Request 7d0e
"""
    )


def test_a_refused_call_says_what_the_api_said() -> None:
    assert written(result(DENIED, TO_PROD)) == (
        "[acme] 1 not promoted: @acme/widget 1.0.0 -> prod",
        """\
@acme/widget 1.0.0 (npm) was not copied to prod: AccessDeniedException
  not authorized to perform: codeartifact:Copy

Grant the role what the message names, then redrive the dead-letter
queue.
  $ promoter redrive
About this code:
https://docs.example.com/promoter/reasons/#accessdeniedexception

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion everything-to-prod, rules 4f1c9e
Request 7d0e
""",
    )


def test_what_is_held_says_why_and_how_to_release_it() -> None:
    held = rules(promotion(), '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "leaks a token"\n')

    assert written(
        result(rule_set=held, pending=BEGINS), result(Outcome(OutcomeKind.COPIED), version="2.0.0")
    ) == (
        "[acme] 1 held: @acme/widget 1.0.0 -> staging",
        """\
@acme/widget 1.0.0 (npm) is held on the way from dev to staging:
  held: "leaks a token"

1 other version was promoted in this batch.

To release the version, remove the [[hold]] entry from the rules and
deploy them. The version is decided again within seven days.
  $ promoter explain pkg:npm/@acme/widget@1.0.0
About this code: https://docs.example.com/promoter/reasons/#hold

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion npm-to-staging, rules 4f1c9e
Request 7d0e
""",
    )


def test_a_waived_reason_is_marked() -> None:
    waiver = (
        '[[waive]]\npackage = "pkg:npm/@acme/*"\nconditions = ["versions"]\nreason = "trial"\n'
        "until = 2026-12-01T08:00:00Z\n"
    )
    hold = '[[hold]]\npackage = "pkg:npm/@acme/widget"\nreason = "leaks"\n'

    _, mail = written(result(rule_set=rules(promotion(versions="^2"), hold, waiver), pending=BEGINS))

    assert mail.startswith(
        "@acme/widget 1.0.0 (npm) is held on the way from dev to staging:\n"
        '  1.0.0 not in ^2 (waived until 2026-12-01T08:00:00Z: "trial")\n'
        '  held: "leaks"\n'
    )


def test_a_version_that_nobody_has_released_says_what_to_do_now() -> None:
    expired = Outcome(OutcomeKind.EXPIRED, EXPIRED, "nobody released it within 91 days")

    assert written(result(expired, TO_PROD, version="1.5.0")) == (
        "[acme] 1 expired: @acme/widget 1.5.0 -> prod",
        """\
@acme/widget 1.5.0 (npm) is no longer decided for prod: nobody released
it within 91 days.

"""
        + f"{wrap(next_step(EXPIRED))}\n  $ promoter explain pkg:npm/@acme/widget@1.5.0\n"
        + """\
About this code: https://docs.example.com/promoter/reasons/#expired

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion everything-to-prod, rules 4f1c9e
Request 7d0e
""",
    )


def test_a_version_without_its_tag_was_promoted_all_the_same() -> None:
    denied = "npm's tag latest was not moved forward in prod: AccessDeniedException no"

    assert written(result(Outcome(OutcomeKind.COPIED, NPM_LATEST, denied), TO_PROD, version="1.5.0")) == (
        "[acme] 1 without the tag latest: @acme/widget 1.5.0 -> prod",
        """\
@acme/widget 1.5.0 (npm) is in prod, but without the tag latest:
  npm's tag latest was not moved forward in prod: AccessDeniedException
    no

Fix what the message names: the next copy of the package moves the tag,
too. To move it now, run `npm dist-tag add NAME@VERSION latest` on the
destination.
  $ npm dist-tag add @acme/widget@1.5.0 latest
About this code: https://docs.example.com/promoter/reasons/#npm-latest

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion everything-to-prod, rules 4f1c9e
Request 7d0e
""",
    )


def test_what_was_promoted_extended_and_rejected_can_be_told_too() -> None:
    telling = rules(
        promotion("all", notify=["promoted", "extended", "rejected"], exclude=["pkg:npm/@acme/secret"])
    )
    secret = Package("npm", "acme", "secret")

    assert written(
        result(Outcome(OutcomeKind.COPIED), telling, version="1"),
        result(Outcome(OutcomeKind.COPIED, extended=True), telling, version="2"),
        result(rule_set=telling, package=secret, version="3"),
    ) == (
        "[acme] 1 extended: @acme/widget 2 -> staging and 2 more",
        """\
1 extended:
  npm  @acme/widget 2  dev -> staging  files were added

1 rejected:
  npm  @acme/secret 3  dev -> staging  exclude

1 promoted:
  npm  @acme/widget 1  dev -> staging

exclude:
  exclude "pkg:npm/@acme/secret"
Nothing, if this is intended. Otherwise ask the rules owner to remove
the pattern from `exclude`.
  $ promoter explain pkg:npm/@acme/secret@3
About this code: https://docs.example.com/promoter/reasons/#exclude

Domain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC
Promotion all, rules 4f1c9e
Request 7d0e
""",
    )


def test_a_long_story_is_cut_with_a_count() -> None:
    failed = [result(DENIED, version=f"1.0.{number}") for number in range(25)]

    head, body = written(*failed)

    assert head == "[acme] 25 not promoted: @acme/widget 1.0.0 -> staging and 24 more"
    assert body.count("dev -> staging  AccessDeniedException") == 20
    assert "\n\nand 5 more; the decision log has them all.\n\n" in body


def test_many_assets_are_cut_with_a_count() -> None:
    differences = tuple(AssetDifference(f"{number}.jar", "", "aa") for number in range(23))

    body = written(result(Outcome(OutcomeKind.FAILED, "ALREADY_EXISTS", REPLY, differences=differences)))[1]

    assert body.count(".jar ") == 20
    assert "\n  and 3 more\nNothing was changed.\n" in body


def test_an_event_that_was_delivered_twice_is_one_promoted_version() -> None:
    copied = result(Outcome(OutcomeKind.COPIED), version="2.0.0")
    again = result(Outcome(OutcomeKind.COPIED), version="2.0.0", duplicate=True)

    assert "1 other version was promoted in this batch." in written(result(DENIED), copied, again)[1]


def every_message() -> list[tuple[str, str]]:
    """A mail for every code, about one version and about several, and about names that are long."""
    long = Package(
        "maven", "com.acme.platform.payments.settlement.internal", "settlement-batch-processor-core"
    )
    asking = rules(
        promotion("releases-to-prod-after-approval", "dev -> prod", approval="payments", checks=["sca"])
    )
    manual = rules(promotion(mode="manual", approval=True))
    rejecting = rules(promotion(notify=["rejected"], exclude=["pkg:npm/@acme/*"]))
    everything = rules(promotion("everything-to-prod", "dev -> prod", ["pkg:**"]))
    mails = []
    for package in (LEGACY, long):
        failed = [Outcome(OutcomeKind.FAILED, code, REPLY * 2) for code in [*NEXT_STEPS, "Unheard"]]
        cases = [
            *(result(each, everything, package=package) for each in failed),
            result(OTHER, everything, package=package),
            result(
                Outcome(OutcomeKind.EXPIRED, EXPIRED, "nobody released it within 91 days"),
                everything,
                package=package,
            ),
            result(Outcome(OutcomeKind.COPIED, NPM_LATEST, REPLY), everything, package=package),
            result(rule_set=asking, pending=BEGINS, revision="nQjA" * 11),
            result(rule_set=manual, pending=BEGINS),
            result(rule_set=rejecting),
        ]
        mails += [written(each) for each in cases]
        mails.append(written(*cases))
        mails += [written(*[each] * 3) for each in cases]
    bad = [
        BadAnswer(delivery(), "check-sca", "npm.acme.widget." + "a1b2" * 16, "20261125T174830.123Z", REPLY)
    ]
    mails.append((subject([], DOMAIN, bad), text(Letter([], [], DOMAIN, "4f1c9e", "7d0e", PLACE, 0, bad))))
    return mails


def test_every_message_is_plain_text_of_72_columns_but_for_words_that_are_longer() -> None:
    mails = every_message()

    assert len(mails) > 100
    for head, body in mails:
        assert head.isascii()
        assert body.isascii()
        for line in body.splitlines():
            assert len(line) <= 72 or max(map(len, line.split())) > 40, line
            assert line == line.rstrip()


def test_every_message_has_absolute_links_and_its_place_and_a_command() -> None:
    for _, body in every_message():
        assert "docs/" not in body
        assert "https://docs.example.com/promoter/reasons/#" in body
        assert (
            "\nDomain acme, eu-west-1, account 123456789012, 2025-11-25 17:48 UTC\n" in body or "1970" in body
        )
        assert "\n  $ " in body


def test_every_command_can_be_pasted_into_a_shell() -> None:
    bodies = [body for _, body in every_message()]
    commands = [
        shlex.split(found.replace("\\\n", ""))
        for body in bodies
        for found in re.findall(r"^  \$ ((?:.*\\\n)*.*)", body, re.MULTILINE)
    ]

    assert {words[0] for words in commands} == {"aws", "npm", "promoter"}
    assert {words[1] for words in commands if words[0] == "promoter"} == {
        "answer",
        "approve",
        "explain",
        "pending",
        "redrive",
        "refuse",
    }
    assert all("\n" not in word and "\\" not in word for words in commands for word in words)
    pinned = [words for words in commands if words[1] in ("answer", "approve", "refuse")]
    assert all("--revision" in words for words in pinned)
    assert {words[-1] for words in commands if words[0] == "aws"} == {"eu-west-1"}


HOSTILE = st.text(min_size=1, max_size=255) | st.sampled_from(
    ["\x1b[31m", "a\u2028b", "\u202egnp.exe", "%s%n{0}", "x" * 255, "\U0001f4a9" * 255]
)


@given(name=HOSTILE, namespace=HOSTILE, version=HOSTILE, said=st.text(max_size=50), count=st.integers(1, 120))
def test_whatever_the_names_the_subject_is_one_short_line_and_the_mail_plain_text(
    name: str, namespace: str, version: str, said: str, count: int
) -> None:
    failed = result(
        Outcome(OutcomeKind.FAILED, "NOT_ALLOWED", said),
        package=Package("npm", namespace, name),
        version=version,
    )

    head, body = written(*[failed] * count)

    assert 0 < len(head) < 100
    assert set(head) <= set(string.printable) - set("\t\n\r\x0b\x0c")
    assert head.startswith(f"[acme] {count} not promoted: ")
    assert head.endswith(f" and {count - 1} more") or count == 1
    assert set(body) <= set(string.printable) - set("\t\r\x0b\x0c")


@given(st.text())
def test_plain_text_can_be_told_apart_from_what_was_escaped(line: str) -> None:
    assert escape_unprintable(line).isascii()
    assert escape_unprintable(line, keep="\n").count("\n") == line.count("\n")
