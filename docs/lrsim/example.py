from lrsim import descend, landscapes, schedules, stability

bowl = landscapes.bowl([1, 20])  # curvatures of the two directions
high = descend(bowl, start=[10, 0.05], eta=0.105, steps=200)
sinking = schedules.inverse_time(0.2, k=0.1)
decay = descend(bowl, start=[5, 0.01], eta=sinking, steps=60)
print(f"threshold {stability.threshold(bowl)}, best {stability.optimal_eta(bowl):.4f}")
print(f"0.105: lowest loss at step {high.losses.argmin()}, lost at {high.diverged_at}")
print(f"decay climbs to {decay.peak_loss:.1f}, then falls to {decay.final_loss:.2g}")
