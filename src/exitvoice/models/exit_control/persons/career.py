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

from exitvoice.engine.mathematics import by_class, probability
from exitvoice.engine.rule import rule
from exitvoice.models.exit_control.columns import EARLIEST, LOYAL, RETIRED, SERVING, VACANT


@rule(writes=("service", "rank", "clock", "generation", "renewed", "promoted", "died"))
def career(
    service,
    rank,
    clock,
    generation,
    expression,
    u_career,
    promotion_0,
    promotion_1,
    promotion_2,
    retirement_base,
    death_rate_serving,
    death_rate_retired,
    refill_rate,
    promotion_loyalty_weight,
    displayed_loyalty,
    career_on,
    step,
    dt,
):
    """One draw decides between death, retirement and promotion; vacancies refill."""
    serving = service == SERVING
    vacant = service == VACANT
    death = death_rate_serving if serving else death_rate_retired
    retirement = retirement_base if serving else 0.0
    favour = 1.0 - promotion_loyalty_weight
    favour = favour + (promotion_loyalty_weight / displayed_loyalty if expression == LOYAL else 0.0)
    promotion = by_class(rank, promotion_0, promotion_1, promotion_2, 0.0) * favour if serving else 0.0
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
    clock = step + EARLIEST if retire_now else clock
    generation = (generation + 1) & 15 if renewed else generation
    return service, rank, clock, generation, renewed, promoted, died
