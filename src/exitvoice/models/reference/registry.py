"""The published models by name."""

from exitvoice.documents.locator import nearest_name
from exitvoice.errors import InputError, Mistake
from exitvoice.models.reference import global_game, granovetter, kuran, lohmann
from exitvoice.models.reference.base import ReferenceModel
from exitvoice.models.reference.epstein import model as epstein
from exitvoice.models.reference.epstein_two import model as epstein_two
from exitvoice.models.reference.repression import model as repression
from exitvoice.models.reference.self_censorship import model as self_censorship
from exitvoice.models.reference.siegel import model as siegel

MODELS: dict[str, ReferenceModel] = {
    model.name: model
    for model in (
        granovetter.MODEL,
        kuran.MODEL,
        lohmann.MODEL,
        global_game.MODEL,
        epstein.MODEL,
        epstein_two.MODEL,
        repression.MODEL,
        self_censorship.MODEL,
        siegel.MODEL,
    )
}  # fmt: skip


def find_model(name: str) -> ReferenceModel:
    """Return a published model by its name.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if name in MODELS:
        return MODELS[name]
    raise InputError(
        [
            Mistake(
                file="reference",
                line=None,
                column=None,
                path="",
                what=f"there is no published model {name!r}",
                why=f"there are {', '.join(MODELS)}",
                mend="give one of these; `exitvoice reference` says what each is",
                nearest=nearest_name(name, MODELS),
            )
        ]
    )
