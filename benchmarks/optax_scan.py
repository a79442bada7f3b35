"""Training as a JAX user writes it: optax in a scan, in float64. Importing this imports JAX."""

import jax
import optax

jax.config.update("jax_enable_x64", True)


def train(loss, rate, start, steps):
    """The points (steps+1, d) and losses (steps+1,) of gradient descent; `rate` is a number or optax's schedule."""
    optimizer = optax.sgd(rate)

    def step(carry, _):
        w, state = carry
        height, slope = jax.value_and_grad(loss)(w)
        updates, state = optimizer.update(slope, state)
        return (optax.apply_updates(w, updates), state), (w, height)

    return jax.lax.scan(step, (start, optimizer.init(start)), length=steps + 1)[1]
