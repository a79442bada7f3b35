"""The curvature of the PyTorch model that you train, and how far its optimizer is from its limit: `Probe`, `Watch`.

`pip install lrsim[torch]`, then `from lrsim.torch import Probe, Watch`. `import lrsim` alone never imports torch.
"""

try:
    import torch as _torch  # noqa: F401
except ImportError as error:
    raise ImportError("lrsim.torch needs PyTorch: pip install lrsim[torch]") from error

from lrsim.torch._probe import Probe
from lrsim.torch._watch import Row, Watch

__all__ = ["Probe", "Row", "Watch"]
