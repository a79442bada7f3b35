"""Sharpness: the top Hessian eigenvalue of a 2-64-64-1 tanh network (4,417 parameters, 512 points) to 1e-8."""

from functools import cache
from itertools import pairwise

import numpy as np

WIDTHS, ROWS, DIGITS = (2, 64, 64, 1), 512, 1e-8
GOALS = ()
PRODUCTS = 12


@cache
def problem():
    stream = np.random.default_rng(0)
    X = stream.uniform(-1, 1, (ROWS, 2))
    y = np.sin(np.pi * X[:, 0]) * X[:, 1]
    layers = [(stream.standard_normal((a, b)) / a**0.5, np.zeros(b)) for a, b in pairwise(WIDTHS)]
    return X, y[:, None], layers


def flat():
    return np.concatenate([part.ravel() for layer in problem()[2] for part in layer])


def expected():
    """The whole curvature in a Krylov space of 80 dimensions, far past convergence."""
    from lrsim import landscapes

    X, y, _ = problem()
    network, w = landscapes.tanh_network(X, y, WIDTHS[1:-1]), flat()
    space = np.random.default_rng(1).standard_normal((1, w.size))
    space /= np.linalg.norm(space)
    for _ in range(80):
        new = network.hvp(w, space[-1])
        for _ in range(2):
            new -= space.T @ (space @ new)
        space = np.vstack([space, new / np.linalg.norm(new)])
    small = space @ np.array([network.hvp(w, v) for v in space]).T
    return np.linalg.eigvalsh((small + small.T) / 2)[-1:]


def agrees(answer, truth, contestant):
    return abs(answer[0] - truth[0]) <= DIGITS * truth[0]


def power(product, norm, v):
    """Power iteration until the eigenvalue stands still: what tutorials show."""
    v, top, last, count = v / norm(v), 1.0, 0.0, 0
    while abs(top - last) > DIGITS / 100 * top and count < 2000:
        last, image = top, product(v)
        top = norm(image)
        v, count = image / top, count + 1
    return float(top), count


def with_lrsim():
    from lrsim import landscapes, stability

    X, y, _ = problem()
    network, w = landscapes.tanh_network(X, y, WIDTHS[1:-1]), flat()

    def with_products(top):
        """How many it takes is counted aside: counting hides from lrsim that the landscape is its own."""
        used = []

        class Counted:
            gradient = network.gradient
            hvp = staticmethod(lambda w, v: used.append(v) or network.hvp(w, v))

        assert stability.sharpness(Counted, w) == top
        return top, len(used)

    return lambda: stability.sharpness(network, w), with_products


def with_numpy():
    X, y, _ = problem()
    layers = problem()[2]

    def gradient(layers):
        (W1, b1), (W2, b2), (W3, b3) = layers
        first = np.tanh(X @ W1 + b1)
        second = np.tanh(first @ W2 + b2)
        error = (second @ W3 + b3 - y) / ROWS
        back2 = error @ W3.T * (1 - second**2)
        back1 = back2 @ W2.T * (1 - first**2)
        pairs = ((first.T, back2), (second.T, error))
        parts = [X.T @ back1, back1.sum(0), *(p for a, e in pairs for p in (a @ e, e.sum(0)))]
        return np.concatenate([p.ravel() for p in parts])

    def unflatten(w):
        found, at = [], 0
        for W, b in layers:
            found.append((w[at : at + W.size].reshape(W.shape), w[at + W.size : at + W.size + b.size]))
            at += W.size + b.size
        return found

    w, h = flat(), 1e-4

    def product(v):
        return (gradient(unflatten(w + h * v)) - gradient(unflatten(w - h * v))) / (2 * h)

    return lambda: power(product, np.linalg.norm, np.random.default_rng(1).standard_normal(w.size)), np.array


def with_scipy():
    """eigsh with JAX's product: what takes a reader of both libraries five lines."""
    from scipy.sparse.linalg import LinearOperator, eigsh

    product, start = jax_product()
    used = [0]

    def counted(v):
        used[0] += 1
        return np.asarray(product(v))

    curvature = LinearOperator((len(start), len(start)), counted, dtype=float)

    def run():
        used[0] = 0
        top = eigsh(curvature, k=1, which="LA", tol=DIGITS, v0=np.asarray(start), return_eigenvectors=False)
        return top[0], used[0]

    return run, np.array


def with_jax():
    import jax

    product, start = jax_product()
    return lambda: power(product, jax.numpy.linalg.norm, start), np.array


def jax_product():
    """The Hessian times a vector, and a start for the iteration."""
    import jax
    from jax.flatten_util import ravel_pytree

    jax.config.update("jax_enable_x64", True)
    X, y, layers = problem()
    w, unflatten = ravel_pytree([tuple(map(jax.numpy.array, layer)) for layer in layers])

    def loss(w):
        *inner, (W, b) = unflatten(w)
        signal = jax.numpy.array(X)
        for weights, biases in inner:
            signal = jax.numpy.tanh(signal @ weights + biases)
        return 0.5 * jax.numpy.sum((signal @ W + b - y) ** 2) / ROWS

    product = jax.jit(lambda v: jax.jvp(jax.grad(loss), (w,), (v,))[1])
    return product, jax.numpy.array(np.random.default_rng(1).standard_normal(w.size))


def with_torch():
    import torch

    X, y, layers = problem()
    X, y = torch.tensor(X), torch.tensor(y)
    parameters = [torch.tensor(part, requires_grad=True) for layer in layers for part in layer]

    def product(v):
        signal = X
        for i in range(0, 4, 2):
            signal = torch.tanh(signal @ parameters[i] + parameters[i + 1])
        loss = 0.5 * ((signal @ parameters[4] + parameters[5] - y) ** 2).sum() / ROWS
        slopes = torch.autograd.grad(loss, parameters, create_graph=True)
        together = torch.cat([slope.reshape(-1) for slope in slopes]) @ v
        return torch.cat([g.reshape(-1) for g in torch.autograd.grad(together, parameters)])

    start = torch.tensor(np.random.default_rng(1).standard_normal(flat().size))
    return lambda: power(product, torch.linalg.norm, start), np.array
