"""What each question answers: the cause, numbers, and the sentences that say what happened and what to do."""

HALVE = "halve η: {}"  # the one experiment that separates most causes
