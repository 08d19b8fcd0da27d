"""The class that has the offsets of a context."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmgen.languages.python import names
from vmgen.languages.python.docs import docstring, kept
from vmgen.languages.python.view import ClassView, below

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from vmgen.schema import model as m


def offsets_class(
    declared: m.Context,
    called: tuple[str, str],
    attributes: Mapping[str, str],
    base: str,
    spell: Callable[[str], str],
) -> ClassView:
    """`called` are the names of the context's class and of this one, `attributes` the
    classes of what fields and regions give by their names, and `base` what it derives from.
    `spell` gives the name of a class as it is in this one, whose attributes may hide it.
    """
    cls, name = called
    parameters = names.attributes((c.name for c in declared.counts), names.CONTEXT)
    counts = "\n".join(f"- {c.name}: {c.doc}" for c in declared.counts if c.doc)
    text = (
        f"Offsets in a {cls} on a target, the host when None.\n\n"
        "A count that is not given is 0. Raises OverflowError when an offset would "
        f"be more than a u32 holds, and UnknownTarget.\n\n{counts}"
    )
    return ClassView(
        f"class {name}({base})",
        docstring(f"Where everything in a {cls} is, in bytes from its start.", 4),
        below([kept(f"{name}: {spell(kind)}", 4) for name, kind in attributes.items()]),
        init=[
            (
                c.name,
                parameter,
                f"{spell('bool')} = False" if c.flag else f"{spell('int')} = 0",
            )
            for c, parameter in zip(declared.counts, parameters, strict=True)
        ],
        init_doc=docstring(text, 8),
        init_target=f"{spell('str')} | None",
    )
