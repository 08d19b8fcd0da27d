"""The rules: VmSafe's, and what a layout written by hand gets wrong.

`run_rules` holds a module against all of them. A file here is a topic, a function
in it a rule; `vmgen.rules.registry` lists them.
"""

from vmgen.rules.run import run_rules

__all__ = ["run_rules"]
