"""Sphinx settings; pages are Markdown (MyST), the look is furo."""

from exitvoice import __version__

project = "exitvoice"
author = "The exitvoice authors"
copyright = "2026, The exitvoice authors"
release = version = __version__

extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
html_theme = "furo"
html_title = f"exitvoice {release}"
html_static_path: list[str] = []
nitpicky = True
