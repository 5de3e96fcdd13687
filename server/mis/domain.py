"""What a student is to us, as pure rules: account names, age bands, pseudonyms, and import errors."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from server.kit.errors import InvalidError
from shared.taxonomy import AgeBand

MAX_SHOWN_MISTAKES = 50
MAX_ACCOUNT_CHARS = 256


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing wrong in a file: where it is, what it is, what to do. Never a name."""

    file: str
    line: int
    what: str

    def __str__(self) -> str:
        """E.g. ``users.csv line 14: …``; line 0 means the whole file."""
        return f"{self.file} line {self.line}: {self.what}" if self.line else f"{self.file}: {self.what}"


class ImportRefusedError(InvalidError):
    """Nothing of a file was imported; ``mistakes`` says line by line what to put right."""

    code = "import_refused"

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        shown = [str(mistake) for mistake in mistakes[:MAX_SHOWN_MISTAKES]]
        if len(mistakes) > len(shown):
            shown.append(f"… and {len(mistakes) - len(shown)} more.")
        super().__init__("Nothing was imported.\n" + "\n".join(shown))
        self.mistakes = tuple(mistakes)


def account_candidates(account: str) -> tuple[str, ...]:
    r"""The names to look for when a device reports ``account``, best first, in lower case.

    Operating systems say ``jdoe``, ``DOMAIN\jdoe`` or ``jdoe@academy.example``; an MIS may know any of them.
    """
    whole = account.strip().lower()[:MAX_ACCOUNT_CHARS]
    after_domain = whole.rpartition("\\")[2]
    before_at = after_domain.partition("@")[0]
    return tuple(dict.fromkeys(name for name in (whole, after_domain, before_at) if name))


def age_band(date_of_birth: date | None, year_group: int | None, on: date) -> AgeBand:
    """The band a student is in on a day (DOMAIN.md §B3): by birth, else by year group, else unknown."""
    if date_of_birth is not None:
        had_birthday = (on.month, on.day) >= (date_of_birth.month, date_of_birth.day)
        return _band_of_age(on.year - date_of_birth.year - (0 if had_birthday else 1))
    if year_group is not None:
        # A student of Year N turns N + 5 during the school year.
        return _band_of_age(year_group + 4) if year_group < 7 else _band_of_age(year_group + 5)
    return AgeBand.UNKNOWN


def _band_of_age(age: int) -> AgeBand:
    if age <= 10:
        return AgeBand.AGE_4_10
    if age <= 16:
        return AgeBand.AGE_11_16
    return AgeBand.AGE_17_18 if age <= 18 else AgeBand.ADULT


def new_pseudonym(taken: set[str], random_hex: Callable[[int], str]) -> str:
    """A pseudonym such as ``7F3A`` that is not in ``taken``, and is added to it.

    ``random_hex(n)`` gives n random hexadecimal digits. Four digits serve while they are easy to find;
    the name grows by one digit whenever sixteen tries in a row were taken.
    """
    length = 4
    while True:
        for _ in range(16):
            name = random_hex(length).upper()
            if name not in taken:
                taken.add(name)
                return name
        length += 1
