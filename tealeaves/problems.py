"""Errors of the disk, the database and the network, put into words."""

import errno


def in_words(error: Exception) -> str | None:
    """Return what went wrong with the disk, the database or the network in one sentence; None for our own mistakes."""
    if isinstance(error, OSError):
        return _system_error(error)
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "A PostgreSQL database needs psycopg: pip install 'tealeaves[postgres]'"
    # The class is looked up by name, so that a command that needs no database does not load SQLAlchemy to fail.
    if type(error).__module__.startswith("sqlalchemy") and _is_of_the_database(type(error)):
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        return f"The database cannot be used: {cause}. TEALEAVES_DATABASE_URL says which one is meant."
    return None


def _is_of_the_database(kind: type[Exception]) -> bool:
    # A file that is no database, or a broken one, is a DatabaseError itself; the kinds below it are our own mistakes.
    names = {parent.__name__ for parent in kind.__mro__}
    return kind.__name__ == "DatabaseError" or bool(names & {"OperationalError", "ArgumentError", "NoSuchModuleError"})


def _system_error(error: OSError) -> str | None:
    where = f" {error.filename}" if error.filename else ""
    words = {
        errno.ENOSPC: "The disk is full; nothing half-written was kept.",
        errno.EACCES: f"No permission to use{where}.",
        errno.EROFS: f"The disk is read-only:{where}",
        errno.EADDRINUSE: "That port is already in use; choose another with --port or TEALEAVES_DESK_PORT.",
        errno.ENOENT: f"There is no such file or folder:{where}",
        errno.EEXIST: f"There is a file where a folder is needed:{where}",
        errno.EISDIR: f"This is a folder, not a file:{where}",
        errno.ENOTDIR: f"This is a file, not a folder:{where}",
    }
    return words.get(error.errno or 0)
