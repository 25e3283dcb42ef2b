"""Errors of ranges. Each carries its facts as attributes, so that no caller has to parse a message."""


class RangeError(ValueError):
    """A text that is not a range in the language of its format.

    `expected` names what the text should be, as in "an npm range". `suggestion` is a text to write instead, "" if
    none is known. `detail` says more about the mistake, "" if there is no more to say.
    """

    def __init__(self, expected: str, suggestion: str = "", *, detail: str = "", text: str = "") -> None:
        message = f'"{text}" is not {expected}'
        message += f": {detail}" if detail else ""
        message += f'; write "{suggestion}"' if suggestion else ""
        super().__init__(message)
        self.expected = expected
        self.suggestion = suggestion
        self.detail = detail


class RangeLengthError(ValueError):
    """A text that is empty or too long to be a range in any language. `hint` says what to do, "" if not known."""

    def __init__(self, problem: str, hint: str = "") -> None:
        super().__init__(f"{problem}; {hint}" if hint else problem)
        self.problem = problem
        self.hint = hint


class UnknownFormatError(ValueError):
    """A package format that CodeArtifact does not have."""
