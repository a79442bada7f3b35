"""python -m benchmarks.reference: what Keras, PyTorch and optax compute, in float64, for the tests to compare with.

Writes tests/reference.json: rates of schedules by step, and iterates of optimizers at STEPS on Rosenbrock's valley from
(-1.2, 1). The names there are the calls made here; `make reference` renews it, in the environment of the benchmarks.
"""

import json
import os
import subprocess
from importlib.metadata import version

from benchmarks.__main__ import ROOT, environment, other_python

REFERENCE = ROOT / "tests" / "reference.json"
STEPS = (1, 2, 10, 100, 300)
START = (-1.2, 1.0)


def rosenbrock(w, library):
    x, y = w[0], w[1]
    return library.square(1 - x) + 100 * library.square(y - library.square(x))


def torch_schedules():
    import torch

    schedulers = torch.optim.lr_scheduler

    def rates(make, eta, steps):
        weight = torch.nn.Parameter(torch.zeros(1, dtype=torch.float64))
        optimizer = torch.optim.SGD([weight], lr=eta)
        scheduler, found = make(optimizer), {}
        for step in range(max(steps) + 1):
            found[step] = optimizer.param_groups[0]["lr"]
            optimizer.step()
            if step < max(steps):
                scheduler.step()
        return {step: float(found[step]) for step in steps}

    def warmed(optimizer):
        warmup = schedulers.LinearLR(optimizer, start_factor=1 / 5, total_iters=4)
        return schedulers.SequentialLR(optimizer, [warmup, schedulers.ExponentialLR(optimizer, 0.9)], [5])

    return {
        "LambdaLR(1/(1+0.1t))": rates(lambda o: schedulers.LambdaLR(o, lambda t: 1 / (1 + 0.1 * t)), 0.4, (0, 1, 11)),
        "ExponentialLR(gamma=0.9)": rates(lambda o: schedulers.ExponentialLR(o, 0.9), 0.4, (9, 11)),
        "StepLR(4, 0.5)": rates(lambda o: schedulers.StepLR(o, 4, 0.5), 0.4, (0, 3, 4, 7, 8, 11)),
        "PolynomialLR(8, 2)": rates(lambda o: schedulers.PolynomialLR(o, 8, 2), 0.4, (0, 1, 4, 7, 8, 11)),
        "CosineAnnealingLR(10, 0.05)": rates(
            lambda o: schedulers.CosineAnnealingLR(o, 10, 0.05), 0.4, (0, 1, 5, 9, 10)
        ),
        "OneCycleLR(0.4, 20)": rates(lambda o: schedulers.OneCycleLR(o, 0.4, 20), 0.4, (0, 1, 4, 5, 6, 12, 18, 19)),
        "SequentialLR([LinearLR(1/5, total_iters=4), ExponentialLR(0.9)], [5])": rates(warmed, 0.4, range(9)),
        "MultiStepLR([3, 6], 0.1)": rates(lambda o: schedulers.MultiStepLR(o, [3, 6], 0.1), 0.4, range(8)),
    }


def keras_schedules():
    from keras.optimizers import schedules

    def rates(schedule, steps):
        return {step: float(schedule(step)) for step in steps}

    return {
        "InverseTimeDecay(0.4, 1, 0.1)": rates(schedules.InverseTimeDecay(0.4, 1, 0.1), (0, 1, 11)),
        "ExponentialDecay(0.4, 1, 0.9)": rates(schedules.ExponentialDecay(0.4, 1, 0.9), (1, 11)),
        "ExponentialDecay(0.4, 4, 0.5, staircase=True)": rates(
            schedules.ExponentialDecay(0.4, 4, 0.5, staircase=True), (0, 3, 4, 8)
        ),
        "PolynomialDecay(0.4, 8, 0.05, 2)": rates(schedules.PolynomialDecay(0.4, 8, 0.05, 2), (0, 1, 4, 8, 11)),
        "CosineDecay(0.4, 10, alpha=0.125)": rates(schedules.CosineDecay(0.4, 10, alpha=0.125), (0, 1, 5, 10, 15)),
        "PiecewiseConstantDecay([2, 5], [0.4, 0.04, 0.02])": rates(
            schedules.PiecewiseConstantDecay([2, 5], [0.4, 0.04, 0.02]), (2, 3, 4, 5, 6)
        ),
    }


def optax_schedules():
    import jax
    import optax

    jax.config.update("jax_enable_x64", True)
    joined = optax.join_schedules([optax.constant_schedule(0.1), optax.exponential_decay(0.4, 1, 0.5)], [2])

    def rates(schedule, steps):
        return {step: float(schedule(jax.numpy.asarray(step))) for step in steps}

    return {
        "exponential_decay(0.4, 1, 0.9)": rates(optax.exponential_decay(0.4, 1, 0.9), (1, 11)),
        "polynomial_schedule(0.4, 0.05, 2, 8)": rates(optax.polynomial_schedule(0.4, 0.05, 2, 8), (0, 1, 4, 8, 11)),
        "join_schedules([constant_schedule(0.1), exponential_decay(0.4, 1, 0.5)], [2])": rates(joined, range(5)),
    }


def torch_optimizers():
    """Under η_t = η₀/(1 + 0.01t), set before every step."""
    import torch

    def iterates(make, eta0):
        w = torch.nn.Parameter(torch.tensor(START, dtype=torch.float64))
        optimizer, found = make([w]), []
        for step in range(max(STEPS)):
            optimizer.param_groups[0]["lr"] = eta0 / (1 + 0.01 * step)
            optimizer.zero_grad()
            rosenbrock(w, torch).backward()
            optimizer.step()
            if step + 1 in STEPS:
                found.append(w.detach().tolist())
        return found

    optim = torch.optim
    return {
        "SGD": iterates(lambda w: optim.SGD(w), 1e-3),
        "SGD(momentum=0.9)": iterates(lambda w: optim.SGD(w, momentum=0.9), 2e-4),
        "SGD(momentum=0.9, nesterov=True)": iterates(lambda w: optim.SGD(w, momentum=0.9, nesterov=True), 2e-4),
        "RMSprop(alpha=0.95, eps=1e-6)": iterates(lambda w: optim.RMSprop(w, alpha=0.95, eps=1e-6), 1e-2),
        "Adam(betas=(0.8, 0.99), eps=1e-7)": iterates(lambda w: optim.Adam(w, betas=(0.8, 0.99), eps=1e-7), 5e-2),
    }


def keras_optimizers():
    """At a constant η, on PyTorch's arrays, to step 100."""
    import keras
    import torch

    def iterates(optimizer):
        w, found = keras.Variable(START, dtype="float64"), []
        optimizer.build([w])
        for step in range(100):
            value = w.value.detach().clone().requires_grad_()
            (slope,) = torch.autograd.grad(rosenbrock(value, torch), value)
            optimizer.apply([slope])
            if step + 1 in STEPS:
                found.append(w.value.detach().tolist())
        return found

    make = keras.optimizers
    return {
        "SGD(2e-4, momentum=0.9)": iterates(make.SGD(2e-4, momentum=0.9)),
        "SGD(2e-4, momentum=0.9, nesterov=True)": iterates(make.SGD(2e-4, momentum=0.9, nesterov=True)),
        "Adam(5e-2, beta_1=0.8, beta_2=0.99, epsilon=1e-12)": iterates(
            make.Adam(5e-2, beta_1=0.8, beta_2=0.99, epsilon=1e-12)
        ),
        "RMSprop(1e-2, rho=0.95, epsilon=1e-16)": iterates(make.RMSprop(1e-2, rho=0.95, epsilon=1e-16)),
    }


def computed():
    import keras

    keras.config.set_floatx("float64")
    names = {"Keras": "keras", "PyTorch": "torch", "optax": "optax"}
    made = {"schedules": {}, "optimizers": {}}
    for name, package in names.items():
        for kind in made:
            compute = globals().get(f"{package}_{kind}")
            made[kind] |= {f"{name} {call}": values for call, values in (compute() if compute else {}).items()}
    return {"versions": {name: version(package).split("+")[0] for name, package in names.items()}, **made}


if __name__ == "__main__":
    if "KERAS_BACKEND" in os.environ:  # in the other environment already
        REFERENCE.write_text(json.dumps(computed(), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        print(f"{REFERENCE.relative_to(ROOT)} is written")
    elif python := other_python():
        elsewhere = environment() | {"KERAS_BACKEND": "torch"}
        subprocess.run([python, "-m", "benchmarks.reference"], cwd=ROOT, env=elsewhere, check=True)
    else:
        raise SystemExit("Keras, PyTorch and optax cannot be installed: tests/reference.json stays as it is")
