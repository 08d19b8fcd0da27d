"""What `VmSafe` rests on: the types that the compiler asks about, and what is left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.analysis.not_vm_safe import not_vm_safe
from vmgen.analysis.peel import by_value
from vmgen.analysis.vmsafe import is_vm_safe, parameters_of
from vmgen.languages import notes
from vmgen.languages.memo import Memo
from vmgen.languages.rust.docs import comment
from vmgen.languages.rust.existing import existing_types
from vmgen.schema.types import Named, Type, Unit, children

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from vmgen.languages.job import Job
    from vmgen.languages.rust.spelling import Spelling
    from vmgen.schema import model as m

RULES = frozenset(
    (
        "unsafe-primitive", "raw-pointer", "floating-point", "option-of-non-pointer",
        "non-zero-integer", "unsafe-atomic", "wrapper-by-value", "foreign-not-vm-safe",
    )
)  # fmt: skip
"""The rules about VmSafe that can be allowed not to be kept."""

IN_GENERAL = "What is allowed in all of the schema or of the project says why."

Held = tuple[Type, bool]
"""A type that a record holds, and whether its words are little-endian."""


class Safety:
    """What one module's types hold.

    `is_safe` says of a type whether it is VmSafe without anything allowed; `unsafe` are
    the declared ones that don't claim to be.
    """

    def __init__(self, job: Job, spelling: Spelling) -> None:
        self._module = job.module
        self._spelling = spelling
        self._existing = existing_types(job.options)
        self._foreign_runtime = "runtime" in job.options
        self.unsafe = not_vm_safe(job.module)
        self.is_safe = Memo[Type, bool](
            lambda type: is_vm_safe(type, self._module, self.unsafe)
        )
        self._asked = Memo[Held, str](self._ask)

    @property
    def held(self) -> list[tuple[str, list[Type]]]:
        """The types that the compiler has to find VmSafe, each once, with those of the
        schema that it is."""
        found: dict[str, list[Type]] = {}
        for (type, _), text in self._asked.items():
            if text:
                found.setdefault(text, []).append(type)
        return sorted(found.items(), key=lambda entry: entry[0])

    def hold(self, types: Iterable[Held]) -> None:
        """Note what a type holds, to have it checked."""
        for held in types:
            self._asked[held]

    def comment(
        self,
        parts: Iterable[m.Field | m.Variant],
        allow: Mapping[str, m.Allow],
        representation: str = "C",
    ) -> str:
        """Why `VmSafe` may be implemented, with every part that is not checked."""
        text = f"// SAFETY: `repr({representation})`, and what it holds is checked at the end.\n"
        for part in parts:
            if part.text is not None and not self.is_safe[part.text.type]:
                why = reasons({**allow, **part.allow}) or IN_GENERAL
                text += comment(f"`{part.name}` is not checked. {why}")
        return text

    def _ask(self, held: Held) -> str:
        """The type to ask for, without arrays and cells; empty if it can't be asked."""
        type, little = held
        inner = by_value(type)
        if isinstance(inner, Named) and inner.name in self._existing:
            # The project need not have said so of its type; what is in it is asked for.
            return ""
        if not self.is_safe[type] or self._is_unknown(inner):
            return ""
        if parameters_of(type):
            # Asked where something stands for the parameter.
            return ""
        return self._spelling.type(inner, little=little)

    def _is_unknown(self, type: Type) -> bool:
        """Whether a project's own VmSafe may not know what is behind a pointer."""
        if not self._foreign_runtime:
            return False
        while inner := children(type):
            type = inner[0]
        return isinstance(type, Unit)


def reasons(allow: Mapping[str, m.Allow]) -> str:
    """Why what VmSafe doesn't admit is there all the same."""
    return " ".join(notes.allow_notes({r: a for r, a in allow.items() if r in RULES}))
