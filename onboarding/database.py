"""Engine, sessions and transactions, with every tenant's rows scoped by construction.

`read(scope)` and `transaction(scope)` are the two ways in. `scope` is a contractor's id; each ORM
statement in it sees only that contractor's rows, and rows of another contractor cannot be added.
Where there is no contractor yet (a sign-in, a link, the worker's sweep) the caller passes
`Everyone("why")`: the reason stands in the code.

SQLite runs WAL with synchronous=FULL. Under SQLAlchemy's default isolation it loses updates, so
pysqlite's own transaction control is switched off and BEGIN is emitted here: IMMEDIATE for writes,
plain for reads.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import (
    DateTime,
    Dialect,
    Engine,
    MetaData,
    String,
    TextClause,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import (
    DeclarativeBase,
    Mapped,
    ORMExecuteState,
    Session,
    mapped_column,
    sessionmaker,
    with_loader_criteria,
)
from sqlalchemy.types import TypeDecorator

from onboarding import tokens


class UTCDateTime(TypeDecorator[datetime]):
    """Aware UTC datetimes on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a time zone cannot be stored.")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UTCDateTime}  # noqa: RUF012 (SQLAlchemy's own spelling)


def id_column() -> Mapped[str]:
    """The primary key of every table: a ULID, 26 characters, unguessable."""
    return mapped_column(String(26), primary_key=True, default=tokens.new_id)


class Tenanted:
    """A table whose rows belong to one contractor: no statement sees another's."""

    contractor_id: Mapped[str] = mapped_column(String(26), index=True)


@dataclass(frozen=True)
class Everyone:
    """A scope without a contractor, and the reason why there is none."""

    reason: str


Scope = str | Everyone
_ACROSS = Everyone("for one reason or another")
Row = TypeVar("Row", bound=Base)


class Unscoped(Exception):
    """A row was about to be written for a contractor other than the one in scope."""


class NestedTransaction(Exception):
    """transaction() inside transaction(): pass the session on instead."""


# A request reads in several scopes and then writes: it holds a few connections at once. Under a
# limit, ten clicks at the same moment would each hold some and wait 30 seconds for the others'.
# The number of threads is what bounds them.
_NO_LIMIT = -1
# A statement that fails is named in the log without its values: they may be somebody's.
_HIDE = True

_engine: Engine | None = None
_writers: sessionmaker[Session] = sessionmaker(expire_on_commit=False)
_readers: sessionmaker[Session] = sessionmaker(expire_on_commit=False, autoflush=False)
_reading: ContextVar[dict[Scope, Session] | None] = ContextVar("reading", default=None)
_writing: ContextVar[Session | None] = ContextVar("writing", default=None)


def configure(url: str, *, pool_size: int = 10) -> Engine:
    """Points this process at the database at `url`; the one before it is disposed of."""
    global _engine
    if _engine is not None:
        _engine.dispose()
    _engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url, pool_size)
    _writers.configure(bind=_engine.execution_options(begin="IMMEDIATE"))
    _readers.configure(bind=_engine.execution_options(begin="DEFERRED"))
    return _engine


def engine() -> Engine:
    if _engine is None:
        raise RuntimeError("The database is not configured: call database.configure(url) first.")
    return _engine


@contextmanager
def transaction(scope: Scope) -> Iterator[Session]:
    """One act: commits at the end, rolls back on any exception. Raises NestedTransaction.

    What was read before is given back first: a thread that held a connection while it waited for
    another would starve the pool.
    """
    if _writing.get() is not None:
        raise NestedTransaction
    end_reads()
    with _writers(info={"scope": scope}) as session:
        mark = _writing.set(session)
        try:
            with session.begin():
                yield session
        finally:
            _writing.reset(mark)
            end_reads()


def read(scope: Scope) -> Session:
    """The session for reading in this request or task; renewed after each transaction()."""
    sessions = _reading.get()
    if sessions is None:
        sessions = {}
        _reading.set(sessions)
    # Whatever their reasons, those who read across contractors share one session and connection.
    key = _ACROSS if isinstance(scope, Everyone) else scope
    if key not in sessions:
        sessions[key] = _readers(info={"scope": scope})
    return sessions[key]


def end_reads() -> None:
    """Gives back what read() opened: at the end of a request, of a task, after each write."""
    for session in (_reading.get() or {}).values():
        session.close()
    _reading.set(None)


@event.listens_for(Session, "do_orm_execute")
def _scope_statement(state: ORMExecuteState) -> None:
    scope = state.session.info["scope"]
    if isinstance(scope, Everyone) or state.is_column_load:
        return
    state.statement = state.statement.options(
        with_loader_criteria(
            Tenanted,
            lambda table: table.contractor_id == scope,
            include_aliases=True,
        )
    )


@event.listens_for(Session, "before_flush")
def _scope_rows(session: Session, *_: object) -> None:
    scope = session.info["scope"]
    if isinstance(scope, Everyone):
        return
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Tenanted) and row.contractor_id != scope:
            raise Unscoped(f"{type(row).__name__} of another contractor")


def _sqlite(url: str) -> Engine:
    made = create_engine(
        url,
        connect_args={"timeout": 30, "check_same_thread": False},
        max_overflow=_NO_LIMIT,
        hide_parameters=_HIDE,
    )

    @event.listens_for(made, "connect")
    def _connected(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "busy_timeout=30000",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(made, "begin")
    def _began(connection: Any) -> None:
        mode = connection.get_execution_options().get("begin", "DEFERRED")
        connection.exec_driver_sql(f"BEGIN {mode}")

    return made


def _postgresql(url: str, pool_size: int) -> Engine:
    plain = url.replace("postgres://", "postgresql://", 1)
    driver = plain.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(
        driver,
        pool_size=pool_size,
        max_overflow=_NO_LIMIT,
        pool_pre_ping=True,
        hide_parameters=_HIDE,
    )


def insert_once(db: Session, row: Row) -> Row:
    """Adds `row` under the primary key it carries; where that was added before, the one that is
    there. For what is minted with a form: two posts of it at once make one row."""
    kind, key = type(row), inspect(row).mapper.primary_key_from_instance(row)
    present = db.get(kind, key)
    if present is not None:
        return present
    try:
        with db.begin_nested():
            db.add(row)
    except IntegrityError:
        return db.get_one(kind, key)
    return row


def raw_row(statement: TextClause, values: dict[str, Any]) -> Any:
    """One row by one statement, without a session: for reads made many times a second. Nothing
    scopes it: the statement itself must. It goes straight to the driver, which costs a third."""
    sql, names, processors = _prepared(statement, engine().dialect)
    told = values | {name: process(values[name]) for name, process in processors}
    connection = engine().raw_connection()
    try:
        cursor = connection.cursor()
        cursor.execute(sql, [told[name] for name in names] if names is not None else told)
        row = cursor.fetchone()
        cursor.close()
        return row
    finally:
        connection.close()


Processors = list[tuple[str, Callable[[Any], Any]]]


@lru_cache(maxsize=64)
def _prepared(
    statement: TextClause, dialect: Dialect
) -> tuple[str, tuple[str, ...] | None, Processors]:
    """The statement as the driver takes it: its text, its parameters' names where they are told
    apart by place, and what makes a driver's value of each that needs it."""
    compiled = statement.compile(dialect=dialect)
    places = getattr(compiled, "positiontup", None)
    processors: Processors = []
    for name, bound in compiled.binds.items():
        process = bound.type.dialect_impl(dialect).bind_processor(dialect)
        if process is not None:
            processors.append((name, process))
    return str(compiled), tuple(places) if places else None, processors
