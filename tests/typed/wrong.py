"""Calls that a checker must refuse, each with its error in a comment's place. See test_typed.py."""

import numpy as np

import lrsim
from lrsim import descend, diagnosis, landscapes, logs, optimizers, schedules, stability
from lrsim.typing import LandscapeLike


class Slopeless:
    def loss(self, w: np.ndarray) -> float:
        return float(w.sum())


bowl, start = landscapes.bowl([1, 20]), [10, 0.05]
run = descend(bowl, start, 0.1, 10)
many = descend(bowl, start, [0.1, 0.2], 10, record="summary")

descend(bowl, start, "fast", 10)  # wrong
descend(bowl, "here", 0.1, 10)  # wrong
descend(bowl, start, 0.1, "many")  # wrong
descend(bowl, start, 0.1, 2.5)  # wrong
descend(bowl, start, 0.1)  # wrong
descend(bowl, start, 1j, 10)  # wrong
descend(bowl, start, 0.1, 10, record="everything")  # wrong
descend(bowl, start, 0.1, 10, on_divergence="stop")  # wrong
descend(bowl, start, 0.1, 10, optimizer="adam")  # wrong
descend(bowl, start, 0.1, 10, optimizer=optimizers.adam)  # wrong
descend(bowl, start, 0.1, 10, lr=0.2)  # wrong
descend(bowl, start, schedules.cosine, 10)  # wrong
descend(bowl, start, lambda t: "fast", 10)  # wrong
descend(landscapes.bowl, start, 0.1, 10)  # wrong
descend(lambda w: w**2, start, 0.1, 10)  # wrong
descend(Slopeless(), start, 0.1, 10)  # wrong
descend(bowl, start, 0.1, 10, executor=4)  # wrong
mine: LandscapeLike = Slopeless()  # wrong

diagnosis.diagnose(bowl)  # wrong
diagnosis.diagnose([2.0, 1.0], optimizer="adam")  # wrong
diagnosis.compare([2.0, 1.0], run)  # wrong
logs.read(3)  # wrong
logs.read(None)  # wrong
logs.read([2.0, 1.0])  # wrong
logs.read(b"loss 2.0")  # wrong
logs.read({"loss": 2.0})  # wrong
logs.read(run)  # wrong

print(run.betta)  # wrong
print(run.loss)  # wrong
print(run.final_loss.argmin())  # wrong
print(run.diverged_at + 1)  # wrong
print(run.regime.upper())  # wrong
print(run.recovered.sum())  # wrong
worst: str = run.peak_loss  # wrong
print(many.final_loss.argmni())  # wrong
print(many.peak_loss + "1")  # wrong
print(many.diverged_at.lost)  # wrong
print(many.recovered.summ())  # wrong
print(many.regime.upper())  # wrong
first: str = many.diverged_at  # wrong
print(run.losses.argmni())  # wrong
print(stability.treshold(bowl))  # wrong
print(stability.peak(0.2, 0.1, 20))  # wrong
print(lrsim.landscape)  # wrong
print(bowl.eigenvalue)  # wrong
print(schedules.cosinus(0.1, 90))  # wrong

landscapes.bowl(["steep"])  # wrong
landscapes.linear_regression([[1.0]], [1.0], reduction="total")  # wrong
landscapes.from_functions("x**2")  # wrong
schedules.cosine("0.1", 90)  # wrong
schedules.warmup(10, "then")  # wrong
schedules.join(0.1, [5])  # wrong
schedules.constant(0.1) * "2"  # wrong
optimizers.heavy_ball("0.9")  # wrong
optimizers.clipped(0.1, norm=1)  # wrong
stability.threshold("bowl")  # wrong
stability.regime("high", bowl)  # wrong
stability.optimal_eta(20)  # wrong
stability.noise_floor("flat", 0.1, 1)  # wrong
stability.steps_to(1e-6, bowl, "start", 0.1)  # wrong
stability.inverse_time_crossing(0.2, None, 20)  # wrong
