"""The server under test: connections, outcomes of statements, crashes, and what was found.

Expects the private server of test/cluster, whose log lies in the directory of its socket.
"""

import os
import re
import select
import signal
import time
from collections import Counter

import psycopg2
from psycopg2 import extensions

DATABASE = 'segment_fuzz'
USER = 'fuzz_eve'       # has no rights but on her own schema
OTHER = 'fuzz_joe'      # whose tables and models she must not touch
TIMEOUT = int(os.environ.get('FUZZ_TIMEOUT', 30))    # seconds that a statement may take
PATIENCE = 15           # and then to notice that it is cancelled

# Codes that tell of a fault of ours: internal errors, and errors that were given no code.
FAULTS = re.compile(r'XX...|P000[014]')


DEBUG = open(os.environ['FUZZ_DEBUG'], 'w') if 'FUZZ_DEBUG' in os.environ else None


class Stuck(Exception):
    """A statement that does not even react to its cancellation."""


def wait(connection):
    deadline = time.monotonic() + TIMEOUT + PATIENCE
    while True:
        state = connection.poll()
        if state == extensions.POLL_OK:
            return
        reading = [connection] if state == extensions.POLL_READ else []
        writing = [connection] if state == extensions.POLL_WRITE else []
        ready = select.select(reading, writing, [], 1)
        if not any(ready) and time.monotonic() > deadline:
            raise Stuck


extensions.set_wait_callback(wait)


class Outcome:
    def __init__(self, kind, rows=None, code='', message='', place='', hint=None):
        self.kind = kind        # ok, error, fault, crash, hang
        self.rows = rows
        self.code = code
        self.message = message
        self.place = place      # where in C, or in which PL/pgSQL function, it was raised
        self.hint = hint

    def text(self):
        return ' '.join(filter(None, (self.code, self.message, self.place)))


class Findings:
    """What went wrong, by cause: how often, and the shortest statement that shows it."""

    def __init__(self):
        self.causes = {}

    def add(self, kind, cause, statement, detail=''):
        cause = re.sub(r'".*"|0x[0-9a-f]+|\d+', '#', cause, flags=re.DOTALL)
        count, shortest, told = self.causes.get((kind, cause), (0, None, ''))
        if shortest is None or len(statement) < len(shortest):
            shortest, told = statement, detail
        self.causes[kind, cause] = (count + 1, shortest, told)

    def write(self, out):
        for (kind, cause), (count, statement, detail) in sorted(self.causes.items()):
            print(f'\n{kind}, {count} times: {cause}', file=out)
            if detail:
                print(f'  {detail[:600]}', file=out)
            print('  ' + (statement if len(statement) < 12000 else f'{statement[:9000]} ... {statement[-3000:]}'), file=out)


class Session:
    """A connection of one role. It comes back after a crash."""

    def __init__(self, user=None, database=DATABASE, settings=''):
        self.options = {'dbname': database, 'options': settings or None}
        if user:
            self.options['user'] = user
        self.log = os.path.join(os.environ['PGHOST'], 'log')
        self.connect()

    def connect(self):
        for _ in range(600):
            try:
                self.connection = psycopg2.connect(**self.options)
                break
            except psycopg2.OperationalError:
                time.sleep(0.1)
        else:
            raise SystemExit('fuzz: the server does not come back')
        self.connection.autocommit = True
        self.pid = self.connection.info.backend_pid
        self.log_end = os.path.getsize(self.log)

    def query(self, statement):
        """Rows of a statement that has to work."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def try_query(self, statement):
        try:
            return self.query(statement)
        except psycopg2.OperationalError:
            self.connect()
        except psycopg2.Error:
            pass
        return []

    def run(self, statement):
        started = time.monotonic()
        del self.connection.notices[:]
        try:
            return Outcome('ok', rows=self.query(statement))
        except Stuck:
            os.kill(self.pid, signal.SIGKILL)
            self.connect()
            return Outcome('hang', message='does not react to cancellation')
        except psycopg2.Error as error:
            diag = error.diag
            if self.connection.closed or error.pgcode is None:
                return self.lost()
            context = re.search(r'function (\S+?)\(', diag.context or '')
            place = f'{diag.source_file}:{diag.source_function}' + (f' in {context[1]}' if context else '')
            kind = 'error'
            if DEBUG:
                print(error.pgcode, diag.message_primary[:100].replace('\n', ' '), '|', statement[:300], file=DEBUG)
            if FAULTS.fullmatch(error.pgcode):
                kind = 'fault'
            elif error.pgcode == '57014' and time.monotonic() - started > TIMEOUT - 1:
                kind = 'hang'
            return Outcome(kind, None, error.pgcode, diag.message_primary, place, diag.message_hint)

    def lost(self):
        """The connection is gone: the log knows why. The killer's message comes a moment after its victim."""
        why = 'the connection was lost'
        for _ in range(50):
            with open(self.log, errors='replace') as log:
                log.seek(self.log_end)
                text = log.read()
            if f'(PID {self.pid}) ' in text:
                why = re.search(rf'server process \(PID {self.pid}\) (.*)', text)[1]
                trap = re.search(r'TRAP: (.*?), File: "(.*?)", Line: (\d+)', text)
                why = f'{trap[1]} {os.path.basename(trap[2])} line {trap[3]}' if trap else why
                break
            time.sleep(0.1)
        self.connect()
        return Outcome('crash', message=why)


class Count:
    """Statements by kind, and outcomes."""

    def __init__(self):
        self.kinds, self.outcomes, self.codes = Counter(), Counter(), Counter()

    def add(self, kind, outcome):
        self.kinds[kind] += 1
        self.outcomes[outcome.kind] += 1
        self.codes[outcome.code] += 1
