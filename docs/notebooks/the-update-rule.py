# ---
# jupyter:
#   description: >-
#     Notebook: one step of gradient descent at four learning rates, from the same point of a
#     parabola, to run and change.
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
# # The update rule, run
#
# One step from the same point of a parabola, at four learning rates. Where does each land?

# %%
import matplotlib.pyplot as plt
import numpy as np

from lrsim import descend, landscapes

parabola = landscapes.bowl([1.0])
for eta in (0.5, 1.0, 1.5, 2.3):
    before, after = descend(parabola, [1.0], eta, steps=1).iterates[:, 0]
    print(f"ηλ = {eta}: from {before} to {after:+.1f}, loss {after**2 / 2:.3f}")

# %%
w = np.linspace(-1.6, 1.6, 200)
plt.plot(w, parabola.loss(w[None]), color="C6")
for eta, mark in zip((0.5, 1.0, 1.5, 2.3), ("oC0", "DC1", "sC2", "XC4")):
    run = descend(parabola, [1.0], eta, steps=1)
    label = rf"$\eta\lambda$ = {eta}"
    plt.plot(run.iterates[:, 0], run.losses, mark + ":", label=label)
plt.xlabel("weight $w$"), plt.ylabel("loss $L$"), plt.legend()
plt.show()

# %% [markdown]
# ## Change one thing
#
# Make the parabola ten times steeper and keep the rates. All four now leave it, since only ηλ counts.

# %%
steep = landscapes.bowl([10.0])
for eta in (0.5, 1.0, 1.5, 2.3):
    after = descend(steep, [1.0], eta, steps=1).iterates[-1, 0]
    print(f"ηλ = {10 * eta:4.1f}: to {after:+.1f}")
