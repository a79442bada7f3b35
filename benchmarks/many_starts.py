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
    def run():
        paths, losses = np.empty((STEPS + 1, *STARTS.shape)), np.empty((STEPS + 1, len(STARTS[0])))
        paths[0] = STARTS
        for t in range(STEPS + 1):
            x, y = paths[t]
            gap = y - x * x
            losses[t] = (1 - x) ** 2 + 100 * gap * gap
            if t < STEPS:
                paths[t + 1, 0] = x + ETA * (2 * (1 - x) + 400 * x * gap)
                paths[t + 1, 1] = y - ETA * 200 * gap
        return paths, losses

    return run, lambda found: together(*found, (1, 0, 2))


def with_numba():
    from numba import njit, prange

    @njit(parallel=True)
    def run():
        count = STARTS.shape[1]
        paths, losses = np.empty((count, STEPS + 1, 2)), np.empty((count, STEPS + 1))
        for i in prange(count):
            x, y = STARTS[0, i], STARTS[1, i]
            for t in range(STEPS + 1):
                gap = y - x * x
                paths[i, t, 0], paths[i, t, 1] = x, y
                losses[i, t] = (1 - x) ** 2 + 100 * gap * gap
                x, y = x + ETA * (2 * (1 - x) + 400 * x * gap), y - ETA * 200 * gap
        return paths, losses

    return run, lambda found: together(*found, (2, 1, 0))


def with_jax():
    import jax

    from benchmarks.scan import train

    starts = jax.numpy.array(STARTS)

    def loss(w):
        return (1 - w[0]) ** 2 + 100 * (w[1] - w[0] ** 2) ** 2

    batch = jax.jit(jax.vmap(lambda start: train(loss, lambda _: ETA, start, STEPS), in_axes=1, out_axes=-1))
    return lambda: jax.block_until_ready(batch(starts)), lambda found: together(*found, (1, 0, 2))


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
