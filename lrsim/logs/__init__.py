"""Any training log becomes losses, steps and rates: `read`. One file here for each kind of file."""

from lrsim.logs._log import Log
from lrsim.logs._reading import read

__all__ = ["Log", "read"]
