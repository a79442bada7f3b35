# ---
# jupyter:
#   description: >-
#     How to sweep a thousand learning rates in one call of lrsim, and how to read the phase
#     diagram that comes out.
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
# # A sweep
#
# An array of learning rates is a sweep, one run each, in one call. Results put the batch
# first: `losses` is (1000, 1001) here.

# %%
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from lrsim import descend, landscapes, schedules

bowl = landscapes.bowl([1, 20])
etas = np.linspace(0, 0.11, 1000)
many = descend(bowl, start=[10, 0.05], eta=etas, steps=1000)
print(many.losses.shape)
for steps in (10, 100, 1000):
    best = etas[many.losses[:, steps].argmin()]
    print(f"after {steps:4} steps the best η is {best:.4f}")

# %% [markdown]
# ## A phase diagram over (η₀, k)
#
# A schedule's parameters may be arrays and broadcast together. `record="summary"` keeps only
# what the picture needs, the final loss, the peak and the step of divergence, so that
# 512 × 512 runs fit in a few megabytes.

# %%
eta0 = np.linspace(0.01, 0.5, 512)
k = np.geomspace(0.001, 1, 512)
decay = schedules.inverse_time(eta0[None, :], k[:, None])
phase = descend(bowl, start=[5, 0.01], eta=decay, steps=500, record="summary")
print(phase.final_loss.shape, "runs,", np.isnan(phase.final_loss).sum(), "NaN")
print(f"lost on the way    {np.mean(phase.diverged_at >= 0):6.1%}")
print(f"rose and recovered {np.mean(phase.recovered):6.1%}")
row, column = np.unravel_index(phase.final_loss.argmin(), phase.final_loss.shape)
print(f"lowest final loss at η₀ = {eta0[column]:.3f}, k = {k[row]:.3f}")

# %% [markdown]
# A coarse look at it. `·` ended below its start without rising above it, `o` rose and
# recovered, `#` ended above its start:

# %%
first = bowl.loss([5, 0.01])
letters = np.where(phase.final_loss > first, "#", "·")
letters[phase.recovered] = "o"
print("        η₀ = 0.01 … 0.5")
for i in range(511, 0, -64):
    print(f"k = {k[i]:.3f} ", "".join(letters[i, ::16]))

# %% [markdown]
# ## On several cores or machines
#
# `executor=` takes any `concurrent.futures.Executor`. The result is equal to the bit in
# every chunking, noise included: each run has a random stream of its own.

# %%
with ThreadPoolExecutor(2) as pool:
    again = descend(bowl, [5, 0.01], decay, 500, record="summary", executor=pool)
print("equal to the bit:", np.array_equal(again.final_loss, phase.final_loss))

# %% [markdown]
# Processes are the same line with `ProcessPoolExecutor`, in a script under
# `if __name__ == "__main__":`. A cluster, with `pip install "lrsim[dask]"`:
#
# ```python
# from dask.distributed import Client
#
# with Client("scheduler:8786") as client:
#     phase = descend(bowl, [5, 0.01], decay, 500, record="summary",
#                     executor=client.get_executor())
# ```
#
# Across processes the landscape must pickle: a `def` does, a `lambda` does not. If a worker
# is killed, Dask tries again elsewhere; a broken process pool gives a warning and the rest runs
# in your own process.
#
# ## Too large to keep
#
# A result above 2 GiB is refused at the call, before anything is computed:

# %%
try:
    descend(bowl, [10, 0.05], eta=np.linspace(0, 0.11, 10**5), steps=1000)
except ValueError as error:
    print(error)
