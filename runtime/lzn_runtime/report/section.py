"""What a section of the report is."""

from dataclasses import dataclass

from lzn_runtime.report.markup import Html


@dataclass(frozen=True)
class Section:
    """A part of the report with a heading.

    Attributes:
        id: Its anchor in the page.
        title: Its heading.
        body: What stands below.
        lead: One or two sentences that say how to read it.
    """

    id: str
    title: str
    body: Html
    lead: str = ""


@dataclass(frozen=True)
class Missing:
    """A section that could not be made, and why; the report lists them."""

    title: str
    reason: str
