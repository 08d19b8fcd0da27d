"""Files and spans, findings as values, and YAML into a tree that remembers positions."""
