"""The words of the notice and the badge, plain and by age band. No drawing, no state.

A change of meaning needs a new NOTICE_VERSION: then everybody is shown the notice again.
"""

from dataclasses import dataclass

from shared.taxonomy import AgeBand

NOTICE_VERSION = 1


@dataclass(frozen=True, slots=True)
class Wording:
    """One age band's notice."""

    title: str
    paragraphs: tuple[str, ...]
    button: str


BADGE_ON = "Lantern is on"
BADGE_PAUSED = "Lantern is paused"
WINDOW_TITLE = "About Lantern on this computer"

_YOUNGER = Wording(
    title="This computer helps to keep you safe",
    paragraphs=(
        "Your school uses Lantern on this computer. Lantern reads the words you type here.",
        "Almost all of your words are forgotten straight away. If your words sound as if you or somebody "
        "else may be hurt or very sad, Lantern shows them to a safe adult, with a picture of the window.",
        "The adults who may look are trained to help. Nobody looks to catch you out.",
        "Lantern looks away when a window asks for a password, and on pages like Childline.",
        "You can always ask a teacher what Lantern does, or say that you do not like it. "
        "You can call Childline for free: 0800 1111.",
    ),
    button="I understand",
)
_MIDDLE = Wording(
    title="Your school watches this computer to keep you safe",
    paragraphs=(
        "What is read: the words you type while you use this computer, also ones you delete again. "
        "If they point to serious harm, the words around them and one picture of the window are kept.",
        "What is not read: windows that ask you to sign in, banking, and help services such as Childline, "
        "Samaritans and Shout. Everything else is forgotten within minutes and never leaves this computer.",
        "Who sees it: a trained moderator, then the safeguarding lead of your school. Not your "
        "classmates, not companies, and it is never used for advertising or for marks.",
        "How long: what was nothing is deleted after a short time. What needed help is kept with your "
        "school's safeguarding records.",
        "You may ask what was kept about you, and you may object: speak to your safeguarding lead. "
        "If you need somebody now: Childline 0800 1111 (free, day and night).",
    ),
    button="I understand",
)
_OLDER = Wording(
    title="This computer is monitored for safeguarding",
    paragraphs=(
        "What is processed: text typed in any application on this computer, including text you delete. "
        "It is assessed on this computer. Only passages that indicate a risk of serious harm leave it, "
        "encrypted, with up to ten minutes of context and one image of the active window.",
        "What is excluded: sign-in, password and banking windows, and help services such as Samaritans, Shout, "
        "NHS 111 and Childline. All other text is kept in memory for minutes only, never on disk.",
        "Who has access: trained moderators, then the designated safeguarding lead of your school or "
        "college. Each time somebody opens a passage or an image, that is recorded.",
        "How long: dismissed passages are deleted after a short period; concerns follow the school's "
        "safeguarding record. It is not used for advertising, attainment or attendance.",
        "You may ask for the data held about you, and you may object: contact your safeguarding lead or "
        "the trust's data protection officer. If you need to talk now: Samaritans 116 123, or text SHOUT "
        "to 85258.",
    ),
    button="I understand",
)


def wording_for(band: AgeBand) -> Wording:
    """The notice for ``band``; whoever's age we do not know gets the middle one."""
    match band:
        case AgeBand.AGE_4_10:
            return _YOUNGER
        case AgeBand.AGE_17_18 | AgeBand.ADULT:
            return _OLDER
        case _:
            return _MIDDLE
