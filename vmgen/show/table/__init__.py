"""The table of `vmgen layout`."""
