"""What the tests of published models share: a run held against every target that its setting allows."""

from exitvoice.models.reference.base import NOT_COMPARABLE, Finding, ReferenceModel, Value, judge


def silent(done: int, planned: int) -> None:
    """Progress that nobody watches."""
    assert 0 <= done <= planned


def held(model: ReferenceModel, *, seed: int = 0, **values: Value) -> dict[str, Finding]:
    """Run a model and return what can be compared, by the target's name."""
    setting = model.setting(seed, **values)
    found = judge(model, setting, model.run(setting, silent))
    return {one.target.name: one for one in found if one.verdict != NOT_COMPARABLE}
