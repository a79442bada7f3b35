"""One run: two coordinates, 100 steps, η decaying, every iterate and loss kept."""

import numpy as np

CURVATURES, START, ETA0, K, STEPS = (1.0, 20.0), (5.0, 0.01), 0.2, 0.1, 100
GOALS = (("python", "warm", 1.0), ("torch", "warm", 300.0))


def expected():
    rates = ETA0 / (1 + K * np.arange(STEPS))
    factors = np.concatenate([np.ones((1, 2)), 1 - rates[:, None] * np.array(CURVATURES)])
    return curve(np.cumprod(factors, axis=0) * START)


def curve(iterates):
    iterates = np.asarray(iterates)
    return np.column_stack([iterates, 0.5 * iterates**2 @ np.array(CURVATURES)])


def agrees(answer, truth, contestant):
    return np.allclose(answer, truth, rtol=1e-10, atol=1e-14)


def with_lrsim():
    from lrsim import descend, landscapes, schedules

    bowl, eta = landscapes.bowl(CURVATURES), schedules.inverse_time(ETA0, K)

    def run():
        found = descend(bowl, START, eta, STEPS)
        return found.iterates, found.losses

    return run, np.column_stack


def with_python():
    def run():
        (a, b), (x, y) = CURVATURES, START
        points, losses = [(x, y)], [0.5 * (a * x * x + b * y * y)]
        for t in range(STEPS):
            eta = ETA0 / (1 + K * t)
            x -= eta * a * x
            y -= eta * b * y
            points.append((x, y))
            losses.append(0.5 * (a * x * x + b * y * y))
        return points, losses

    return run, np.column_stack


def with_numpy():
    curvatures = np.array(CURVATURES)

    def run():
        points = np.empty((STEPS + 1, 2))
        points[0] = START
        for t in range(STEPS):
            w = points[t]
            points[t + 1] = w - ETA0 / (1 + K * t) * (curvatures * w)
        return points, 0.5 * points**2 @ curvatures

    return run, np.column_stack


def with_numba():
    from numba import njit

    a, b = CURVATURES

    @njit
    def run():
        x, y = START
        points, losses = np.empty((STEPS + 1, 2)), np.empty(STEPS + 1)
        for t in range(STEPS + 1):
            points[t] = x, y
            losses[t] = 0.5 * (a * x * x + b * y * y)
            eta = ETA0 / (1 + K * t)
            x, y = x - eta * a * x, y - eta * b * y
        return points, losses

    return run, np.column_stack


def with_jax():
    import jax

    from benchmarks.scan import train

    curvatures = jax.numpy.array(CURVATURES)

    def loss(w):
        return 0.5 * jax.numpy.sum(curvatures * w**2)

    run = jax.jit(lambda start: train(loss, lambda t: ETA0 / (1 + K * t), start, STEPS))
    return lambda: jax.block_until_ready(run(jax.numpy.array(START))), np.column_stack


def with_torch():
    import torch

    curvatures = torch.tensor(CURVATURES, dtype=torch.float64)

    def run():
        w = torch.tensor(START, dtype=torch.float64, requires_grad=True)
        points, losses = [], []
        for t in range(STEPS + 1):
            loss = 0.5 * (curvatures * w**2).sum()
            (slope,) = torch.autograd.grad(loss, w)
            points.append(w.detach().numpy().copy())
            losses.append(loss.item())
            with torch.no_grad():
                w -= ETA0 / (1 + K * t) * slope
        return points, losses

    return run, np.column_stack
