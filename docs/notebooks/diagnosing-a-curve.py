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
# # Diagnosing a training log
#
# You have the losses of a run. `diagnose` says what happened, since when, how sure that is, and
# what to do. What it says of the learning rate holds for the loss that is descended: a validation
# loss, one without its penalty or a smoothed one may wiggle or rise at any rate.

# %%
import io

import matplotlib.pyplot as plt
import numpy as np

from lrsim import descend, landscapes, logs, optimizers, schedules, stability
from lrsim.diagnosis import compare, diagnose

# %% [markdown]
# ## Read the log
#
# `logs.read` takes what your framework wrote and says in a line what it took and what it left out:

# %%
table = """step;train_loss;val_loss
0;50,03;51,2
10;5,606;5,9
20;1,723;2,1
30;7,676;8,0
40;51,22;53,0
50;344,5;350,1
60;2317,7;2380,5
70;15592,5;15950,0
"""
log = logs.read(io.StringIO(table))
print(log)
found = diagnose(log)
print(found)

# %% [markdown]
# The log has every tenth step, and the step column says so: the factor is one of an update, and
# so is ηλ. A loss that grows r-fold an update means weights that grow √r-fold, which plain
# gradient descent does at ηλ = 1 + √r. Dividing η by more than half of that is enough.

# %%
print(f"factor {found.factor:.4f} an {found.per}")
print(f"ηλ = {found.eta_lambda:.4f}, divide by {found.divide_by:.4f}")

# %% [markdown]
# ## Rows are not updates
#
# Where a log counts epochs, or nothing, a factor says nothing of ηλ until you say how many
# updates a row is:

# %%
epochs = logs.Log(np.exp(-0.4 * np.arange(30.0)), np.arange(30.0), row="epoch")
print(diagnose(epochs).eta_lambda)
print(np.round(diagnose(epochs, every=100).eta_lambda, 4))

# %% [markdown]
# ## Through noise, with intervals
#
# Growth is a line in ln(L − L*), and noise is mostly a share of the loss. With 30 % noise on each
# loss ηλ is still known to a part in a thousand, and the interval says so:

# %%
run = descend(landscapes.bowl([1, 20]), [10, 0.05], 0.11, steps=120)
noisy = run.losses * (1 + 0.3 * np.random.default_rng(1).standard_normal(121))
found = diagnose(noisy)
interval = np.round(found.eta_lambda_interval, 4)
print("true 2.2, found", round(found.eta_lambda, 4), interval)
found.plot()
plt.show()

# %% [markdown]
# ## Another optimizer has another limit
#
# The same growth means another ηλ under momentum, and another limit:

# %%
bowl = landscapes.bowl([1, 10])
momentum = optimizers.heavy_ball(0.9)
run = descend(bowl, [5, 1e-3], 0.42, steps=100, optimizer=momentum)
print(diagnose(run.losses, optimizer=momentum))

# %% [markdown]
# ## A warmup that went too far
#
# With the learning rates of the log it names the step at which η passed its limit, which is well
# before growth shows:

# %%
eta = schedules.warmup(150, schedules.constant(0.115))(np.arange(191))
bowl, rates = landscapes.bowl([1, 20]), schedules.table(eta[:-1])
run = descend(bowl, [10, 0.5], rates, 190, noise=1e-3, seed=0)
print(diagnose(run.losses + 1, rates=eta))

# %% [markdown]
# ## What is not finite
#
# Out of growth that is the rate. Out of a calm curve no rate could do it in a step:

# %%
calm = 2 + 0.02 * np.random.default_rng(2).standard_normal(40)
print(diagnose([*calm, np.nan, np.nan, np.nan, np.nan]))

# %% [markdown]
# ## Wiggles: which?
#
# Momentum rings and dies out, with its β in the peaks; an unstable run on a curved loss settles
# on every second step; noise has a floor. Only one of them is cured by a lower rate.

# %%
ringing = descend(landscapes.bowl([1]), [3], 0.4, 150, optimizer=momentum)
cycle = descend(landscapes.double_well(), [0.9], 1.1, 400)
floor = descend(landscapes.bowl([1.0]), [0.1], 0.2, 800, noise=0.3, seed=1)
print(*(diagnose(run.losses[20:] + 1) for run in (ringing, cycle, floor)), sep="\n\n")

# %% [markdown]
# Does a lower rate help? Try it: a floor sinks, ringing goes on.

# %%
for eta in (0.2, 0.1):
    print(f"η = {eta}: floor {stability.noise_floor([1], eta, noise=0.3).sum():.4f}")
slow, fast = (descend(bowl, [10, 0.05], eta, 300).losses for eta in (0.02, 0.04))
print(compare(slow, fast))

# %% [markdown]
# ## An overshoot that cannot be seen
#
# Near a minimum η and 2/λ − η give one and the same loss curve, so a falling curve has two
# readings. The path tells them apart, the loss cannot:

# %%
parabola = landscapes.bowl([1])
for eta in (0.1, 1.9):
    found = diagnose(descend(parabola, [1.0], eta, steps=30).losses)
    print(f"η = {eta}: {found.cause}, ηλ is one of", np.round(found.eta_lambda, 6))

# %% [markdown]
# ## To the last digit
#
# Without noise the curve says more. Plain gradient descent on a bowl with all the data falls,
# rises, is level, or falls and then rises once, and the logarithm of its second differences is
# convex. `shape`, `convex` and `rules_out` hold a curve against that: a cosine decay looks plain
# and is not.

# %%
run = descend(bowl, [10, 0.05], schedules.cosine(0.09, 100), 100)
found = diagnose(run.losses)
print(found.shape, found.convex)
print(found.rules_out)

# %% [markdown]
# ## When it cannot tell, it says so

# %%
print(diagnose([2.31, 1.87, 1.92]))

# %% [markdown]
# ## From the command line
#
# ```
# lrsim diagnose losses.csv
# lrsim diagnose trainer_state.json --optimizer 'adam()' --plot out.svg
# lrsim diagnose train.log --follow
# ```
#
# See [the command line](../lrsim/command-line.md) and, for each field of the answer, the
# [reference](../lrsim/api/diagnosis.md).
