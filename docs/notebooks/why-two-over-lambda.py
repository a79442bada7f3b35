# ---
# jupyter:
#   description: >-
#     Notebook: how much of a flat and of a steep direction one step leaves, and why the limit
#     is 2/λ_max.
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
# # The threshold, run
#
# How much of a flat and of a steep direction does one step leave?

# %%
import matplotlib.pyplot as plt
import numpy as np

from lrsim import descend, landscapes, stability

etas = np.linspace(0, 0.115, 231)
for curvature, line in ((1, "-"), (20, "--")):
    step = descend(landscapes.bowl([curvature]), [1.0], etas, steps=1)
    factor = abs(step.iterates[:, 1, 0])
    plt.plot(etas, factor, f"C7{line}", label=rf"$\lambda$ = {curvature}")
bowl = landscapes.bowl([1, 20])
plt.axhline(1, color="C6", linewidth=1)
plt.axvline(stability.threshold(bowl), color="C3", linewidth=1)
plt.xlabel(r"learning rate $\eta$"), plt.ylabel(r"factor $|1 - \eta\lambda|$")
plt.legend()
plt.show()
for eta in (0, 0.04, 0.07, 0.1, 0.105):
    print(f"η = {eta}: {stability.regime(eta, bowl)}")

# %% [markdown]
# ## Change one thing
#
# The condition number κ decides how slow even the best rate is. Steps to a millionth of the loss:

# %%
for kappa in (1.0, 10.0, 100.0, 1000.0):
    valley = landscapes.bowl([1, kappa])
    best = stability.optimal_eta(valley)
    steps = stability.steps_to(1e-6, valley, [1.0, 0.0], best)
    print(f"κ = {kappa:6.0f}: η* = {best:.5f}, {steps} steps")
