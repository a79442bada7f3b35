"""J2: 1,000 learning rates x 1,000 steps, all paths kept."""

import numpy as np

CURVATURES, START, STEPS = (1.0, 20.0), (10.0, 0.05), 1000
ETAS = np.linspace(0, 0.11, 1000)
GOALS = (("jax", "warm", 1.0), ("numpy", "warm", 5.0))


def expected():
    factors = 1 - ETAS[:, None, None] * np.array(CURVATURES)
    return START * factors ** np.arange(STEPS + 1)[:, None]


def agrees(answer, truth, contestant):
    return np.allclose(answer, truth, rtol=1e-9, atol=1e-200)


def with_lrsim():
    from lrsim import descend, landscapes

    bowl = landscapes.bowl(CURVATURES)
    return lambda: descend(bowl, START, ETAS, STEPS).iterates, None


def with_python():
    (a, b), rates = CURVATURES, ETAS.tolist()

    def run():
        paths = []
        for eta in rates:
            x, y = START
            path = [(x, y)]
            for _ in range(STEPS):
                x -= eta * a * x
                y -= eta * b * y
                path.append((x, y))
            paths.append(path)
        return paths

    return run, np.array


def with_numpy():
    curvatures = np.array(CURVATURES)

    def run():
        w = np.tile(START, (len(ETAS), 1))
        paths = [w]
        for _ in range(STEPS):
            w = w - ETAS[:, None] * (curvatures * w)
            paths.append(w)
        return np.stack(paths, axis=1)

    return run, None


def with_jax():
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    curvatures = jax.numpy.array(CURVATURES)

    def train(eta):
        optimizer = optax.sgd(eta)
        start = jax.numpy.array(START)

        def step(carry, _):
            w, state = carry
            slope = jax.grad(lambda w: 0.5 * jax.numpy.sum(curvatures * w**2))(w)
            updates, state = optimizer.update(slope, state)
            return (optax.apply_updates(w, updates), state), w

        return jax.lax.scan(step, (start, optimizer.init(start)), length=STEPS + 1)[1]

    sweep, rates = jax.jit(jax.vmap(train)), jax.numpy.array(ETAS)
    return lambda: jax.block_until_ready(sweep(rates)), np.asarray


def with_torch():
    import torch

    curvatures, rates = torch.tensor(CURVATURES, dtype=torch.float64), torch.tensor(ETAS)[:, None]

    def run():  # by hand: torch.optim has one learning rate a parameter group
        w = torch.tensor([START] * len(ETAS), dtype=torch.float64, requires_grad=True)
        paths = [w.detach().clone()]
        for _ in range(STEPS):
            (slope,) = torch.autograd.grad(0.5 * (curvatures * w**2).sum(), w)
            with torch.no_grad():
                w -= rates * slope
            paths.append(w.detach().clone())
        return torch.stack(paths, dim=1)

    return run, lambda paths: paths.numpy()
