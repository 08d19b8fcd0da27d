"""Memory of processes, cores and files by a schema: what `vmgen inspect` does.

What reads is the runtime of the generated Python (`vmgen.languages.python.runtime`), over
bindings that are made and kept in this process (`bindings`). `known` says what schemas say
beyond them, `machine` which target a memory is of, `symbols` what is at an address.
"""
