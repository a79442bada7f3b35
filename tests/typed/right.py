"""Calls as users write them: a checker at its strictest finds nothing here. See test_typed.py."""

import io
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

import lrsim
from lrsim import Trajectory, descend, diagnosis, landscapes, logs, optimizers, schedules, stability
from lrsim.typing import LandscapeLike


class Quartic:
    def loss(self, w: np.ndarray) -> np.ndarray:
        return np.asarray(np.sum(w**4, axis=0) / 4)

    def gradient(self, w: np.ndarray) -> np.ndarray:
        return np.asarray(w**3)


class Fitted:
    """As Keras returns it."""

    def __init__(self) -> None:
        self.history = {"loss": [2.0, 1.0], "val_loss": [3.0, 2.0]}


def slope(w: np.ndarray) -> np.ndarray:
    return np.asarray(3 * w)


def falling(step: int) -> float:
    return 0.1 / (1 + step)


bowl = landscapes.bowl([1, 20])
run = descend(bowl, start=[10, 0.05], eta=0.105, steps=200)
print(f"{run.regime} {run.losses.argmin()} {run.final_loss:.2g} {run.peak_loss:.2g} {run.losses[0] / 2}")
if run.diverged_at is not None:
    print(run.diverged_at + 1)
again: Trajectory = descend(bowl, run, 0.1, 10, optimizer=optimizers.heavy_ball(0.9), rng=np.random.default_rng(3))
many = descend(bowl, np.array([10, 0.05]), np.linspace(0, 0.11, 10), 100, record="loss", every=10)
lost: int = int((many.diverged_at >= 0).sum())
final: float = run.final_loss
worst: float = max(run.peak_loss, again.last[0])
name: str = (run.regime or "changing").upper() + ("!" if run.recovered else "")
lost_first: int | None = run.diverged_at
taken_up: float = descend(bowl, run, 0.1, 10).final_loss
print(many.final_loss[3], many.recovered.sum(), (many.regime == "diverging").sum(), many.peak_loss.max())
print(many.losses.shape, many.final_loss.argmin(), many.etas.shape, many.batch[0], many.steps.tolist())

mine: LandscapeLike = Quartic()
descend(mine, [1.0], falling, 10, method="iterate", on_divergence="freeze", noise=0.1, seed=3)
descend(Quartic(), [[1.0, 2.0]], lambda t: 0.1, 10)
descend(landscapes.from_functions(lambda w: w[0] ** 2, slope), (1, 2), schedules.cosine(0.1, 90) * 2, 10)
listed = descend(bowl, [1, 1], schedules.table([0.1, 0.1, 0.02]), 3, average=1)
print(f"{listed.peak_loss:.2g}", float(listed.final_loss), listed.losses[: listed.diverged_at], listed.recovered)
with ThreadPoolExecutor() as pool:
    eta0, k = np.linspace(0.1, 0.4, 3), np.geomspace(0.01, 1, 4)
    descend(bowl, [1, 1], schedules.inverse_time(eta0[None, :], k[:, None]), 50, record="summary", executor=pool)

schedule: schedules.Schedule = schedules.warmup(10, then=schedules.join([0.1, schedules.constant(0.2)], at=[5]))
print(schedule(3), schedule(range(4)), schedule([0, 1]).shape, 2 * schedule)
rule: optimizers.Optimizer = optimizers.clipped(optimizers.adam(0.9), norm=1)
descend(landscapes.tanh_network([[1.0], [2.0]], [0.0, 1.0], hidden=(3,)), [0.0] * 10, 0.1, 5, optimizer=rule)

print(2 / stability.threshold(bowl), stability.threshold(20), stability.threshold(slope, w=[2.0]))
print(stability.sharpness(mine, [1.0]), stability.sharpness(bowl, run).shape, stability.optimal_eta(bowl) * 2)
print(stability.spectrum(slope, [1.0], hvp=lambda w, v: 3 * v).top, stability.regime(0.1, bowl))
print(stability.inverse_time_peak(0.2, 0.1, 20).step, stability.inverse_time_product(0.2, [0.1], 20, 21))
print(stability.steps_to(1e-6, bowl, [1, 0], schedules.inverse_time(0.018, k=0.1)))
print(stability.expected_losses(bowl, [5, 0.01], 0.09, 100, noise=1.0)[-1], stability.noise_floor([1, 20], 0.09, 1))

log = logs.read({"loss": [2.0, 1.5, 1.2, 1.1, 1.0]})
logs.read(io.StringIO("loss\n2\n1\n")), logs.read(io.BytesIO(b"loss\n2\n1\n"), column="loss")
logs.read({"loss": np.array([2.0, 1.5])}), logs.read(Fitted(), column="loss")
Path("log.csv").write_text("loss\n2\n1\n")
with open("log.csv") as opened:
    print(logs.read(Path("log.csv")).losses, logs.read("log.csv", "loss"), logs.read(opened))
print(diagnosis.diagnose(log, optimizer=optimizers.adam()).cause, diagnosis.compare(log, [2.0, 1.5, 1.2, 1.1]))
print(diagnosis.diagnose(run.losses).shape, len(logs.read({"loss": [1.0, 0.5]}).losses), lrsim.__version__)
run.save("run.npz")
print(Trajectory.load("run.npz").last)
