"""Reports that travel up a hierarchy and are bent at every level.

    r_l = r_(l-1) + bias * (wanted - r_(l-1)),   l = 1 .. levels

so the truth keeps the weight (1 - bias)**levels: with bias .3 and five levels, .17. What the lowest level
knows is what people show plus a part (insight) of what they hide: base = shown + insight * (opposed -
shown).

Units: shares in [0, 1]. Sources: Fan, Xiong and Zhou (2016) on officials who report what the superior wants
and a centre that does not see a famine for two years; Putkaradze (2024) on distortion growing with
difficulties; form and insight assumed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from exitvoice.models.exit_control.institutions.smoothing import FloatArray, total


class ReportingRules(NamedTuple):
    """How reports are bent."""

    report_bias: float = 0.3  # pull, at each level, of what the superior wants
    report_levels: float = 4.0
    report_insight: float = 0.5  # part of the hidden that local officials know
    report_wanted: float = 0.05  # share opposed that superiors want to read


def truth_weight(rules: ReportingRules, *, strength: float = 1.0) -> float:
    """Weight of the lowest level's knowledge at the top, (1 - bias)**levels; strength 0 bends nothing."""
    return float((1.0 - strength * rules.report_bias) ** round(rules.report_levels))


def local_knowledge(shown: FloatArray, opposed: FloatArray, rules: ReportingRules) -> FloatArray:
    """Share opposed as the lowest officials know it, by region."""
    return shown + rules.report_insight * (opposed - shown)


def report_levels(base: float, rules: ReportingRules, *, wanted: float, strength: float = 1.0) -> FloatArray:
    """Give the reports from the lowest level (first) to the top (last), one a level."""
    pull = strength * rules.report_bias
    reports = np.full(round(rules.report_levels) + 1, base)
    for level in range(1, len(reports)):
        reports[level] = reports[level - 1] + pull * (wanted - reports[level - 1])
    return reports


def top_report(
    known: FloatArray, persons: FloatArray, rules: ReportingRules, *, wanted: float, strength: float = 1.0
) -> float:
    """Share opposed as the leadership reads it: the regions' knowledge by persons, bent on its way up."""
    everybody = total(persons)
    base = total(known * persons) / everybody if everybody > 0.0 else wanted
    return float(report_levels(base, rules, wanted=wanted, strength=strength)[-1])
