"""State of one person in 16 bytes, and what the stored numbers mean."""

from exitvoice.engine.columns import Column, Field, Layout

# expression: what a person shows
LOYAL, WITHDRAWN, DISSENT = 0, 1, 2
# journey
HOME, APPLYING, PERMITTED, ABROAD, CAUGHT = 0, 1, 2, 3, 4
# purpose of a journey or an application
VISIT, TRY, LEAVE = 0, 1, 2
# document
NONE, VALID, SURRENDERED, WITHHELD, LENT, INVALID = 0, 1, 2, 3, 4, 5
# service: a vacant post holds no person
SERVING, RETIRED, VACANT = 0, 1, 2

RANKS = 4
OFFICES = 4  # longest chain of approval; a person keeps the stage reached
QUEUES = tuple(f"queue_{place}" for place in range(OFFICES))  # tallies of those who wait at each
ROUNDS = 3  # rounds of expression a step
NO_LIMIT = 255  # weeks: no limit on the length of a trip
FREE_WORD = 0x00FF00C0  # policy word of somebody of whom nothing is asked (exitvoice.scenario.words)
EARLIEST = 16384  # steps before the run's first that the clock can name

LAYOUT = Layout(
    columns=(
        Column("opposition", "uint16", share=True),
        Column("inclination", "uint16"),  # traits that the drift of opposition needs, as levels (traits.py)
        Column("word", "uint32"),
        Column("character", "uint32"),  # traits that expression needs, as levels
        Column("clock", "uint16"),  # step of leaving office, counted from EARLIEST steps before the run
        Column("timer", "uint16"),  # steps left of a permit or of custody
    ),
    fields=(
        Field("expression", 2),
        Field("journey", 3),
        Field("purpose", 2),
        Field("document", 3),
        Field("listed_covered", 1),
        Field("listed_applied", 1),
        Field("listed_sanctioned", 1),
        Field("listed_error", 1),
        Field("service", 2),
        Field("rank", 2),
        Field("stage", 3),
        Field("trips", 2),
        Field("kin", 1),
        Field("generation", 4),
        Field("wish_level", 8, "inclination"),
        Field("baseline_level", 8, "inclination"),
        Field("candour_level", 8, "character"),
        Field("scruple_level", 6, "character"),
        Field("risk_level", 8, "character"),
        Field("taste_withdrawn_level", 5, "character"),
        Field("taste_dissent_level", 5, "character"),
    ),
    marks=("active", *(f"revises_{number}" for number in range(ROUNDS))),
)
