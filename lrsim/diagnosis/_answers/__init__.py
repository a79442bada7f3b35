"""What each question answers: the cause, numbers, and the sentences that say what happened and what to do."""

HALVE = "halve η: {}"  # the one experiment that separates most causes
SAME = "at half η and the same data order an instability goes, a bad minibatch comes again"
SLOW = "a validation loss rises so when the model overfits"
RETURNED, NOT_YET = "the loss came back", "it falls since, not back yet"
EVERY = "for ηλ, say how many updates {} is (every)"
OVERFITS = "look at the training loss of the same steps: where it falls on, the model overfits"


def how_high(low: float, high: float) -> str:
    """A rise as it is said: 3 times what it rose from, 3 above it where that is not above 0."""
    return f"{high / low:.3g} times" if low > 0 else f"{high - low:.3g} above"


def whether_back(low: float, high: float, end: float) -> str:
    """What is said of a loss that rose from `low` to `high`; one below 0 is measured by what it rose."""
    return RETURNED if end < (1.5 * low if low > 0 else low + 0.1 * (high - low)) else NOT_YET
