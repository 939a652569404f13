"""New ones beside pending ones."""

from collections.abc import Iterator

from exitvoice.evidence.checks.base import Check, Finding, Reading
from exitvoice.evidence.figures import show


def _look(reading: Reading) -> Iterator[Finding]:
    for (series, _), group in reading.series.items():
        if group[0].statement.series is None:
            continue
        pairs = [
            (flow, stock)
            for flow in group
            for stock in group
            if (flow.statement.kind, stock.statement.kind) == ("flow", "stock")
            and flow.period.overlaps(stock.period)
        ]
        if pairs:
            flow, stock = max(pairs, key=lambda pair: abs(pair[0].number - pair[1].number))
            records = tuple(dict.fromkeys(one.id for pair in pairs for one in pair))
            says = (
                f"in {series} {flow.id} counts what was new ({show(flow.number)}) and {stock.id} what was there "
                f"({show(stock.number)}): a queue may be long without anybody joining it"
            )
            yield Finding(CHECK.id, records, says, "misleading")


CHECK = Check(
    id="stock-beside-flow",
    title="New against pending",
    rule="In one series a flow and a stock cover the same days.",
    teaches="How many came is not how many are waiting. Put them into two series.",
    example="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
  - {id: paper, title: t, publisher: Paper, kind: news}
statements:
  - {id: new, subject: s, property: letters, value: 20, unit: letters, period: 1912, kind: flow, series: letters,
     sources: [office], quality: seen, note: n}
  - {id: open, subject: s, property: letters, value: 100, unit: letters, period: 1912-06-30, kind: stock,
     series: letters, sources: [paper], quality: seen, note: n}
""",
    innocent="""sources:
  - {id: office, title: t, publisher: Office, kind: official}
  - {id: paper, title: t, publisher: Paper, kind: news}
statements:
  - {id: new, subject: s, property: new letters, value: 20, unit: letters, period: 1912, kind: flow,
     sources: [office], quality: seen, note: n}
  - {id: open, subject: s, property: open letters, value: 100, unit: letters, period: 1912-06-30, kind: stock,
     sources: [paper], quality: seen, note: n}
""",
    look=_look,
)
