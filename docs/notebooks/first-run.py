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
# # A first run
#
# Everything on this site comes out of a few lines of `lrsim`. A bowl with a flat and a steep direction, a start,
# and three learning rates:

# %%
import numpy as np

from lrsim import descend, landscapes, stability

bowl = landscapes.bowl([1, 20])
print("threshold 2/λ_max:", stability.threshold(bowl))
print("best constant η*: ", stability.optimal_eta(bowl))

# %%
for eta in (0.001, stability.optimal_eta(bowl), 0.105):
    run = descend(bowl, start=[10, 0.05], eta=eta, steps=200)
    print(f"η = {eta:.4f}   loss {run.losses[0]:.0f} → {run.final_loss:.3g}   {run.regime}")

# %% [markdown]
# The high rate is called *diverging* although its loss fell at first. The step at which it turned is known in advance:

# %%
print("predicted:", stability.turnaround_step(bowl, [10, 0.05], 0.105))
print("simulated:", int(np.argmin(descend(bowl, [10, 0.05], 0.105, 200).losses)))

# %% [markdown]
# ## Change one thing
#
# An array of learning rates is a sweep: one run each. Where is the best one after 50 steps, and where is the cliff?

# %%
etas = np.linspace(0, 0.11, 1101)
sweep = descend(bowl, [10, 0.05], etas, steps=50, record="summary")
print("lowest final loss at η =", etas[np.argmin(sweep.final_loss)].round(4))
print("first η that ends above its start:", etas[np.argmax(sweep.final_loss > 50.1)].round(4))
