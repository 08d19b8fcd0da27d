"""`make bench`: vmgen beside its peers on the same records, in one run."""
