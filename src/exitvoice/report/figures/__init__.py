"""One figure or one small family of figures a file; report, notebook and web page share them."""

from exitvoice.report.figures.base import Material, Panel, Table

__all__ = ["Material", "Panel", "Table"]
