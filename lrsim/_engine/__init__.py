"""How a run is computed: the task, its chunks and executors, the walk, the exact modes, divergence, randomness."""
