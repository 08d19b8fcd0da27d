"""What a build reads, what it makes, and making it so on disk."""
