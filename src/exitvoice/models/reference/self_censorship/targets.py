"""What a reimplementation of the model of dissent and self-censorship has to give."""

from exitvoice.models.reference.base import Target, Value
from exitvoice.models.reference.self_censorship.world import PROPORTIONAL, UNIFORM

OWN = "the authors' published run (seed 458734673, 100,000 people), made again with their draws"


def _target(
    name: str,
    what: str,
    published: str,
    bounds: tuple[float, float],
    source: str,
    quality: str,
    needs: dict[str, Value],
    if_missed: str = "",
) -> Target:
    return Target(name, what, published, bounds[0], bounds[1], source, quality, needs, if_missed)


ABSTRACT = "abstract: for any population there is a policy that leads to total self-censorship"
BOLD = "abstract: suppression depends critically on the willingness to withstand punishment early on"
TARGETS = (
    _target(
        "suppressed-proportional-1", "suppressed (1) or not (0), boldness 1", "1", (1, 1), OWN, "derived", {}
    ),
    _target(
        "rounds-proportional-1",
        "round in which it is suppressed, boldness 1; one draw, so within a factor of two",
        "791",
        (396, 1582),
        OWN,
        "derived",
        {},
    ),
    _target(
        "said-proportional-1",
        "dissent said after 5,000 rounds, of that wanted, boldness 1",
        ".0023",
        (0, 0.01),
        OWN,
        "derived",
        {"rounds": 5000},
        "one draw: severity drifts at random, and with it what the boldest say; 8 other sequences of tries ended "
        "between .018 and .28",
    ),
    _target(
        "suppressed-proportional-3",
        "suppressed (1) or not (0), boldness 3",
        "0",
        (0, 0),
        OWN,
        "derived",
        {"boldness": 3.0},
    ),
    _target(
        "said-proportional-3",
        "dissent said in the end, of that wanted, boldness 3",
        "1.000",
        (0.99, 1.0),
        OWN,
        "derived",
        {"boldness": 3.0},
    ),
    _target(
        "suppressed-uniform-2",
        "uniform punishment: suppressed (1) or not (0), boldness 2",
        "the timid are suppressed",
        (1, 1),
        BOLD,
        "seen",
        {"punishment": UNIFORM, "boldness": 2.0},
    ),
    _target(
        "suppressed-uniform-8",
        "uniform punishment: suppressed (1) or not (0), boldness 8",
        "the bold deter",
        (0, 0),
        BOLD,
        "seen",
        {"punishment": UNIFORM, "boldness": 8.0},
    ),
    *(
        _target(
            f"said-{punishment}-harshest",
            f"dissent said under tolerance 0, surveillance 1, severity 1,000 ({punishment})",
            "none",
            (0, 0),
            ABSTRACT,
            "seen",
            {
                "punishment": punishment,
                "tolerance": 0.0,
                "surveillance": 1.0,
                "severity": 1000.0,
                "rounds": 1,
            },
        )
        for punishment in (PROPORTIONAL, UNIFORM)
    ),
)
