"""Texts of others on a terminal: names of files, and what files and networks tell."""


def printable(text: object) -> str:
    r"""A text of which no terminal takes a part for a command; lines stay lines.

    Example:
        >>> printable("one\n\x1b[2Jtwo")
        'one\n�[2Jtwo'
    """
    return "".join(
        letter if letter.isprintable() or letter in "\n\t" else "\N{REPLACEMENT CHARACTER}" for letter in str(text)
    )
