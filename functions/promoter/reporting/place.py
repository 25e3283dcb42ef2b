"""Where the pipeline runs, and where its documentation is: mails name both."""

from msgspec import Struct

DEFAULT_STACK = "package-promoter"


class Place(Struct, frozen=True):
    """The region, the account and the stack that report, the account that owns the domain, and the documentation.

    `docs_url` is the address of the documentation's site.
    """

    region: str = ""
    account: str = ""
    stack: str = DEFAULT_STACK
    domain_owner: str = ""
    docs_url: str = ""

    def link(self, page: str, heading: str) -> str:
        """The address of a section: `https://example.com/reasons/#expired`."""
        return f"{self.docs_url.rstrip('/')}/{page}/#{heading}"
