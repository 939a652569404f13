"""Parameters of the institutions, chosen from those of a scenario."""

from dataclasses import dataclass

from exitvoice.models.exit_control.institutions import (
    background,
    control,
    enforcement,
    incidents,
    information,
    inspection,
    loss_of_control,
    offices,
    reporting,
)
from exitvoice.models.exit_control.institutions.smoothing import chosen
from exitvoice.scenario import Scenario


@dataclass(frozen=True)
class Rules:
    """Parameters of the institutions, one set an institution."""

    hope: offices.HopeRules
    memory: information.MemoryRules
    campaign: information.CampaignRules
    reporting: reporting.ReportingRules
    control: control.ControlRules
    inspection: inspection.InspectionRules
    enforcement: enforcement.EnforcementRules
    loss: loss_of_control.LossRules
    background: background.BackgroundRules
    shock: incidents.Shock


def institution_rules(scenario: Scenario) -> Rules:
    """Rules of the institutions of a scenario."""
    values = scenario.values
    shocks = scenario.shocks
    return Rules(
        hope=chosen(offices.HopeRules, values),
        memory=chosen(information.MemoryRules, values),
        campaign=chosen(information.CampaignRules, values),
        reporting=chosen(reporting.ReportingRules, values),
        control=chosen(control.ControlRules, values),
        inspection=chosen(inspection.InspectionRules, values),
        enforcement=chosen(enforcement.EnforcementRules, values),
        loss=chosen(loss_of_control.LossRules, values),
        background=chosen(background.BackgroundRules, values),
        shock=incidents.Shock(
            rate_per_year=shocks.rate_per_year,
            hardship=shocks.hardship,
            enforcement_away=-shocks.enforcement,
            opposition=shocks.opposition,
            known_dissent=shocks.known_dissent,
            weeks=shocks.weeks,
            half_life_weeks=values["incident_half_life_weeks"],
        ),
    )
