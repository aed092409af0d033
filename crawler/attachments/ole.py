"""Text of a legacy Word or WPS file (OLE2, Word binary format)."""

import tempfile
from pathlib import Path

# Word's control characters: 0x07 ends a table cell, 0x0b a line, 0x0c a page; 0x13 to 0x15 fence fields.
_CONTROLS = {0x07: "\t", 0x0B: "\n", 0x0C: "\n", 0x0D: "\n", 0x01: None, 0x08: None, 0x13: None, 0x14: None, 0x15: None}


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the main text; raise NotRead. `quick` changes nothing."""
    import wps2md

    # The library takes a path only; the folder is private and removed at once.
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file.wps"
        path.write_bytes(body)
        return "wps2md", wps2md.parse(str(path)).main_text.translate(_CONTROLS)
