"""pyelftools' view of an image's debug sections."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vmgen.binaries.image import Image


def open_dwarf(image: Image) -> Any:
    """A `DWARFInfo` over the sections of an image, whatever container they came in."""
    from elftools.dwarf.dwarfinfo import DebugSectionDescriptor, DwarfConfig, DWARFInfo

    def section(name: str) -> Any:
        content = image.sections.get(name)
        if content is None:
            return None
        return DebugSectionDescriptor(BytesIO(content), name, 0, len(content), 0)

    machine = image.machine
    config = DwarfConfig(machine.endian == "little", machine.arch, machine.pointer)
    return DWARFInfo(
        config=config,
        debug_info_sec=section(".debug_info"),
        debug_aranges_sec=None,
        debug_abbrev_sec=section(".debug_abbrev"),
        debug_frame_sec=None,
        eh_frame_sec=None,
        debug_str_sec=section(".debug_str"),
        debug_loc_sec=None,
        debug_ranges_sec=None,
        debug_line_sec=section(".debug_line"),
        debug_pubtypes_sec=None,
        debug_pubnames_sec=None,
        debug_addr_sec=section(".debug_addr"),
        debug_str_offsets_sec=section(".debug_str_offsets"),
        debug_line_str_sec=section(".debug_line_str"),
        debug_loclists_sec=section(".debug_loclists"),
        debug_rnglists_sec=section(".debug_rnglists"),
        debug_sup_sec=None,
        gnu_debugaltlink_sec=None,
        debug_types_sec=section(".debug_types"),
    )
