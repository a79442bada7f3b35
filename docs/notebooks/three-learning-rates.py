# ---
# jupyter:
#   description: >-
#     Notebook: the same bowl and start at three learning rates, one too low, one best, one just
#     above the threshold.
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
# # Three learning rates, run
#
# The same bowl and the same start; only the learning rate differs.

# %%
import matplotlib.pyplot as plt

from lrsim import descend, landscapes, stability

bowl = landscapes.bowl([1, 20])
start = [10, 0.05]
rates = {"low": 0.001, "optimal": stability.optimal_eta(bowl), "high": 0.105}
for (name, eta), style in zip(rates.items(), ("C0-", "C1-", "C4:")):
    run = descend(bowl, start, eta, steps=120)
    plt.semilogy(run.losses, style, label=rf"{name}, $\eta$ = {eta:.3g}")
    print(f"{name:7}  {run.regime:11}  final loss {run.final_loss:.3g}")
plt.xlabel("step $t$"), plt.ylabel("loss $L$"), plt.legend()
plt.show()

# %% [markdown]
# ## Change one thing
#
# Give the start more of the steep direction, and the high rate turns earlier, until it does not fall at all.

# %%
for steep in (0.0005, 0.05, 0.5, 5):
    step = stability.turnaround_step(bowl, [10, steep], 0.105)
    print(f"steep part {steep:6}: turns at step {step}")
