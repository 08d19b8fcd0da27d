"""What a build reads, what it makes, and making it so on disk."""

TEMPORARY = ".vmgen-tmp"
"""How the names of files end whose content waits for its place."""
