"""Text of a plain text file, in whatever encoding it is."""

from crawler.extract.decode import decode


def text_of(body: bytes, quick: bool) -> tuple[str, str]:
    """Return the reader's name and the text. `quick` changes nothing."""
    return "plain", decode(body, None).text
