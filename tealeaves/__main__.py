"""`python -m tealeaves` is the `tealeaves` command."""

from tealeaves.cli import main

if __name__ == "__main__":
    main()
