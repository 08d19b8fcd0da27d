"""What of these tests `make test` leaves to `make prove`."""

from tests.support import proving

# It builds Wasmtime, which takes minutes.
collect_ignore = [] if proving() else ["test_wasmtime.py"]
