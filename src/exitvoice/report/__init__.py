"""One run as one page: results, evidence and assumptions, the human cost first."""

from exitvoice.report.page import render_report

__all__ = ["render_report"]
