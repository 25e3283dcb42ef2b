"""The error of a pattern or a Package URL that cannot be used."""

from collections.abc import Sequence


class PatternError(ValueError):
    """A text that is not a pattern, or a pattern that matches no package.

    `problem` says what is wrong. `hint` says what to write instead; it is "" if that is not known. `suggestions` are
    the texts to write instead; together they replace the wrong text.
    """

    def __init__(self, problem: str, hint: str = "", suggestions: Sequence[str] = ()) -> None:
        hint = hint or (f"write {' and '.join(suggestions)}" if suggestions else "")
        super().__init__(f"{problem}; {hint}" if hint else problem)
        self.problem = problem
        self.hint = hint
        self.suggestions = tuple(suggestions)
