"""Category, Theme, Severity and the facets of a graded Event, with the words people read.

Source: DOMAIN.md §B1 to §B3. Ids are permanent and never reused; labels may change with
TAXONOMY_VERSION. Sexuality, gender identity, faith, ethnicity and politics are never themes.
"""

from enum import IntEnum, StrEnum

TAXONOMY_VERSION = 1


class Severity(IntEnum):
    """How soon a human must act. Shown as "Level 4"."""

    LEVEL_1 = 1
    LEVEL_2 = 2
    LEVEL_3 = 3
    LEVEL_4 = 4
    LEVEL_5 = 5

    @property
    def label(self) -> str:
        """The words on screen, e.g. ``Level 4``."""
        return f"Level {self.value}"

    @property
    def meaning(self) -> str:
        """One line for a moderator who hesitates (DOMAIN.md §B3)."""
        return _SEVERITY_MEANING[self]


_SEVERITY_MEANING = {
    Severity.LEVEL_1: "No risk on its own; kept in case it becomes relevant.",
    Severity.LEVEL_2: "Minor; matters only if repeated.",
    Severity.LEVEL_3: "May escalate; the school should look soon.",
    Severity.LEVEL_4: "Likely harm or a credible disclosure; the DSL must act today.",
    Severity.LEVEL_5: "Imminent or ongoing serious harm; act now.",
}


class Category(StrEnum):
    """The market's word a DSL knows."""

    VULNERABLE_PERSON = "VP"
    BULLYING = "BU"
    VIOLENCE = "VI"
    EXTREMISM = "TE"
    GROOMING = "GR"
    SEXUAL_CONTENT = "SX"
    SUBSTANCES = "SU"
    OVERSHARING = "OS"
    OFFENSIVE = "OF"
    CYBER = "CY"
    GENERAL = "GN"
    SUSPECTED_TEST = "TS"

    @property
    def label(self) -> str:
        """The words on screen, e.g. ``Vulnerable Person``."""
        return _CATEGORY_LABEL[self]


_CATEGORY_LABEL = {
    Category.VULNERABLE_PERSON: "Vulnerable Person",
    Category.BULLYING: "Bullying & discrimination",
    Category.VIOLENCE: "Violence",
    Category.EXTREMISM: "Terrorism & extremism",
    Category.GROOMING: "Grooming & exploitation",
    Category.SEXUAL_CONTENT: "Sexual content & harmful sexual behaviour",
    Category.SUBSTANCES: "Substances & gambling",
    Category.OVERSHARING: "Oversharing",
    Category.OFFENSIVE: "Offensive",
    Category.CYBER: "Cyber & evasion",
    Category.GENERAL: "General risk",
    Category.SUSPECTED_TEST: "Suspected test",
}


class Theme(StrEnum):
    """The finer T-number under a Category."""

    SUICIDE = "T01"
    SELF_HARM = "T02"
    EATING = "T03"
    DISTRESS = "T04"
    ABUSE_DISCLOSURE = "T05"
    MISSING = "T06"
    GROOMING = "T07"
    CRIMINAL_EXPLOITATION = "T08"
    SEXUAL_CONTENT = "T09"
    BULLYING = "T10"
    HATE = "T11"
    VIOLENCE = "T12"
    EXTREMISM = "T13"
    SUBSTANCES = "T14"
    GAMBLING = "T15"
    OVERSHARING = "T16"
    OFFENSIVE = "T17"
    CYBER = "T18"
    DISINFORMATION = "T19"
    HARMFUL_AI = "T20"
    GENERAL = "T90"
    SUSPECTED_TEST = "T99"

    @property
    def label(self) -> str:
        """The words on screen, e.g. ``Abuse & neglect disclosure``."""
        return _THEME[self][1]

    @property
    def category(self) -> Category:
        """The one Category this Theme stands under."""
        return _THEME[self][0]


_THEME = {
    Theme.SUICIDE: (Category.VULNERABLE_PERSON, "Suicide"),
    Theme.SELF_HARM: (Category.VULNERABLE_PERSON, "Self-harm"),
    Theme.EATING: (Category.VULNERABLE_PERSON, "Eating & body image"),
    Theme.DISTRESS: (Category.VULNERABLE_PERSON, "Distress"),
    Theme.ABUSE_DISCLOSURE: (Category.VULNERABLE_PERSON, "Abuse & neglect disclosure"),
    Theme.MISSING: (Category.VULNERABLE_PERSON, "Missing, running away, homeless"),
    Theme.GROOMING: (Category.GROOMING, "Grooming & sexual exploitation by another"),
    Theme.CRIMINAL_EXPLOITATION: (Category.GROOMING, "Criminal exploitation"),
    Theme.SEXUAL_CONTENT: (Category.SEXUAL_CONTENT, "Sexual content & harmful sexual behaviour"),
    Theme.BULLYING: (Category.BULLYING, "Bullying"),
    Theme.HATE: (Category.BULLYING, "Discrimination & hate"),
    Theme.VIOLENCE: (Category.VIOLENCE, "Violence & weapons"),
    Theme.EXTREMISM: (Category.EXTREMISM, "Extremism & radicalisation"),
    Theme.SUBSTANCES: (Category.SUBSTANCES, "Drugs, alcohol, vapes"),
    Theme.GAMBLING: (Category.SUBSTANCES, "Gambling & commerce"),
    Theme.OVERSHARING: (Category.OVERSHARING, "Oversharing"),
    Theme.OFFENSIVE: (Category.OFFENSIVE, "Offensive language"),
    Theme.CYBER: (Category.CYBER, "Cyber & evasion"),
    Theme.DISINFORMATION: (Category.GENERAL, "Mis/disinformation & conspiracy"),
    Theme.HARMFUL_AI: (Category.GENERAL, "Harmful AI or companion interaction"),
    Theme.GENERAL: (Category.GENERAL, "General concern"),
    Theme.SUSPECTED_TEST: (Category.SUSPECTED_TEST, "Suspected test"),
}


class AgeBand(StrEnum):
    """The bands that severity and wording depend on (DOMAIN.md §B3)."""

    AGE_4_10 = "4-10"
    AGE_11_16 = "11-16"
    AGE_17_18 = "17-18"
    ADULT = "18+"
    UNKNOWN = "unknown"


class SubjectRole(StrEnum):
    """Who the typed text is about (DOMAIN.md §B2)."""

    SELF_AT_RISK = "self_at_risk"
    TARGET = "target"
    PERPETRATOR = "perpetrator"
    FRIEND_REPORTING = "friend_reporting"
    BYSTANDER = "bystander"
    RESEARCHER = "researcher"
    UNKNOWN = "unknown"


class Authenticity(StrEnum):
    """What kind of text it is (DOMAIN.md §B2)."""

    GENUINE = "genuine"
    AMBIGUOUS = "ambiguous"
    JOKE = "joke"
    FICTION = "fiction"
    LYRICS = "lyrics"
    GAME = "game"
    RESEARCH = "research"
    AI_ROLE_PLAY = "ai_role_play"
    TEST = "test"


class Immediacy(StrEnum):
    """How soon the harm may come (DOMAIN.md §B2)."""

    NOW = "now"
    WITHIN_24H = "within_24h"
    WITHIN_7D = "within_7d"
    NO_TIME = "no_time"
    PAST = "past"


class DismissalReason(StrEnum):
    """Why a moderator saw no risk."""

    COURSEWORK = "coursework"
    FICTION_OR_LYRICS = "fiction_or_lyrics"
    GAME_OR_JOKE = "game_or_joke"
    ORDINARY_TALK = "ordinary_talk"
    CAPTURE_ERROR = "capture_error"
    DUPLICATE = "duplicate"

    @property
    def label(self) -> str:
        """The words on screen."""
        return self.value.replace("_", " ").capitalize()
