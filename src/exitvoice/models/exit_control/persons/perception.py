"""What a unit's members see of others, and remember of sanctions among themselves.

    seen = phi_u own unit + phi_r region + (1 - phi_u - phi_r)(1 - q) nation

The street (region) is seen uncensored; what censorship hides of the nation looks LOYAL. An incident may
make dissent commonly known, whatever is shown. Source: notes on the voice half, section 5, trap 3.
"""

from exitvoice.engine.mathematics import exponential, larger, smaller
from exitvoice.engine.rule import rule


@rule(writes=("seen_loyal", "seen_withdrawn", "seen_dissent"))
def perception(
    unit_persons,
    unit_withdrawn,
    unit_dissent,
    region_withdrawn,
    region_dissent,
    nation_withdrawn,
    nation_dissent,
    known_dissent,
    sight_unit,
    sight_region,
    censorship,
    information_on,
):
    """Shares as seen; they sum to one."""
    persons = larger(unit_persons, 1.0)
    far = larger(1.0 - sight_unit - sight_region, 0.0) * (1.0 - censorship)
    withdrawn = (
        sight_unit * unit_withdrawn / persons + sight_region * region_withdrawn + far * nation_withdrawn
    )
    dissent = sight_unit * unit_dissent / persons + sight_region * region_dissent + far * nation_dissent
    dissent = information_on * smaller(1.0, dissent + known_dissent)
    withdrawn = smaller(1.0 - dissent, information_on * withdrawn)
    return 1.0 - dissent - withdrawn, withdrawn, dissent


@rule(writes=("unit_sanction_memory",))
def sanction_memory(unit_sanction_memory, unit_sanctioned, unit_persons, peer_memory_years, dt):
    """Decaying share of the unit that was sanctioned: S' = S exp(-dt/memory) + sanctioned/persons."""
    return unit_sanction_memory * exponential(-dt / peer_memory_years) + unit_sanctioned / larger(
        unit_persons, 1.0
    )


@rule(writes=("peers",))
def peers(unit_sanction_memory, sanction_half_share):
    """Z = 1 - exp(-S / half): how much sanctions among peers weigh, in [0, 1)."""
    return 1.0 - exponential(-unit_sanction_memory / sanction_half_share)
