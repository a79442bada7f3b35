# ---
# jupyter:
#   description: >-
#     Notebook: inverse-time decay that starts at twice the threshold, its hump and the descent
#     after it.
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
# # Decay, run
#
# Inverse-time decay from twice the threshold: a hump, then the descent.

# %%
import matplotlib.pyplot as plt

from lrsim import descend, landscapes, schedules, stability

bowl = landscapes.bowl([1, 20])
run = descend(bowl, [5, 0.01], schedules.inverse_time(0.2, k=0.1), steps=60)
fig, (rate, loss) = plt.subplots(2, sharex=True, figsize=(5, 4.4))
rate.axhline(stability.threshold(bowl), color="C3")
rate.plot(run.etas, "^C5-", markersize=3)
loss.semilogy(run.losses, "^C5-", markersize=3)
rate.set_ylabel(r"learning rate $\eta_t$")
loss.set(xlabel="step $t$", ylabel="loss $L$")
plt.show()
highest = run.losses.argmax()
print(f"peak {run.peak_loss:.1f} at step {highest}, then {run.final_loss:.2g}")

# %% [markdown]
# ## Change one thing
#
# Let the rate sink more slowly. It stays above the threshold for longer, and the hump becomes a mountain.

# %%
for k in (0.2, 0.1, 0.05, 0.02):
    run = descend(bowl, [5, 0.01], schedules.inverse_time(0.2, k=k), steps=400)
    peak, end = f"{run.peak_loss:.3g}", f"{run.final_loss:.2g}"
    print(f"k = {k:4}: peak {peak:>8}, step {run.losses.argmax():2}, end {end}")
