"""The answers of a case: the newest one in each namespace of the evidence repository."""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import asdict

from promoter.cases.file_format import AnswerEntry
from promoter.rules.evidence import Answer, Question, UnusableAnswer
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import Collector, error
from promoter.rules_file.spelling import suggest
from promoter.rules_file.table_reader import TablePlace, read_entry

_NOBODY = "none"
_RESULTS = ("PASSED", "WARNED", "FAILED")
_HINT = 'write "none", "PASSED", "WARNED", "FAILED", or a table with a result or a problem'

Given = Answer | UnusableAnswer | None


def read_answers(
    given: Mapping[str, Any], rule_set: RuleSet, place: TablePlace, out: Collector
) -> dict[Question, Given]:
    """The answers by question. A namespace whose answers no promotion asks for is a mistake.

    An answer that names no promotion is for the one that asks.
    """
    asked = [
        (need, promotion.name)
        for promotion in rule_set.promotions
        for need in promotion.needs
        if isinstance(need, Question)
    ]
    known = sorted({question.namespace for question, _ in asked})
    entries = {
        namespace: _read_answer(namespace, value, place, out)
        for namespace, value in given.items()
        if _is_known(namespace, known, place, out)
    }
    return {
        question: _answer(entries[question.namespace], promotion)
        for question, promotion in asked
        if question.namespace in entries
    }


def _is_known(namespace: str, known: list[str], place: TablePlace, out: Collector) -> bool:
    if namespace in known:
        return True
    message = f'no promotion asks for the answers "{namespace}" of {place.title}'
    hint = suggest(namespace, known) if known else "leave them out: no promotion asks for answers"
    out.add(error((*place.path_of("answers"), namespace), message, hint))
    return False


def _read_answer(namespace: str, value: Any, place: TablePlace, out: Collector) -> AnswerEntry | None:
    """One answer; None if nobody has answered, or if it has a mistake."""
    path, title = (*place.path_of("answers"), namespace), f'answer "{namespace}" of {place.title}'
    if value == _NOBODY:
        return None
    if isinstance(value, str) and value in _RESULTS:
        value = {"result": value}
    if not isinstance(value, dict):
        shown = f'"{value}"' if isinstance(value, str) else "that"
        out.add(error(path, f"{title} cannot be {shown}", _HINT))
        return None
    entry = read_entry(value, AnswerEntry, TablePlace(path, title), out)
    if entry is not None and (entry.result is None) == (entry.problem is None):
        out.add(error(path, f"{title} needs either a result or a problem", _HINT))
        return None
    return entry


def _answer(entry: AnswerEntry | None, promotion: str) -> Given:
    if entry is None:
        return None
    if entry.problem is not None:
        return UnusableAnswer(entry.version, entry.problem)
    fields = {name: value for name, value in asdict(entry).items() if name != "problem" and value != ""}
    return Answer(**{"promotion": promotion, **fields})
