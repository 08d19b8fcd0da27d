"""What remakes parts of the project that are derived from other programs."""
