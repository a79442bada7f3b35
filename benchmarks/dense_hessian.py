"""A dense Hessian: the loss curve of 1,000 steps in 1,000 dimensions, every loss to 1e-8."""

from functools import cache

import numpy as np

SIZE, STEPS, ETA = 1000, 1000, 0.5
GOALS = (("numpy", "first", 5.0), ("numpy", "warm", 50.0))


@cache
def problem():
    stream = np.random.default_rng(0)
    table = stream.standard_normal((2 * SIZE, SIZE))
    return table.T @ table / len(table), stream.standard_normal(SIZE)


def expected():
    hessian, start = problem()
    values, vectors = np.linalg.eigh(hessian)
    weights = 0.5 * values * (vectors.T @ start) ** 2
    return np.array([weights @ (1 - ETA * values) ** (2 * t) for t in range(STEPS + 1)])


def agrees(answer, truth, contestant):
    """Each loss to 1e-8, until it is so small that the loop itself is down to rounding."""
    return np.allclose(answer, truth, rtol=1e-8, atol=1e-25 * truth[0])


def with_lrsim():
    from lrsim import descend, landscapes

    hessian, start = problem()

    @cache  # so that the first call pays for making it and the later ones repeat
    def landscape():
        return landscapes.quadratic(hessian)

    return lambda: descend(landscape(), start, ETA, STEPS, record="loss").losses, None


def with_numpy():
    hessian, start = problem()

    def run():
        w, losses = start, []
        for _ in range(STEPS + 1):
            gradient = hessian @ w
            losses.append(0.5 * w @ gradient)
            w = w - ETA * gradient
        return losses

    return run, np.array


def with_jax():
    import jax

    from benchmarks.scan import train

    hessian, start = map(jax.numpy.array, problem())
    run = jax.jit(lambda start: train(lambda w: 0.5 * w @ hessian @ w, lambda _: ETA, start, STEPS)[1])
    return lambda: jax.block_until_ready(run(start)), np.asarray


def with_torch():
    import torch

    hessian, start = map(torch.tensor, problem())

    def run():
        w = start.clone().requires_grad_(True)
        optimizer = torch.optim.SGD([w], lr=ETA)
        losses = []
        for _ in range(STEPS + 1):
            optimizer.zero_grad()
            loss = 0.5 * w @ (hessian @ w)
            loss.backward()
            losses.append(loss.item())
            optimizer.step()
        return losses

    return run, np.array
