"""The identifiability atlas: what each series can tell of each unknown, before anybody looks at the data."""

from exitvoice.calibration.atlas.by_series import atlas_of
from exitvoice.calibration.atlas.cell import ALL, Cell

__all__ = ["ALL", "Cell", "atlas_of"]
