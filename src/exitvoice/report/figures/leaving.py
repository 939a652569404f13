"""Applications and decisions, waits, departures by kind, stays, and what happens at the border."""

from exitvoice.report import numbers
from exitvoice.report.figures import flows
from exitvoice.report.figures.base import Material, Panel, add_line, blank, label_right, top
from exitvoice.report.palette import LIGHT
from exitvoice.results.periods import period_means
from exitvoice.results.summary import summarise

DECISIONS = {
    "applications": "applications",
    "grants": "granted",
    "refusals": "refused",
    "withdrawals": "withdrawn",
}
DEPARTURES = {
    "departures_free": "under no restriction",
    "departures_permitted": "with a permit",
    "departures_disobedient": "against a rule",
}
STAYS = {
    "overstayed": "stayed on after a trip",
    "left_for_good": "left for good",
    "fled": "fled",
}
BORDER = {
    "stopped": "stopped at the border",
    "wrongly_stopped": "of these, wrongly",
    "caught": "caught in flight",
}


def applications(material: Material) -> Panel:
    """Applications to travel and what became of them, a quarter."""
    summary = summarise(material.data)
    decided = summary.grants + summary.refusals
    reading = (
        f"{numbers.people(summary.applications).capitalize()} applications; "
        f"of those decided, {numbers.share(summary.refusals / decided) if decided else 'none'} were refused."
    )
    return Panel(
        key="applications",
        title="Asking for permission",
        reading=reading,
        note="One person can apply several times. Many who would be refused do not ask: they are in no curve. "
        + flows.note_on_marks(material.data, DECISIONS),
        plot=flows.lines(
            material.data, DECISIONS, axis_title="applications and decisions, sums of each quarter"
        ),
        table=flows.yearly_table(material.data, DECISIONS),
    )


def waits(material: Material) -> Panel:
    """How long an application waits, month by month."""
    monthly = period_means(material.data["mean_wait_weeks"], "M")
    figure = blank("mean wait for a decision, weeks (mean of each month)", height=260, right=90)
    add_line(figure, monthly, name="mean wait", colour=LIGHT.series[0], hover="%{y:.1f} weeks")
    known = monthly.dropna("time")
    end = float(known[-1]) if known.size else 0.0
    label_right(figure, [(end, f"{end:.0f} weeks", LIGHT.series[0])], span=(0.0, top(monthly)))
    highest = f"{float(known.max()):.0f}" if known.size else "0"
    return Panel(
        key="waits",
        title="Waiting",
        reading=f"At the end an application waits {end:.0f} weeks on average; at the worst {highest}.",
        note="",
        plot=figure,
    )


def departures(material: Material) -> Panel:
    """Departures of state personnel by kind, a quarter."""
    went = {name: float(material.data[name].sum()) for name in DEPARTURES}
    whole = sum(went.values())
    against = numbers.share(went["departures_disobedient"] / whole) if whole else "none"
    return Panel(
        key="departures",
        title="Going abroad",
        reading=f"{numbers.people(whole).capitalize()} departures in all; {against} of them against a rule.",
        note=f"Departures, not persons: one person can travel many times. "
        f"There were {numbers.amount(float(material.data['returned'].sum()))} returns from trips. "
        + flows.note_on_marks(material.data, DEPARTURES),
        plot=flows.stacked_bars(material.data, DEPARTURES, axis_title="departures, sums of each quarter"),
        table=flows.yearly_table(material.data, DEPARTURES),
    )


def stays(material: Material) -> Panel:
    """Those who do not come back, a quarter."""
    gone = sum(float(material.data[name].sum()) for name in ("overstayed", "left_for_good", "fled"))
    return Panel(
        key="stays",
        title="Staying away",
        reading=f"{numbers.people(gone).capitalize()} did not come back: they stayed on, left for good or fled.",
        note=flows.note_on_marks(material.data, STAYS),
        plot=flows.lines(material.data, STAYS, axis_title="persons, sums of each quarter"),
        table=flows.yearly_table(material.data, STAYS),
    )


def border(material: Material) -> Panel:
    """Stopped, wrongly stopped and caught, a quarter."""
    summary = summarise(material.data)
    part = numbers.share(summary.wrongly_stopped / summary.stopped) if summary.stopped else "none"
    return Panel(
        key="border",
        title="Held at the border",
        reading=f"{numbers.amount(summary.wrongly_stopped)} stops of persons who broke no rule: {part} of all stops.",
        note="Wrongly stopped: listed by mistake, or still listed after the rule had ended for them. "
        + flows.note_on_marks(material.data, BORDER),
        plot=flows.lines(material.data, BORDER, axis_title="persons, sums of each quarter"),
        table=flows.yearly_table(material.data, BORDER),
    )
