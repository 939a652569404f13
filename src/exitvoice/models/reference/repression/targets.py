"""What a reimplementation of the model of protest and repression has to give."""

from exitvoice.models.reference.base import Target, Value

ABSTRACT = "abstract, PLoS ONE e0250784"


def _targets(ending: str, needs: dict[str, Value]) -> tuple[Target, ...]:
    where = ending.replace("-", " ")
    return (
        Target(
            f"lessened-{ending}",
            f"mean size at the highest rates, of that at the lowest ({where})",
            "repression is built so that it can only lessen protest",
            0.0,
            0.95,
            ABSTRACT,
            "seen",
            needs,
        ),
        Target(
            f"rarest-{ending}",
            f"share of studies with the rarest of three signs, at low rates ({where})",
            "all three signs occur",
            0.001,
            1.0,
            ABSTRACT,
            "seen",
            needs,
        ),
        Target(
            f"unclear-{ending}",
            f"studies without the true sign, at low rates more than over all rates ({where})",
            "most contradictory at rates like the real ones (low, as recalled)",
            0.01,
            1.0,
            ABSTRACT,
            "seen",
            needs,
        ),
    )


TARGETS = (
    *_targets("scale-free", {}),
    *_targets("small-world", {"network": "small-world"}),
    *_targets("always-seen", {"beginners": "firm"}),
    Target(
        "live-edges",
        "mean size without removal, from following picks; standard errors apart",
        "the same law",
        -4.0,
        4.0,
        "D. Kempe, J. Kleinberg, E. Tardos, KDD 2003, theorem 2.5",
        "derived",
        {"beginners": "firm", "rate": 0.0, "trials": 400},
    ),
)
