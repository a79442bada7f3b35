# ---
# jupyter:
#   description: >-
#     Notebook: a small, a large and a decaying learning rate from one start in one bowl, their
#     paths and their losses.
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
# # Three paths, run
#
# A small, a large and a decaying learning rate from one start on one bowl.

# %%
import matplotlib.pyplot as plt
import numpy as np

from lrsim import descend, landscapes, schedules

bowl = landscapes.bowl([1, 10])
decaying = schedules.inverse_time(0.24, k=0.1)
rates = {"small": 0.02, "large": 0.19, "decaying": decaying}
grid = np.array(np.meshgrid(np.linspace(-4.5, 2, 100), np.linspace(-2.2, 2.2, 80)))
fig, axes = plt.subplots(3, figsize=(5, 9), sharex=True)
for ax, (name, eta), look in zip(axes, rates.items(), ("oC0-", "sC2--", "^C5-")):
    run = descend(bowl, [-4, 1], eta, steps=30)
    levels = [0.5, 2, 4.5, 8, 12, 18]
    ax.contour(*grid, bowl.loss(grid), levels=levels, colors="C6", linewidths=0.5)
    ax.plot(*run.iterates.T, look, markersize=3, linewidth=1)
    ax.set(title=f"{name}: $L$ = {run.final_loss:.2g}", aspect="equal", ylabel="$w_2$")
axes[-1].set_xlabel("$w_1$")
plt.show()

# %% [markdown]
# ## Change one thing
#
# Turn the bowl by thirty degrees. The weights' paths look different, the losses are the same: only the curvatures
# and the start's share of each direction count.

# %%
angle = np.radians(30)
turned = landscapes.bowl([1, 10], angle=angle)
turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
start = turn @ [-4, 1]
for name, eta in rates.items():
    one = descend(bowl, [-4, 1], eta, steps=30)
    other = descend(turned, start, eta, steps=30)
    print(f"{name:9} {one.final_loss:.5g}, turned {other.final_loss:.5g}")
