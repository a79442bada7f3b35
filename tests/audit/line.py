"""A line of the table, and what is known and stays."""

import re
from dataclasses import dataclass, field

EXCEPT = [  # (check, what it says, why it stays)
    ("HTML is valid", r"valid-autocomplete.*checkbox", "the theme's: else Firefox opens the drawer again on a reload"),
    (
        "HTML is valid",
        r"missing id .__toc.",
        "the theme's: a page without sections has the label of a list and no list",
    ),
]


@dataclass
class Line:
    check: str
    seen: str  # what was looked at
    found: list[str] = field(default_factory=list)
    result: str = ""  # the number found, where it is another
    limit: str = "0"

    def __post_init__(self):
        if not self.result:
            self.found = [one for one in dict.fromkeys(self.found) if not self.excepted(one)]
            self.result = str(len(self.found))

    def excepted(self, found):
        return any(check == self.check and re.search(says, found) for check, says, _ in EXCEPT)
