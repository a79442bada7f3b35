"""J4, summary only: Rosenbrock from 10,000 starts, 500 steps, final and peak loss."""

import numpy as np

ETA, STEPS = 2e-4, 500
STARTS = np.random.default_rng(0).uniform(-2, 2, (2, 10_000))
GOALS = (("jax", "warm", 0.5), ("jax", "first", 10.0))


def expected():
    (x, y), peak = STARTS.astype(np.longdouble), 0.0
    for step in range(STEPS + 1):
        loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
        peak = np.maximum(peak, loss)
        if step < STEPS:
            x, y = x - ETA * (-2 * (1 - x) - 400 * x * (y - x * x)), y - ETA * 200 * (y - x * x)
    return np.array([loss, peak], dtype=float)


def agrees(answer, truth, contestant):
    return np.allclose(answer, truth, rtol=1e-9, atol=1e-14)


def with_lrsim():
    from lrsim import descend, landscapes

    valley = landscapes.rosenbrock()

    def run():
        found = descend(valley, STARTS, ETA, STEPS, record="summary")
        return found.final_loss, found.peak_loss

    return run, np.array


def with_python():
    starts = STARTS.T.tolist()

    def run():
        finals, peaks = [], []
        for x, y in starts:
            loss = peak = (1 - x) ** 2 + 100 * (y - x * x) ** 2
            for _ in range(STEPS):
                gap = y - x * x
                x, y = x + ETA * (2 * (1 - x) + 400 * x * gap), y - ETA * 200 * gap
                loss = (1 - x) ** 2 + 100 * (y - x * x) ** 2
                peak = loss if loss > peak else peak
            finals.append(loss)
            peaks.append(peak)
        return finals, peaks

    return run, np.array


def with_numpy():
    def loss(w):
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    def gradient(w):
        x, y = w
        return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])

    def run():
        w = STARTS
        peak = loss(w)
        for _ in range(STEPS):
            w = w - ETA * gradient(w)
            peak = np.maximum(peak, loss(w))
        return loss(w), peak

    return run, np.array


def with_jax():
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    optimizer = optax.sgd(ETA)

    def loss(w):
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    def train(start):
        def step(carry, _):
            w, state, peak = carry
            updates, state = optimizer.update(jax.grad(loss)(w), state)
            w = optax.apply_updates(w, updates)
            return (w, state, jax.numpy.maximum(peak, loss(w))), None

        (w, _, peak), _ = jax.lax.scan(step, (start, optimizer.init(start), loss(start)), length=STEPS)
        return loss(w), peak

    batch, starts = jax.jit(jax.vmap(train, in_axes=1)), jax.numpy.array(STARTS)
    return lambda: jax.block_until_ready(batch(starts)), np.array


def with_torch():
    import torch

    def run():
        w = torch.tensor(STARTS, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=ETA)
        peak = torch.zeros(STARTS.shape[1], dtype=torch.float64)
        for step in range(STEPS + 1):
            optimizer.zero_grad()
            loss = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
            peak = torch.maximum(peak, loss.detach())
            if step < STEPS:
                loss.sum().backward()
                optimizer.step()
        return torch.stack([loss.detach(), peak])

    return run, lambda found: found.numpy()
