"""Two layouts of a module compared: what changed, for whom, on which targets."""
