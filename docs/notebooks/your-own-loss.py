# ---
# jupyter:
#   description: >-
#     How to run lrsim on your own loss: write loss and gradient, and get its runs, sharpness
#     and threshold.
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
# # Your own loss
#
# Any object with `loss(w)` and `gradient(w)` is a landscape. `w` has its coordinates on the
# first axis, so that `x, y = w` works for a point and for a whole sweep at once.

# %%
import numpy as np

from lrsim import descend, landscapes, stability


class Ripples:
    """x²/2 + 2y² + 0.6 sin(3x): a bowl with ripples across its floor."""

    def loss(self, w):
        x, y = w
        return x**2 / 2 + 2 * y**2 + 0.6 * np.sin(3 * x)

    def gradient(self, w):
        x, y = w
        return np.array([x + 1.8 * np.cos(3 * x), 4 * y])


run = descend(Ripples(), start=[3.0, 1.0], eta=0.1, steps=300)
print(f"loss {run.losses[0]:.3f} → {run.final_loss:.4f}")
print("at w =", run.iterates[-1].round(4))

# %% [markdown]
# Another start may end in another dip. Starts are a batch, coordinates first:

# %%
starts = np.array([[3, 0, -3], [1, 1, 1]])  # three points, as columns
runs = descend(Ripples(), starts, eta=0.1, steps=300)
for end, loss in zip(runs.iterates[:, -1, 0], runs.final_loss, strict=True):
    print(f"x = {end:+.4f}   loss {loss:+.4f}")

# %% [markdown]
# ## Without a class
#
# `from_functions` takes the loss alone; derivatives that you leave out are central differences.

# %%
ripples = landscapes.from_functions(Ripples().loss)
w = np.array([3.0, 1.0])
error = np.abs(ripples.gradient(w) - Ripples().gradient(w)).max()
print(f"error of the gradient by differences: {error:.0e}")

# %% [markdown]
# ## What the learning rate may be
#
# Sharpness and threshold need a point, since the curvature of such a loss changes from place
# to place. At a minimum the threshold is that of local stability: above it no run settles
# there.

# %%
for w in runs.iterates[:, -1]:
    sharpness = stability.sharpness(ripples, w)
    limit = stability.threshold(ripples, w)
    print(f"x = {w[0]:+.4f}: λ_max = {sharpness:.3f}, 2/λ_max = {limit:.4f}")

# %%
minimum = runs.iterates[1, -1]
limit = stability.threshold(ripples, minimum)
for eta in (0.95 * limit, 1.05 * limit):
    end = descend(Ripples(), minimum + 0.001, eta, steps=2000).iterates[-1]
    distance = np.linalg.norm(end - minimum)
    print(f"η = {eta:.4f}: ends {distance:.1e} from the minimum")

# %% [markdown]
# A wrong shape is refused, with what was needed and what came:

# %%
flat = landscapes.from_functions(lambda w: w.sum(), gradient=lambda w: 1.0)
try:
    descend(flat, [3.0, 1.0], 0.1, 10)
except ValueError as error:
    print(error)
