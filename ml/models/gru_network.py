"""Network of `ml.models.gru`: one layer of gated recurrent units and a line through its last state."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np
import optax
from numpy.typing import NDArray

UNITS = 32
RATE = 2e-3
_DECAY = 1e-3
_GATES = 3

Weights = dict[str, jax.Array]
_adam = optax.chain(optax.clip_by_global_norm(1.0), optax.adamw(1.0, weight_decay=_DECAY))


@dataclass(frozen=True, slots=True)
class Network:
    """Weights of the network and state of the optimiser."""

    weights: Weights
    memory: optax.OptState

    @classmethod
    def init(cls, seed: int, channels: int) -> "Network":
        """Returns an untrained network with random weights; its output is zero."""
        inner, outer = jax.random.split(jax.random.key(seed))
        weights = {
            "given": jax.random.normal(inner, (channels, _GATES * UNITS)) / np.sqrt(channels),
            "state": jax.random.normal(outer, (UNITS, _GATES * UNITS)) / np.sqrt(UNITS),
            "bias": jnp.zeros(_GATES * UNITS),
            "out": jnp.zeros(UNITS),
            "level": jnp.zeros(()),
        }
        return cls(weights, _adam.init(weights))

    def fit(self, batches: Iterable[tuple[NDArray[np.float32], NDArray[np.float32]]], pace: float) -> "Network":
        """Returns the network after one step of Adam for each batch.

        A batch has sequences (steps x entries x channels) and their targets.
        """
        weights, memory = self.weights, self.memory
        for sequences, wanted in batches:
            weights, memory = _step(weights, memory, sequences, wanted, RATE * pace)
        return Network(weights, memory)

    def predict(self, sequences: NDArray[np.float32]) -> NDArray[np.float32]:
        """Returns one number for each entry."""
        return np.asarray(_say(self.weights, sequences))


def _spoken(weights: Weights, sequences: jax.Array) -> jax.Array:
    read = partial(_read, weights)
    state, _ = jax.lax.scan(read, jnp.zeros((sequences.shape[1], UNITS)), sequences)
    return state @ weights["out"] + weights["level"]


def _read(weights: Weights, state: jax.Array, given: jax.Array) -> tuple[jax.Array, None]:
    """Computes the update and reset gates, the candidate, and the next state (Cho et al., 2014)."""
    update, reset, seen = jnp.split(given @ weights["given"] + weights["bias"], _GATES, axis=-1)
    by_update, by_reset, by_candidate = jnp.split(weights["state"], _GATES, axis=-1)
    keep = jax.nn.sigmoid(update + state @ by_update)
    heed = jax.nn.sigmoid(reset + state @ by_reset)
    candidate = jnp.tanh(seen + (heed * state) @ by_candidate)
    return keep * state + (1 - keep) * candidate, None


def _missed(weights: Weights, sequences: jax.Array, wanted: jax.Array) -> jax.Array:
    return jnp.mean((_spoken(weights, sequences) - wanted) ** 2)


def _stepped(
    weights: Weights, memory: optax.OptState, sequences: jax.Array, wanted: jax.Array, rate: float
) -> tuple[Weights, optax.OptState]:
    slopes = jax.grad(_missed)(weights, sequences, wanted)
    steps, memory = _adam.update(slopes, memory, weights)
    scaled = jax.tree.map(lambda each: rate * each, steps)
    return optax.apply_updates(weights, scaled), memory


_say: Callable[..., jax.Array] = jax.jit(_spoken)
_step: Callable[..., tuple[Weights, optax.OptState]] = jax.jit(_stepped)
