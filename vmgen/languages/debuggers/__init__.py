"""Debuggers: a script per module for gdb, and one for LLDB, and what these share.

`files` says what is written, `tables` what a script says of its module. `runtime` is what
runs in the debugger; it is copied as it is, and nothing here imports it. The scripts read
memory by the Python bindings, which stand beside them in the output folder.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from vmgen.languages.language import HASH, Language, Option

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from vmgen.languages.job import Job, Output


class Debugger(Language):
    """Its options: `prefix` is that of the C headers, `package` that of the generated
    Python."""

    comments = (HASH,)
    needs = ("python",)
    options = MappingProxyType(
        {
            "prefix": Option(
                "[A-Za-z](?!.*__)[A-Za-z0-9_]*", "the beginning of a name, as `wt_`"
            ),
            "package": Option(
                r"[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*",
                "a dotted package, as `a.b`",
            ),
        }
    )
    title: ClassVar[str]

    def companions(self, options: Mapping[str, str]) -> Mapping[str, str]:
        return {f"_{self.name}": f"script for {self.title}"}

    def module_files(self, job: Job) -> Iterable[Output]:
        from vmgen.languages.debuggers.files import script

        yield script(job, self.name, self.title)

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        from vmgen.languages.debuggers.files import runtime

        return runtime(jobs, self.name)


class Gdb(Debugger):
    """A script per module, for gdb's command `source`, and one of all for crates to bring
    along."""

    name = "gdb"
    title = "gdb"

    def shared_files(self, jobs: Sequence[Job]) -> Iterable[Output]:
        from vmgen.languages.debuggers.embedded import embedded_text
        from vmgen.languages.debuggers.files import EMBEDDED
        from vmgen.languages.job import Output

        yield from super().shared_files(jobs)
        yield Output(f"{self.name}/{EMBEDDED}", embedded_text(jobs))


class Lldb(Debugger):
    """A script per module, for LLDB's command `command script import`."""

    name = "lldb"
    title = "LLDB"
