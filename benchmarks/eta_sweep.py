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
        w = np.tile(START, (len(ETAS), 1))
        paths = [w]
        for _ in range(STEPS):
            w = w - ETAS[:, None] * (curvatures * w)
            paths.append(w)
        paths = np.stack(paths, axis=1)
        return paths, 0.5 * np.sum(curvatures * paths**2, axis=-1)

    return run, lambda found: together(*found)


def with_jax():
    import jax

    from benchmarks.optax_scan import train

    curvatures, start, rates = map(jax.numpy.array, (CURVATURES, START, ETAS))

    def loss(w):
        return 0.5 * jax.numpy.sum(curvatures * w**2)

    sweep = jax.jit(jax.vmap(lambda eta: train(loss, eta, start, STEPS)))
    return lambda: jax.block_until_ready(sweep(rates)), lambda found: together(*found)


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
