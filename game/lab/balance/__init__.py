"""Is the game balanced? Measures (a) to (k) of the model, on common seeds, from campaigns that they share."""
