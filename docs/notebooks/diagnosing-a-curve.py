# ---
# jupyter:
#   description: >-
#     How to diagnose a recorded loss curve with lrsim: its shape, what that rules out, and how
#     far the limit is.
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
# # Diagnosing a curve
#
# You recorded one loss an update. `diagnose` says what shape that is, what the shape rules out
# and, where the curve is exponential, how far the learning rate is from its limit. The yardstick
# is plain gradient descent on a bowl with all the data and a constant rate: the loss that it
# descends falls, rises, is level, or falls and then rises once. It cannot wiggle. A constant added
# to the loss, or a lowest loss below zero, changes nothing.

# %%
import textwrap

import numpy as np

from lrsim import descend, landscapes, schedules, stability
from lrsim.diagnosis import diagnose


def say(losses):
    print(textwrap.fill(str(diagnose(losses)), 80))


say([4.000, 3.020, 2.383, 1.969, 1.700, 1.525, 1.411, 1.337, 1.289, 1.258])

# %% [markdown]
# ## Falling, then rising
#
# The rate is above 2/λ: the steep direction grows from the first step, hidden by the others at
# first. The factor by which it grows gives ηλ, and with it what to divide the rate by:

# %%
losses = [2.31, 1.762, 1.451, 1.303, 1.299, 1.479, 1.981, 3.133, 5.662, 11.149]
say(losses)
found = diagnose(losses)
print(found.shape, " ηλ =", round(found.eta_lambda, 3))

# %% [markdown]
# ## Wiggling
#
# This one rules the yardstick out: noise, momentum or a schedule is at work, a loss that is not
# quadratic, or another loss was recorded than the one that is descended:

# %%
say([2.31, 1.87, 1.92, 1.55, 1.61, 1.40, 1.45, 1.31])

# %% [markdown]
# Does a lower rate help? That depends on the cause. A double well wiggles for ever above its
# threshold and is calm below it; noise stays, but its floor sinks:

# %%
well = landscapes.double_well()
for eta in (1.1, 0.9):
    end = descend(well, [0.5], eta, steps=2000).losses[-100:]
    print(f"double well, η = {eta}: mean loss at the end {end.mean():.4f}")
for eta in (0.09, 0.045):
    print(f"noise on a bowl, η = {eta}: floor {stability.noise_floor([1, 20], eta, noise=1).sum():.4f}")

# %% [markdown]
# With minibatches most curves wiggle. Record the loss of all the data, or the mean of an epoch,
# and ask about that. But of the loss that is descended: a validation loss can wiggle although
# nothing is wrong. Here the minimum has moved a little, the rate is below the threshold, and the
# training loss falls at every step:

# %%
run = descend(landscapes.bowl([1, 20]), [5, 1], 0.095, steps=60)
say(run.losses)
say(landscapes.bowl([1, 20], minimum=[0.2, 0.1]).loss(run.iterates.T))

# %% [markdown]
# ## Smooth, and yet not the yardstick
#
# The loss of the yardstick is L* + Σ c rᵗ with c ≥ 0, so it is convex. Its second differences are
# such a sum without L*, so even their logarithm is convex. A cosine decay looks plain and is not:

# %%
say(descend(landscapes.bowl([1, 20]), [10, 0.05], schedules.cosine(0.09, 100), 100).losses)

# %% [markdown]
# That takes many digits. Printed to four, this curve is not told from the yardstick.
#
# ## When it cannot tell, it says so

# %%
say([2.31, 1.87, 1.92])

# %% [markdown]
# ## An overshoot that cannot be seen
#
# Near a minimum η and 2/λ - η give one and the same loss curve, so a falling curve has two
# readings. The path tells them apart, the loss cannot:

# %%
parabola = landscapes.bowl([1])
for eta in (0.1, 1.9):
    found = diagnose(descend(parabola, [1.0], eta, steps=30).losses)
    print(f"η = {eta}: {found.shape}, ηλ is one of", np.round(found.eta_lambda, 6))

# %% [markdown]
# ## From the command line
#
# ```
# lrsim diagnose losses.csv
# cut -d, -f2 log.csv | lrsim diagnose
# ```
#
# See [the command line](../lrsim/command-line.md) and, for each field of the answer, the
# [reference](../lrsim/api/diagnosis.md).
