"""Data models, rustc's targets, and what a condition on a target means."""
