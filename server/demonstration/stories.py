"""The invented messages of the demonstration's three weeks, in the mildest wording that makes sense on a board."""

from dataclasses import dataclass

from shared.taxonomy import DismissalReason, Severity, Theme


@dataclass(frozen=True, slots=True)
class Story:
    """One message as it might be typed, and what people made of it. ``dismissed`` means no alert came of it."""

    theme: Theme
    severity: Severity
    application: str
    passage: str
    message: str = ""
    dismissed: DismissalReason | None = None
    context: tuple[str, ...] = ()
    referred_to: str = ""


L2, L3, L4, L5 = Severity.LEVEL_2, Severity.LEVEL_3, Severity.LEVEL_4, Severity.LEVEL_5

STORIES = (
    Story(
        Theme.ABUSE_DISCLOSURE,
        L4,
        "chromium",
        "i dont want to go home tonight, he shouts at mum and throws things",
        "Student writes of shouting and things thrown at home tonight and does not want to go back.",
        context=("can i stay at yours after school", "its just better if im not there"),
        referred_to="local_authority",
    ),
    Story(
        Theme.ABUSE_DISCLOSURE,
        L3,
        "mousepad",
        "there was nothing for tea again, third time this week",
        "Possible neglect: no evening meal, said to be the third time this week.",
        context=("im so hungry in maths",),
    ),
    Story(
        Theme.DISTRESS,
        L3,
        "chromium",
        "i just feel like nobody would notice if i wasnt in school anymore",
        "Low mood and isolation; no plan and no immediate danger in the text or the context.",
    ),
    Story(
        Theme.DISTRESS,
        L2,
        "libreoffice",
        "so stressed about mocks i cant sleep",
        "Exam stress, poor sleep. Nothing else in context.",
    ),
    Story(
        Theme.SUICIDE,
        L4,
        "chromium",
        "i told my friend i dont see the point of being here any more and she is worried",
        "Student says they see no point in being here; a friend is worried. No plan, no time.",
        referred_to="health",
    ),
    Story(
        Theme.SUICIDE,
        L5,
        "chromium",
        "this is goodbye, look after my dog ok",
        "Reads as a goodbye message sent minutes ago. Please speak to the student now.",
        referred_to="health",
    ),
    Story(
        Theme.BULLYING,
        L3,
        "chromium",
        "they made a group chat without me just to laugh at my photos",
        "Student is excluded and mocked by a group; describes it as repeated.",
        context=("they do it every day now",),
    ),
    Story(
        Theme.BULLYING,
        L2,
        "chromium",
        "you are such a loser nobody wants you on the team",
        "One unkind message to another student.",
    ),
    Story(
        Theme.BULLYING,
        L4,
        "mousepad",
        "if i tell anyone they said they will wait for me after school",
        "Sustained bullying with a threat to wait for the student after school.",
        referred_to="",
    ),
    Story(
        Theme.VIOLENCE,
        L3,
        "chromium",
        "there is a fight arranged behind the sports hall on friday",
        "An arranged fight, place and day named.",
    ),
    Story(
        Theme.CRIMINAL_EXPLOITATION,
        L4,
        "chromium",
        "he says i owe him now so i have to drop the bag off",
        "Student describes a debt and being told to carry a bag. Possible criminal exploitation.",
        referred_to="police",
    ),
    Story(
        Theme.GROOMING,
        L4,
        "chromium",
        "he is 24 and says dont tell anyone we talk",
        "An adult asks the student to keep contact secret.",
        referred_to="local_authority",
    ),
    Story(
        Theme.OVERSHARING,
        L2,
        "chromium",
        "my address is on my profile so just come round",
        "Home address shared in a public profile.",
    ),
    Story(
        Theme.SUBSTANCES,
        L3,
        "chromium",
        "everyone was vaping in the toilets again, i bought one off someone",
        "Vape bought from another student.",
    ),
    Story(
        Theme.MISSING,
        L4,
        "mousepad",
        "im going to my cousins on saturday and not coming back, dont tell mum",
        "A plan to leave home with a day and a place.",
        referred_to="local_authority",
    ),
    Story(
        Theme.GAMBLING,
        L2,
        "chromium",
        "lost all my birthday money on skins again",
        "In-game spending; student regrets it.",
    ),
    Story(
        Theme.VIOLENCE,
        L3,
        "libreoffice",
        "macbeth kills duncan and cannot wash the blood from his hands",
        dismissed=DismissalReason.COURSEWORK,
    ),
    Story(
        Theme.VIOLENCE,
        L2,
        "chromium",
        "i got killed by the last boss again lol",
        dismissed=DismissalReason.GAME_OR_JOKE,
    ),
    Story(
        Theme.SUBSTANCES,
        L2,
        "libreoffice",
        "describe the effects of alcohol on the liver for biology",
        dismissed=DismissalReason.COURSEWORK,
    ),
    Story(
        Theme.DISTRESS,
        L2,
        "chromium",
        "im literally dying that was so funny",
        dismissed=DismissalReason.ORDINARY_TALK,
    ),
    Story(
        Theme.SUICIDE,
        L3,
        "chromium",
        "lyrics to that song about saying goodbye",
        dismissed=DismissalReason.FICTION_OR_LYRICS,
    ),
    Story(
        Theme.EXTREMISM,
        L2,
        "libreoffice",
        "explain why extremist parties grew in germany in the 1930s",
        dismissed=DismissalReason.COURSEWORK,
    ),
)
