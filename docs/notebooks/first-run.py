# ---
# jupyter:
#   description: >-
#     How to run gradient descent with lrsim: a landscape, a start and a learning rate, and what
#     the result holds.
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
# # A first run
#
# Everything on this site comes out of a few lines of `lrsim`. A landscape, a start and a
# learning rate give a run.

# %%
import numpy as np

from lrsim import descend, landscapes, optimizers, schedules, stability

bowl = landscapes.bowl([1, 20])  # curvatures of a flat and a steep direction
run = descend(bowl, start=[10, 0.05], eta=0.05, steps=100)
print("iterates", run.iterates.shape)
print("losses  ", run.losses.shape, "  rates", run.etas.shape)
print(f"loss {run.losses[0]:.1f} → {run.final_loss:.2g}, {run.regime}")

# %% [markdown]
# T updates make T + 1 iterates, T + 1 losses and T rates: `etas[t]` carried `iterates[t]` to
# `iterates[t + 1]`.
#
# ## What is known beforehand

# %%
best = stability.optimal_eta(bowl)
print("threshold 2/λ_max  ", stability.threshold(bowl))
print(f"best constant rate  {best:.4f}")
for eta in (0.001, best, 0.105):
    run = descend(bowl, [10, 0.05], eta, steps=200)
    print(f"η = {eta:.4f}  loss 50 → {run.final_loss:.2g}  {run.regime}")

# %% [markdown]
# The rate above the threshold is lost, although its loss fell at first. The step at which it
# turns is known too. Divergence is a result, not an error:

# %%
print("turns:     predicted", stability.turnaround_step(bowl, [10, 0.05], 0.105))
print("           simulated", run.losses.argmin())
print("lost at:  ", run.diverged_at, "(first above 10⁶ times the start)")

# %% [markdown]
# ## Change one thing
#
# A schedule is a function of the step, and `optimizer=` takes another update rule.

# %%
decay = schedules.inverse_time(0.2, k=0.1)
print(decay, "→", decay(np.arange(4)).round(4))
run = descend(bowl, [5, 0.01], decay, steps=60)
first, peak, end = run.losses[0], run.peak_loss, run.final_loss
print(f"loss {first:.1f}, peak {peak:.1f}, end {end:.2g}")
print("rose above its start and came back:", run.recovered)

# %%
momentum = optimizers.heavy_ball(0.9)
print("threshold with momentum 0.9:", stability.threshold(bowl, optimizer=momentum))
run = descend(bowl, [10, 0.05], 0.105, steps=200, optimizer=momentum)
print(f"the rate that was lost: loss {run.losses[0]:.0f} → {run.final_loss:.2g}")

# %% [markdown]
# ## Exact, or as hardware does it
#
# On a quadratic `descend` is exact to rounding. `method="iterate"` computes w − η∇L(w) as a
# training loop does; round-off of an overshoot then lands in the slow direction and drowns
# the answer:

# %%
turn, _ = np.linalg.qr(np.random.default_rng(0).standard_normal((3, 3)))
rotated = landscapes.quadratic(turn @ np.diag([0.5, 3, 12]) @ turn.T)
high = schedules.inverse_time(3, k=0.2)
for method in ("modes", "iterate"):
    run = descend(rotated, [1, 1, 1], high, steps=400, method=method)
    print(f"{method:8} peak {run.peak_loss:.1e}, end {run.final_loss:.1e}")

# %% [markdown]
# ## Go on where it ended
#
# Give the run in place of a start: steps, schedule, optimizer, noise and minibatches go on, and
# n steps in two parts are n in one. `run.last` is its last point, laid out as a start.

# %%
half = descend(bowl, [5, 0.01], decay, steps=30, optimizer=momentum)
whole = descend(bowl, half, decay, steps=30)
at_once = descend(bowl, [5, 0.01], decay, steps=60, optimizer=momentum)
print("steps", whole.steps[[0, -1]], "as at once:", (whole.last == at_once.last).all())

# %% [markdown]
# To keep a run, `run.save("run.npz")` and `Trajectory.load("run.npz")`. Next:
# [a sweep](a-sweep.py), many runs in one call.
