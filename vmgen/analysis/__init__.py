"""What is computed of a schema before it is laid out."""
