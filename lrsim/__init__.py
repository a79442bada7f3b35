"""What the learning rate does to gradient descent, computed: `descend`, and the rooms it uses."""

from lrsim import landscapes, schedules, stability
from lrsim.descent import descend
from lrsim.trajectory import Trajectory

__all__ = ["Trajectory", "descend", "landscapes", "schedules", "stability"]
__version__ = "0.1.0"
