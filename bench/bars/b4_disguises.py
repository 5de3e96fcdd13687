"""B4: recall of normaliser and matcher under twenty disguises, what that does to clean lines, and its cost.

The phrases are the shipped lexicon's; the disguises are models/disguises.py. The second set of disguises, written
apart from the normaliser, is reported beside and holds nothing back.
"""

from bench.bar import Bar, Condition, Measurement
from models.evaluate import robustness

SAMPLES = 400
NEWLY_HIT = 0.001
MEAN_US = 15.0


def measure() -> Measurement:
    """The table of ``python -m models.evaluate --robustness``."""
    found = robustness(samples=SAMPLES)
    return Measurement(
        value=found["disguises_mean"],
        n=found["n"] * len(found["disguises"]),
        conditions=(
            Condition(
                "share of clean lines newly hit",
                round(found["clean_lines_newly_hit"] / found["clean_lines"], 5),
                NEWLY_HIT,
            ),
            Condition("mean microseconds of normaliser and matcher", found["microseconds"]["mean"], MEAN_US),
        ),
        details=found,
    )


BAR = Bar(
    id="B4",
    title="mean recall under twenty disguises",
    unit="recall",
    limit=0.97,
    measure=measure,
    at_most=False,
)
