"""Career: retire, die, be replaced, be promoted.

Rates a year, each turned into a step's chance by 1 - exp(-rate dt):

    SERVING -> VACANT    death_rate_serving
    RETIRED -> VACANT    death_rate_retired
    SERVING -> RETIRED   death_rate_retired * q/(1-q), q = the sector's retired share (keeps q steady)
    VACANT  -> SERVING   refill_rate; a recruit of the next generation at the lowest rank
    rank    -> rank + 1  promotion rate of the rank that keeps the ranks' shares steady, times
                         1 - g + g * [LOYAL] / (displayed loyalty), g = promotion_loyalty_weight

Source: promotion prefers displayed loyalty (Egorov and Sonin 2011; weight .3-.9); rates assumed.
"""

from exitvoice.engine.mathematics import probability
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import LONGEST, LOYAL, RETIRED, SERVING, VACANT


@rule(writes=("service", "rank", "clock", "generation", "renewed", "promoted", "died"))
def career(
    service,
    rank,
    clock,
    generation,
    expression,
    u_career,
    promotion_base,
    retirement_base,
    death_rate_serving,
    death_rate_retired,
    refill_rate,
    promotion_loyalty_weight,
    displayed_loyalty,
    career_on,
    dt,
):
    """One draw decides between death, retirement and promotion; vacancies refill."""
    serving = service == SERVING
    retired = service == RETIRED
    vacant = service == VACANT
    death = death_rate_serving if serving else death_rate_retired
    retirement = retirement_base if serving else 0.0
    favour = 1.0 - promotion_loyalty_weight
    favour = favour + (promotion_loyalty_weight / displayed_loyalty if expression == LOYAL else 0.0)
    promotion = promotion_base * favour if serving else 0.0
    total = death + retirement + promotion
    happens = 0.0 if vacant else probability(career_on * total, dt)
    # competing rates by one draw: split in proportion
    dies = happens * death / total
    retires = happens * retirement / total
    died = u_career < dies
    retire_now = (u_career >= dies) & (u_career < dies + retires)
    promoted = (u_career >= dies + retires) & (u_career < happens) & (rank < 3)
    renewed = vacant & (u_career < probability(career_on * refill_rate, dt))
    service = VACANT if died else service
    service = RETIRED if retire_now else service
    service = SERVING if renewed else service
    rank = rank + 1 if promoted else rank
    rank = 0 if renewed else rank
    older = clock + 1 if clock < LONGEST else LONGEST
    clock = older if retired else 0
    generation = (generation + 1) & 63 if renewed else generation
    return service, rank, clock, generation, renewed, promoted, died
