"""Text of an OFD file (GB/T 33190), the fixed-layout format of Chinese government documents."""

from crawler.attachments.kinds import open_zip


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text in reading order; raise NotRead. `quick` changes nothing."""
    import ofdkit

    open_zip(body).close()
    return "ofdkit", ofdkit.extract_text(body, "\n")
