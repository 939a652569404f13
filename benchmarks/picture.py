"""The picture of the speed page: this engine beside its peers on the two models that they can hold as well."""

import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import plotly.graph_objects as go
from plotly.subplots import make_subplots

TARGET = Path(__file__).parents[1] / "docs" / "images" / "speed.png"
WIDTH, HEIGHT = 1100, 620
OURS, PEERS = "#0b6e4f", "#8a97a6"
CHROMIUM = (
    *("chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars"),
)


@dataclass(frozen=True)
class Bar:
    """A rate in updates a second."""

    task: str
    by: str
    rate: float
    is_ours: bool


def draw(bars: list[Bar]) -> go.Figure:
    """One panel a task, bars sorted by speed, a logarithmic axis."""
    tasks = list(dict.fromkeys(bar.task for bar in bars))
    counts = [sum(bar.task == task for bar in bars) for task in tasks]
    figure = make_subplots(
        rows=len(tasks),
        subplot_titles=tasks,
        vertical_spacing=0.12,
        row_heights=[count + 1 for count in counts],
    )
    for row, task in enumerate(tasks, start=1):
        here = sorted((bar for bar in bars if bar.task == task), key=lambda bar: bar.rate)
        figure.add_bar(
            x=[bar.rate for bar in here],
            y=[bar.by for bar in here],
            orientation="h",
            marker_color=[OURS if bar.is_ours else PEERS for bar in here],
            text=[f"{bar.rate:.2g}" for bar in here],
            textposition="outside",
            cliponaxis=False,
            row=row,
            col=1,
        )
        figure.update_xaxes(type="log", showgrid=True, gridcolor="#e6e9ed", dtick=1, row=row, col=1)
    figure.update_xaxes(title="updates of an agent a second (logarithmic)", row=len(tasks), col=1)
    return figure.update_layout(
        width=WIDTH,
        height=HEIGHT,
        showlegend=False,
        plot_bgcolor="white",
        margin={"l": 190, "r": 60, "t": 40, "b": 50},
    )


def write(bars: list[Bar]) -> Path | None:
    """Write the picture; None where there is no Chromium to take it."""
    if shutil.which("chromium") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "speed.html"
        draw(bars).write_html(page, include_plotlyjs=True, config={"staticPlot": True})
        size = f"--window-size={WIDTH + 16},{HEIGHT + 16}"
        profile = f"--user-data-dir={folder}/profile"
        picture = [f"--screenshot={TARGET}", "--virtual-time-budget=8000", page.as_uri()]
        subprocess.run([*CHROMIUM, size, profile, *picture], check=True, capture_output=True)
    return TARGET
