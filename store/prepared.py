"""Statements compiled once and handed straight to the driver: what a crawl sends for every page, at a fifth of the time."""

from collections import namedtuple
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import BindParameter, Connection, Dialect, Executable

Processor = Callable[[Any], Any]


class Prepared:
    """A statement without expanding parameters; its parameters and results are what `Connection.execute` takes and gives.

    Measured on SQLAlchemy 2.1: 0.10 ms for a statement with `execute`, 0.02 ms with this.
    """

    def __init__(self, statement: Executable) -> None:
        self._statement: Any = statement
        self._sent: dict[tuple[str, frozenset[str]], _Sent] = {}

    def run(self, connection: Connection, values: Mapping[str, Any]) -> None:
        """Send the statement and expect no rows."""
        self._cursor(connection, values).close()

    def rows(self, connection: Connection, values: Mapping[str, Any]) -> list[Any]:
        """Send the statement and return its rows as named tuples."""
        cursor = self._cursor(connection, values)
        found = cursor.fetchall()
        cursor.close()
        sent = self._sent_to(connection, values)
        return [sent.row(values) for values in found]

    def row(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Send the statement and return its first row, None when there is none."""
        return next(iter(self.rows(connection, values)), None)

    def value(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        """Send the statement and return the first value of its first row, None when there is none."""
        found = self.row(connection, values)
        return None if found is None else found[0]

    def _cursor(self, connection: Connection, values: Mapping[str, Any]) -> Any:
        sent = self._sent_to(connection, values)
        cursor = connection.connection.cursor()
        cursor.execute(sent.sql, sent.bound(values))
        return cursor

    def _sent_to(self, connection: Connection, values: Mapping[str, Any]) -> "_Sent":
        key = connection.dialect.name, frozenset(values)
        if key not in self._sent:
            self._sent[key] = _compiled(self._statement, connection.dialect, sorted(values))
        return self._sent[key]


@dataclass(frozen=True, slots=True)
class _Sent:
    """A statement as a driver takes it: text, parameters by name with what turns them into the driver's, and the rows."""

    sql: str
    names: tuple[str, ...]
    positional: bool
    into: dict[str, Processor]
    fixed: dict[str, Any]
    made: Callable[[Sequence[Any]], Any]
    out: tuple[tuple[int, Processor], ...]

    def bound(self, values: Mapping[str, Any]) -> Any:
        given = {**self.fixed, **values}
        for name, process in self.into.items():
            given[name] = process(given[name])
        return [given[name] for name in self.names] if self.positional else {name: given[name] for name in self.names}

    def row(self, values: Sequence[Any]) -> Any:
        if self.out:
            values = list(values)
            for place, process in self.out:
                values[place] = process(values[place])
        return self.made(values)


def _compiled(statement: Any, dialect: Dialect, names: list[str]) -> _Sent:
    compiled = statement.compile(dialect=dialect, column_keys=names)
    binds: dict[str, BindParameter[Any]] = compiled.binds
    into = {name: process for name, bind in binds.items() if (process := _into(bind, dialect))}
    columns = list(getattr(statement, "exported_columns", ()))  # a text has none
    out = tuple((place, process) for place, column in enumerate(columns) if (process := _out(column, dialect)))
    row: Any = namedtuple("Row", [column.key for column in columns])  # type: ignore[misc] # the columns of a statement
    positional = bool(compiled.positional)
    order = tuple(compiled.positiontup) if positional else tuple(binds)
    return _Sent(str(compiled), order, positional, into, _fixed(compiled), row._make, out)


def _into(bind: BindParameter[Any], dialect: Dialect) -> Processor | None:
    found: Processor | None = bind.type.dialect_impl(dialect).bind_processor(dialect)
    return found


def _out(column: Any, dialect: Dialect) -> Processor | None:
    found: Processor | None = column.type.dialect_impl(dialect).result_processor(dialect, None)
    return found


def _fixed(compiled: Any) -> dict[str, Any]:
    # Defaults of the models that are plain values; a default that is computed has no place on this path.
    defaults = {column.key: column.default.arg for column in compiled.insert_prefetch if column.default.is_scalar}
    own = {name: bind.value for name, bind in compiled.binds.items() if bind.value is not None}
    return {**own, **defaults}
