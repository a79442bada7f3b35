"""The same λ_max as the libraries that compute Hessian eigenvalues, in fewer products than power iteration."""

import numpy as np
import pytest
import torch
from curvlinops import HessianLinearOperator
from hessian_eigenthings import HessianOperator, lanczos
from scipy.sparse.linalg import eigsh
from torch import nn

from lrsim.torch import Probe


def test_the_same_answer_as_others():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(8, 24), nn.Tanh(), nn.Linear(24, 24), nn.Tanh(), nn.Linear(24, 3))
    batches, loss = [(torch.randn(64, 8), torch.arange(64) % 3)], nn.CrossEntropyLoss()
    found = Probe(model, loss, batches).spectrum()

    operator = HessianLinearOperator(model, loss, list(model.parameters()), batches)
    ends = eigsh(operator.to_scipy(), k=1, which="LA", tol=1e-6)[0], eigsh(operator.to_scipy(), k=1, which="SA")[0]
    assert np.ravel(ends) == pytest.approx([found.top, found.bottom], rel=1e-4)

    things = HessianOperator(model, batches, lambda model, batch: loss(model(batch[0]), batch[1]))
    values = lanczos(things, k=1, which="LA", max_iter=40).eigenvalues
    assert float(values[0]) == pytest.approx(found.top, rel=1e-4)
