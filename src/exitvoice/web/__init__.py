"""The page: the laboratory in a browser. It asks the same functions as the command line and computes nothing itself."""

from exitvoice.web.app import create_app
from exitvoice.web.settings import Bounds, Settings

__all__ = ["Bounds", "Settings", "create_app"]
