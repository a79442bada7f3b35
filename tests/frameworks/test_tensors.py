"""PyTorch's own tensors where NumPy's arrays are expected: taken, or refused by the argument's name."""

import numpy as np
import pytest
import torch

from lrsim import descend, landscapes, stability

BOWL = landscapes.bowl([1, 20])
POINT = torch.tensor([10.0, 0.05], dtype=torch.float64)


def test_a_tensor_is_a_point_and_a_rate():
    run = descend(BOWL, POINT, torch.tensor(0.05), steps=5)
    np.testing.assert_array_equal(run.losses, descend(BOWL, [10.0, 0.05], float(torch.tensor(0.05)), steps=5).losses)
    assert stability.sharpness(BOWL, POINT) == 20
    assert stability.spectrum(BOWL, POINT, preconditioner=torch.tensor([0.5, 2.0])).top == pytest.approx(10)


@pytest.mark.parametrize("call", [lambda w: descend(BOWL, w, 0.05, steps=5), lambda w: stability.sharpness(BOWL, w)])
def test_a_parameter_is_refused_by_its_name(call):
    with pytest.raises(TypeError, match=r"^(start|w) must be an array of numbers, got Parameter, which says: .*detach"):
        call(torch.nn.Parameter(POINT.clone()))


def test_a_gradient_function_may_return_a_tensor():
    def gradient(w):
        w = torch.from_numpy(w).requires_grad_()
        return torch.autograd.grad((w**4).sum() / 4, w)[0]

    assert stability.sharpness(gradient, [1.0, 2.0]) == pytest.approx(12, rel=1e-6)
    assert stability.sharpness(gradient, torch.tensor([1.0, 2.0])) == pytest.approx(12, rel=1e-6)


def test_one_that_needs_a_gradient_is_refused_by_the_functions_name():
    with pytest.raises(TypeError, match=r"^the gradient must be an array of numbers, got Tensor, which says: .*detach"):
        stability.sharpness(lambda w: torch.from_numpy(w).requires_grad_() * 2, [1.0, 2.0])
