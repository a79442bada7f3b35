"""A sweep of rates: 1,000 learning rates × 1,000 steps, all paths and losses kept."""

import numpy as np

CURVATURES, START, STEPS = (1.0, 20.0), (10.0, 0.05), 1000
ETAS = np.linspace(0, 0.11, 1000)
GOALS = (("jax", "warm", 1.0), ("numpy", "warm", 5.0))


def expected():
    factors = 1 - ETAS[:, None, None] * np.array(CURVATURES)
    paths = START * factors ** np.arange(STEPS + 1)[:, None]
    return together(paths, 0.5 * paths**2 @ np.array(CURVATURES))


def together(paths, losses):
    return np.concatenate([np.asarray(paths), np.asarray(losses)[..., None]], axis=-1)


def steps_first(found):
    """The same from a contestant who keeps the runs of a step side by side."""
    paths, losses = found
    return together(np.swapaxes(paths, 0, 1), np.swapaxes(losses, 0, 1))


def agrees(answer, truth, contestant):
    return np.allclose(answer, truth, rtol=1e-9, atol=1e-200)


def with_lrsim():
    from lrsim import descend, landscapes

    bowl = landscapes.bowl(CURVATURES)

    def run():
        found = descend(bowl, START, ETAS, STEPS)
        return found.iterates, found.losses

    return run, lambda found: together(*found)


def with_python():
    (a, b), rates = CURVATURES, ETAS.tolist()

    def run():
        paths, losses = [], []
        for eta in rates:
            x, y = START
            path, curve = [(x, y)], [0.5 * (a * x * x + b * y * y)]
            for _ in range(STEPS):
                x -= eta * a * x
                y -= eta * b * y
                path.append((x, y))
                curve.append(0.5 * (a * x * x + b * y * y))
            paths.append(path)
            losses.append(curve)
        return paths, losses

    return run, lambda found: together(*found)


def with_numpy():
    curvatures = np.array(CURVATURES)

    def run():
        paths = np.empty((STEPS + 1, len(ETAS), 2))
        paths[0] = START
        for t in range(STEPS):
            w = paths[t]
            paths[t + 1] = w - ETAS[:, None] * (curvatures * w)
        return paths, 0.5 * paths**2 @ curvatures

    return run, steps_first


def with_numba():
    from numba import njit, prange

    a, b = CURVATURES

    @njit(parallel=True)
    def run():
        paths, losses = np.empty((len(ETAS), STEPS + 1, 2)), np.empty((len(ETAS), STEPS + 1))
        for i in prange(len(ETAS)):
            x, y = START
            for t in range(STEPS + 1):
                paths[i, t, 0], paths[i, t, 1] = x, y
                losses[i, t] = 0.5 * (a * x * x + b * y * y)
                x, y = x - ETAS[i] * a * x, y - ETAS[i] * b * y
        return paths, losses

    return run, lambda found: together(*found)


def with_jax():
    import jax

    from benchmarks.scan import train

    curvatures, start, rates = map(jax.numpy.array, (CURVATURES, START, ETAS))

    def loss(w):
        return 0.5 * jax.numpy.sum(curvatures * w**2)

    sweep = jax.jit(jax.vmap(lambda eta: train(loss, lambda _: eta, start, STEPS), out_axes=1))
    return lambda: jax.block_until_ready(sweep(rates)), steps_first


def with_torch():
    import torch

    curvatures, rates = torch.tensor(CURVATURES, dtype=torch.float64), torch.tensor(ETAS)[:, None]

    def run():  # by hand: torch.optim has one learning rate a parameter group
        w = torch.tensor([START] * len(ETAS), dtype=torch.float64, requires_grad=True)
        paths, losses = [], []
        for _ in range(STEPS + 1):
            loss = 0.5 * (curvatures * w**2).sum(dim=1)
            (slope,) = torch.autograd.grad(loss.sum(), w)
            paths.append(w.detach().clone())
            losses.append(loss.detach())
            with torch.no_grad():
                w -= rates * slope
        return torch.stack(paths, dim=1), torch.stack(losses, dim=1)

    return run, lambda found: together(*found)
