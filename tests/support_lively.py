"""A small world in which nearly everything that may happen to a person soon happens to somebody."""

from exitvoice.scenario import Scenario, load_scenario

CHANGES = {
    "clock.start": "2020-06-20",
    "clock.step_days": 14,
    "rules.custody.applies_to.ranks": "all",
    "rules.custody.coverage": 0.9,
    "events.shortage.from": "2020-07-10",
    "events.shortage.effects.opposition": 0.3,
}
PARAMETERS = {
    "audit_rate": 20.0,
    "death_rate_serving": 0.5,
    "disclosure_rate": 30.0,
    "disobedience": 0.9,
    "dissent_price": 0.2,
    "document_lapse": 1.0,
    "false_entry_rate": 0.5,
    "first_document_rate": 30.0,
    "flight_deterrence": 0.1,
    "flight_rate": 400.0,
    "flight_rate_pending": 400.0,
    "inspection_capacity": 2.0,
    "inspection_rate": 2.0,
    "leave_wish_rate": 1.0,
    "leaver_ceiling": 0.9,
    "office_capacity_factor": 200.0,
    "office_handling_factor": 0.01,
    "opposition_shift": 1.0,
    "overstay_chance": 0.9,
    "refill_rate": 10.0,
    "report_followed": 0.5,
    "revision_rate": 40.0,
    "sanction_custody": 0.3,
    "sanction_removal": 0.2,
    "sanction_warning": 0.2,
    "stop_probability": 0.5,
    "trip_wish_rate": 20.0,
    "withdraw_rate": 3.0,
    "withheld_base": 0.0,
}


def lively(theory: str) -> Scenario:
    """The minimal scenario in a hurry, under one theory of expression."""
    parameters = {
        f"parameters.{name}": {"value": value, "assumed": "a lively test"}
        for name, value in PARAMETERS.items()
    }
    return load_scenario("minimal").with_changes({"theory": theory, **CHANGES, **parameters})
