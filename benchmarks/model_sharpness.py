"""Sharpness of a PyTorch model: the same network in single precision, its data in four batches, λ_max to 1e-4.

hessian-eigenthings takes as many products as it is told, and is told how many are enough here.
"""

import numpy as np

from benchmarks import sharpness

DIGITS, BATCHES = 1e-4, 4
ELSEWHERE = True  # lrsim too runs where PyTorch is
GOALS = ()
PRODUCTS = 12
STEPS = 5  # the fewest that are enough


def expected():
    """PyTorch's squared error has no ½."""
    return 2 * sharpness.expected()


def agrees(answer, truth, contestant):
    return abs(answer[0] - truth[0]) <= DIGITS * truth[0]


def problem():
    """(model, loss, batches, asked): `asked` holds how often the loss was asked for, once a batch and product."""
    import torch

    X, y, layers = sharpness.problem()
    model, asked = torch.nn.Sequential(), [0]
    for weights, biases in layers:
        layer = torch.nn.Linear(*weights.shape)
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(weights.T))  # (out, in)
            layer.bias.copy_(torch.from_numpy(biases))
        model.extend([layer, torch.nn.Tanh()])
    loss = torch.nn.MSELoss()
    loss.register_forward_hook(lambda *_: asked.__setitem__(0, asked[0] + 1))
    data = torch.utils.data.TensorDataset(torch.tensor(X).float(), torch.tensor(y).float())
    return model[:-1], loss, list(torch.utils.data.DataLoader(data, batch_size=len(X) // BATCHES)), asked


def counted(find, asked):
    """find() -> λ_max, together with the products it took."""

    def run():
        asked[0] = 0
        return find(), asked[0] / BATCHES

    return run, np.array


def with_lrsim():
    from lrsim.torch import Probe

    model, loss, batches, asked = problem()
    return counted(Probe(model, loss, batches).sharpness, asked)


def with_curvlinops():
    """Its products in SciPy's eigsh, as its documentation has it."""
    from curvlinops import HessianLinearOperator
    from scipy.sparse.linalg import eigsh

    model, loss, batches, asked = problem()
    curvature = HessianLinearOperator(model, loss, list(model.parameters()), batches).to_scipy()
    return counted(lambda: eigsh(curvature, k=1, which="LA", tol=DIGITS, return_eigenvectors=False)[0], asked)


def with_eigenthings():
    from hessian_eigenthings import HessianOperator, lanczos

    model, loss, batches, asked = problem()
    curvature = HessianOperator(model, batches, lambda model, batch: loss(model(batch[0]), batch[1]))
    return counted(lambda: lanczos(curvature, k=1, which="LA", max_iter=STEPS, seed=0).eigenvalues[0].item(), asked)
