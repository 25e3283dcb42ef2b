"""The error of a pattern or a Package URL that cannot be used."""


class PatternError(ValueError):
    """A text that is not a pattern, or a pattern that matches no package.

    `problem` says what is wrong. `hint` says what to write instead; it is "" if that is not known.
    """

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem}; {hint}" if hint else problem)
        self.problem = problem
        self.hint = hint
