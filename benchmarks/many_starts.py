"""Many starts: Rosenbrock from 10,000 starts, 500 steps, all paths and losses kept."""

import numpy as np

ETA, STEPS = 2e-4, 500
STARTS = np.random.default_rng(0).uniform(-2, 2, (2, 10_000))
GOALS = (("jax", "warm", 0.5), ("jax", "first", 10.0))


def expected():
    """Coordinates and loss, (3, steps+1, starts), in the machine's longest floats."""
    (x, y), found = STARTS.astype(np.longdouble), []
    for _ in range(STEPS + 1):
        found.append([x, y, (1 - x) ** 2 + 100 * (y - x * x) ** 2])
        x, y = x - ETA * (-2 * (1 - x) - 400 * x * (y - x * x)), y - ETA * 200 * (y - x * x)
    return np.moveaxis(np.array(found, dtype=float), 1, 0)


def agrees(answer, truth, contestant):
    return np.allclose(answer, truth, rtol=1e-9, atol=1e-13)


def together(paths, losses, axes):
    """One array of all, (3, steps+1, starts), from paths whose (coordinate, step, start) axes are `axes`."""
    losses = np.asarray(losses)
    return np.stack([*np.asarray(paths).transpose(axes), losses.T if len(losses) == len(STARTS[0]) else losses])


def with_lrsim():
    from lrsim import descend, landscapes

    valley = landscapes.rosenbrock()

    def run():
        found = descend(valley, STARTS, ETA, STEPS)
        return found.iterates, found.losses

    return run, lambda found: together(*found, (2, 1, 0))


def with_python():
    starts = STARTS.T.tolist()

    def run():
        paths, losses = [], []
        for x, y in starts:
            path, curve = [], []
            for _ in range(STEPS + 1):
                gap = y - x * x
                path.append((x, y))
                curve.append((1 - x) ** 2 + 100 * gap * gap)
                x, y = x + ETA * (2 * (1 - x) + 400 * x * gap), y - ETA * 200 * gap
            paths.append(path)
            losses.append(curve)
        return paths, losses

    return run, lambda found: together(*found, (2, 1, 0))


def with_numpy():
    def loss(w):
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    def gradient(w):
        x, y = w
        return np.array([-2 * (1 - x) - 400 * x * (y - x**2), 200 * (y - x**2)])

    def run():
        w = STARTS
        paths, losses = [w], [loss(w)]
        for _ in range(STEPS):
            w = w - ETA * gradient(w)
            paths.append(w)
            losses.append(loss(w))
        return np.array(paths), np.array(losses)

    return run, lambda found: together(*found, (1, 0, 2))


def with_jax():
    import jax

    from benchmarks.optax_scan import train

    starts = jax.numpy.array(STARTS)

    def loss(w):
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    batch = jax.jit(jax.vmap(lambda start: train(loss, ETA, start, STEPS), in_axes=1))
    return lambda: jax.block_until_ready(batch(starts)), lambda found: together(*found, (2, 1, 0))


def with_torch():
    import torch

    def run():
        w = torch.tensor(STARTS, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=ETA)
        paths, losses = [], []
        for _ in range(STEPS + 1):
            optimizer.zero_grad()
            loss = (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2
            paths.append(w.detach().clone())
            losses.append(loss.detach())
            loss.sum().backward()
            optimizer.step()
        return torch.stack(paths), torch.stack(losses)

    return run, lambda found: together(*found, (1, 0, 2))
