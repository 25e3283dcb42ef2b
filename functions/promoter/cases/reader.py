"""Case files: TOML text -> cases, or all mistakes at once."""

import tomllib
from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from promoter.cases.case import Case
from promoter.cases.case_reader import read_case
from promoter.cases.file_format import CaseFileEntry
from promoter.rules.rule_set import RuleSet
from promoter.rules_file.diagnostics import (
    Collector,
    Diagnostic,
    RulesError,
    error,
    line_of,
    placed,
    render,
    syntax_error,
)
from promoter.rules_file.reader import load
from promoter.rules_file.table_reader import Table, TablePlace, read_array_of_tables, read_fields

_PLACE = TablePlace((), "the case file")
_MULTILINE = ("'''", '"""')


class CaseFileError(Exception):
    """A case file that cannot be used. The message has all its mistakes, each with its line and a fix."""


class CaseFile(Struct, frozen=True):
    """The text of a case file, and its name."""

    source: str
    name: str

    def read(self, beside: Callable[[], RuleSet]) -> list[Case]:
        """Read the cases; raises CaseFileError. `beside` gives the rules of a file that has no rules of its own."""
        out = Collector()
        cases: list[Case] = []
        try:
            cases = self._read(tomllib.loads(self.source), beside, out)
        except ValueError as cause:  # also of a long integer
            out.add(syntax_error(cause, self.source))
        except RecursionError:
            out.add(error((), "tables or arrays are nested too deeply"))
        if out.has_errors:
            raise CaseFileError(render(out.all, self.source, self.name))
        return cases

    def _read(self, tree: Table, beside: Callable[[], RuleSet], out: Collector) -> list[Case]:
        tables = read_array_of_tables(tree, "case", out)
        if tree.get("case", []) == []:
            out.add(error((), "there is no [[case]]", "add a [[case]]"))
        rule_sets = self._rule_sets(tree, beside, out)
        if rule_sets is None:
            return []
        found = (read_case(table, index, rule_sets, self.source, out) for index, table in enumerate(tables))
        cases = [each for each in found if each is not None]
        out.add(*_repeated(cases))
        return cases

    def _rule_sets(
        self, tree: Table, beside: Callable[[], RuleSet], out: Collector
    ) -> dict[str, RuleSet | None] | None:
        """The rules that cases may be about by name, "" for those beside the file; None if [rules] is no table."""
        head = {key: value for key, value in tree.items() if key != "case"}
        values = read_fields(head, CaseFileEntry, _PLACE, out)
        if "rules" not in tree:
            return {"": beside()}
        if "rules" not in values:
            return None
        return {name: self._load(name, text, out) for name, text in values["rules"].items()}

    def _load(self, name: str, text: str, out: Collector) -> RuleSet | None:
        """The rules of this name; None if they have mistakes."""
        try:
            return load(text).rule_set
        except RulesError as wrong:
            out.add(*self._moved(name, text, wrong.diagnostics))
            return None

    def _moved(self, name: str, text: str, diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
        """The mistakes of rules inside the case file, with their lines in the case file."""
        path = ("rules", name)
        first = line_of(path, self.source)
        code = self.source.split("\n")[first - 1].rstrip() if first else ""
        lines_before = first if code.endswith(_MULTILINE) else first - 1
        return [
            replace(each, message=f'rules "{name}": {each.message}', path=path, line=lines_before + each.line)
            for each in placed(diagnostics, text)
            if each.severity == "error"
        ]


def _repeated(cases: Sequence[Case]) -> list[Diagnostic]:
    """The cases whose name an earlier one has."""
    first: dict[str, int] = {}
    found = []
    for case in cases:
        if case.name in first:
            message = f'two cases have the name "{case.name}"; the first is at line {first[case.name]}'
            found.append(Diagnostic("error", message, "give it another name", line=case.line))
        first.setdefault(case.name, case.line)
    return found
