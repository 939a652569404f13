"""Civil violence, model I, as a published model."""

from exitvoice.models.reference.base import Outcome, Progress, ReferenceModel, Setting
from exitvoice.models.reference.epstein.experiments import cops, deception, legitimacy, outbursts, sizes
from exitvoice.models.reference.epstein.setting import OPTIONS
from exitvoice.models.reference.epstein.targets import TARGETS

RUNS = {
    "outbursts": outbursts.run,
    "deception": deception.run,
    "legitimacy": legitimacy.run,
    "cops": cops.run,
    "sizes": sizes.run,
}


def run(setting: Setting, progress: Progress) -> Outcome:
    """Carry out the experiment that a setting names."""
    return RUNS[setting.word("experiment")](setting, progress)


MODEL = ReferenceModel(
    name="epstein",
    title="Civil violence, model I",
    source="J. M. Epstein, 'Modeling civil violence', PNAS 99 suppl. 3 (2002) 7243-7250",
    claim=(
        "Agents rebel where grievance exceeds the risk of arrest that they see around them. Long calms are broken by "
        "sudden outbursts: punctuated equilibrium."
    ),
    options=OPTIONS,
    targets=TARGETS,
    run=run,
    notes=(
        "With the ratio C/A as printed there are no outbursts. NetLogo's version takes its floor, Mesa's rounds it (a "
        "half to the even neighbour); rounding a half up instead halves the outbursts again.",
        "move_first is NetLogo's order: move, then decide or arrest; terms end with steps. decide_first is Mesa's: "
        "act, then move; terms end with turns. drawn takes turns with replacement. The paper says both: "
        "'selected at random' and 'once per period, random order' (relayed by ndouglas/SugarScape).",
        "In NetLogo's version the jailed leave their cell, and the cop takes it; in Mesa's they stay.",
        "The defaults are NetLogo's: 40 x 40 cells, 70 % agents, 4 % cops, vision 7, L .82, terms up to 30.",
    ),
)
