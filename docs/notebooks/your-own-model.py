# ---
# jupyter:
#   description: >-
#     How to find the largest stable learning rate of your own model from a gradient function
#     and a point.
#   jupytext:
#     text_representation:
#       extension: .py
#       format_name: percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Your own model's largest learning rate
#
# `stability.threshold` needs a gradient function and a point, nothing else. It takes a few
# dozen gradients, and no matrix is built, so a model of a million parameters will do. Here is
# a network written by hand; your framework's gradient goes in the same place, below.

# %%
import numpy as np

from lrsim import optimizers, stability

stream = np.random.default_rng(0)
X = stream.standard_normal((200, 2))
y = np.sin(X @ [1.0, 2.0])


def forward(w):
    hidden = np.tanh(X @ w[:32].reshape(2, 16) + w[32:48])
    return hidden, hidden @ w[48:] - y


def gradient(w):
    hidden, error = forward(w)
    back = np.outer(error, w[48:]) * (1 - hidden**2)
    parts = [(X.T @ back).ravel(), back.sum(0), hidden.T @ error]
    return np.concatenate(parts) / len(y)


def loss(w):
    return np.mean(forward(w)[1] ** 2) / 2


w = 0.5 * stream.standard_normal(64)
print(f"largest stable η at the start: {stability.threshold(gradient, w):.4f}")

# %% [markdown]
# That is 2/λ_max for plain gradient descent at this point. Curvature changes while a model
# trains, so look again where it has trained:

# %%
for step in range(3001):
    if step % 1000 == 0:
        limit = stability.threshold(gradient, w)
        print(f"step {step:4}  loss {loss(w):.4f}  largest stable η {limit:.3f}")
    w -= 0.1 * gradient(w)

# %% [markdown]
# ## Does it hold?
#
# From there, one rate below the limit and one above:

# %%
limit = stability.threshold(gradient, w)
for share in (0.9, 1.5):
    v, losses = w.copy(), []
    for _ in range(60):
        losses.append(loss(v))
        v -= share * limit * gradient(v)
    print(f"η = {share * limit:.3f}  loss {losses[0]:.5f} → {losses[-1]:.5f}")

# %% [markdown]
# The limit is local: a step over it leaves this place, and a network may well settle elsewhere,
# where the curvature is lower. Momentum moves the limit, and `spectrum` shows what it was made of:

# %%
limit = stability.threshold(gradient, w, optimizers.heavy_ball(0.9))
print(f"with momentum 0.9: {limit:.3f}")
found = stability.spectrum(gradient, w)
print(f"λ from {found.bottom:.4f} to {found.top:.4f}")
print(f"in {found.products} products H v, of two gradients each")

# %% [markdown]
# ## PyTorch
#
# One function puts a vector into the model and takes the gradient out. Double precision gives
# eight digits, single precision three to five. Hold still whatever is random: `eval()`, and
# always the same data.
#
# ```python
# import torch
# from torch.nn.utils import parameters_to_vector, vector_to_parameters
#
# model.double().eval()
# parameters = list(model.parameters())
#
# def gradient(w):
#     vector_to_parameters(torch.tensor(w), parameters)
#     loss = loss_function(model(X), y)  # X, y in double precision too
#     slopes = torch.autograd.grad(loss, parameters)
#     return parameters_to_vector(slopes).numpy()
#
# w = parameters_to_vector(parameters).detach().numpy()
# print(stability.threshold(gradient, w))
# vector_to_parameters(torch.tensor(w), parameters)  # as it was
# ```
#
# ## JAX
#
# `ravel_pytree` makes one vector of the parameters. JAX computes in single precision unless
# `jax_enable_x64` is set; with `hvp=` nothing is lost to differences either way.
#
# ```python
# import jax
# from jax.flatten_util import ravel_pytree
#
# w, unravel = ravel_pytree(params)
# gradient = jax.jit(jax.grad(lambda w: loss(unravel(w), X, y)))
# print(stability.threshold(gradient, w))
#
# hvp = jax.jit(lambda w, v: jax.jvp(gradient, (w,), (v,))[1])
# print(2 / stability.spectrum(gradient, w, hvp=hvp).top)
# ```
#
# For Adam the limit belongs to the preconditioned Hessian, with the optimizer's state in it: see
# [`threshold`](../lrsim/api/stability.md#lrsim.stability.threshold).
