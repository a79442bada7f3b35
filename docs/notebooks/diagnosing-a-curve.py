# ---
# jupyter:
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
# is plain gradient descent on a quadratic with all the data and a constant rate: its loss falls,
# rises, or falls and then rises once. It cannot wiggle. A constant added to the loss, or a lowest
# loss below zero, changes nothing.

# %%
import textwrap

import numpy as np

from lrsim import descend, landscapes, schedules
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
# This one rules the yardstick out. Lowering a rate that is too high will not help; noise,
# momentum or a schedule is at work, or a loss that is not quadratic:

# %%
say([2.31, 1.87, 1.92, 1.55, 1.61, 1.40, 1.45, 1.31])

# %% [markdown]
# With minibatches every curve wiggles. Record the loss of all the data, or the mean of an epoch,
# and ask about that.
#
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
