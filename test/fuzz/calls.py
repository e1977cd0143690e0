"""Part one: every function of the extension, called with hostile values by a role without rights.

Each statement, or a few that belong together, runs in a transaction that is rolled back, so that none depends on those
before it.  Statements are drawn from the seed alone.
"""

import random

from server import OTHER, USER
from values import FLOATS, RELATIONS, Values, quote, short

CANARY = 'kept from others'     # a value that only OTHER may read

PEOPLE = f'''
CREATE SCHEMA {USER} AUTHORIZATION {USER};
CREATE SCHEMA {OTHER} AUTHORIZATION {OTHER};
GRANT USAGE ON SCHEMA {USER}, {OTHER} TO PUBLIC;
'''

OTHERS = f'''
CREATE TABLE secret (id integer PRIMARY KEY, x float8, y float8, c text);
INSERT INTO secret SELECT i, i % 2 * 10 + i % 7, i % 3, '{CANARY} ' || i % 2 FROM generate_series(1, 60) i;
SELECT segment_kmeans('secret', 2, features => '{{x,y,c}}');
'''

OWN = f'''
CREATE TYPE mood AS ENUM ('glad', 'sad');
CREATE DOMAIN positive AS integer CHECK (value > 0);
CREATE TYPE pair AS (x float8, y text);
CREATE TABLE plain (id integer PRIMARY KEY, x float8, y numeric, c text, b boolean, d date, a float8[], w real);
INSERT INTO plain SELECT i, i % 2 * 10 + i % 7, nullif(i % 5, 4), CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' END, i % 4 = 0,
       date '2020-01-01' + i % 90, ARRAY[i % 6, i % 10], 1 + i % 2 FROM generate_series(1, 60) i;
CREATE TABLE weighted AS TABLE plain;
CREATE VIEW v AS SELECT * FROM plain;
CREATE MATERIALIZED VIEW mv AS SELECT * FROM plain;
CREATE TABLE parts (id integer PRIMARY KEY, x float8, y float8) PARTITION BY RANGE (id);
CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM (0) TO (100);
INSERT INTO parts SELECT id, x, y FROM plain;
CREATE TABLE nothing (id integer PRIMARY KEY, x float8, y float8);
CREATE TABLE dropped (gone text, x float8, y float8); ALTER TABLE dropped DROP COLUMN gone; INSERT INTO dropped VALUES (1, 2);
CREATE SEQUENCE seq;
CREATE TABLE "we""ird" ("i'd" integer PRIMARY KEY, "x""" float8, "%s" float8);
INSERT INTO "we""ird" SELECT id, x, w FROM plain;
CREATE TABLE {'x' * 63} (id integer PRIMARY KEY, {'x' * 63} float8);
CREATE TABLE orders AS SELECT i % 9 AS customer, timestamptz '2024-01-01' + i * interval '1 day' AS day, i * 1.5 AS amount FROM generate_series(1, 50) i;
CREATE TABLE hostile (id serial, f8 float8, i4 integer, i8 bigint, t text, f8a float8[], j jsonb, x float8, y float8);
SELECT segment_kmeans('plain', 3, features => '{{x,y}}');
SELECT segment_kmeans('plain', 2, model => 'words', features => '{{x,c,d,a,b}}', distance => 'cosine', missing => 'category', sample_weight => 'w');
SELECT segment_kmeans('plain', 1, model => 'single', features => '{{x}}', transform => 'yeo-johnson', outliers => 'clip', assignment => 'none');
SELECT segment_kmeans('we"ird', model => 'we"ird', n_init => 1);
'''.replace("'we\"ird', model", "'\"we\"\"ird\"', model")

# What an owner does to her own relations and settings before a call.
BEFORE = ['ALTER TABLE plain DROP COLUMN x', 'ALTER TABLE plain ALTER x TYPE text USING x::text', 'ALTER TABLE plain RENAME x TO z',
          'UPDATE plain SET x = {float}', 'UPDATE plain SET x = {float} WHERE id = 1', "UPDATE plain SET y = 'NaN' WHERE id < 9", 'DELETE FROM plain',
          'DELETE FROM plain WHERE id > 1', 'UPDATE plain SET a = NULL', "UPDATE plain SET a = '{{1,2,3}}' WHERE id = 2", 'UPDATE plain SET w = {float}::float8::real',
          'ALTER TABLE plain_assignment DROP COLUMN segment', 'UPDATE plain_assignment SET segment = {int}', 'DELETE FROM plain_assignment WHERE id = 3',
          'DROP TABLE plain_assignment CASCADE', 'DROP VIEW plain_members', 'DROP VIEW plain_profile CASCADE', 'CREATE OR REPLACE VIEW v AS SELECT p.* FROM plain p, hostile',
          'ALTER TABLE plain DROP CONSTRAINT plain_pkey', 'UPDATE plain SET c = repeat(c, 100000)', 'INSERT INTO plain SELECT id + 100, {float}, 1, NULL FROM plain',
          "COMMENT ON COLUMN plain.x IS '%s $1 \\'", 'ALTER TABLE plain RENAME TO renamed', 'ALTER TABLE plain ENABLE ROW LEVEL SECURITY', 'SET LOCAL search_path = pg_catalog',
          "SET LOCAL segment.work_mem = 64", 'SET LOCAL segment.max_parallel_workers = 0', 'SET LOCAL segment.kernel = scalar', "SET LOCAL datestyle = 'SQL, DMY'",
          'SET LOCAL extra_float_digits = -15', 'SET LOCAL quote_all_identifiers = on', "SET LOCAL work_mem = '64kB'", 'SET LOCAL bytea_output = escape', 'SET LOCAL jit_above_cost = 0',
          'SET LOCAL default_transaction_read_only = on', 'SET LOCAL enable_hashagg = off']

# What a role without rights tries on a relation of the extension.
TRIES = ['LOCK TABLE {r} IN ACCESS EXCLUSIVE MODE', 'LOCK TABLE {r} IN SHARE MODE', 'DELETE FROM {r}', 'TRUNCATE {r} CASCADE', 'DROP TABLE {r} CASCADE',
         'ALTER TABLE {r} DISABLE ROW LEVEL SECURITY', 'CREATE INDEX ON {r} ((1))', 'CREATE TRIGGER t BEFORE UPDATE ON {r} EXECUTE FUNCTION suppress_redundant_updates_trigger()',
         'CREATE POLICY p ON {r}', 'COMMENT ON TABLE {r} IS NULL', 'SELECT * FROM {r} FOR UPDATE', "SELECT setval('{r}', 1)", "SELECT nextval('{r}')",
         'TABLE {r}', 'INSERT INTO {r} SELECT * FROM {r} RETURNING *', 'GRANT ALL ON {r} TO PUBLIC', 'CREATE VIEW spy AS TABLE {r}', 'CREATE TABLE child () INHERITS ({r})']


class Catalog:
    """What the extension has, found by its dependencies; and real values, collected as superuser."""

    MEMBERS = "FROM pg_depend d JOIN pg_extension e ON e.oid = d.refobjid AND e.extname = 'segment' AND d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'"

    def __init__(self, admin, granted):
        admin.query("SET search_path = ''")      # so that all names come qualified
        members = self.MEMBERS
        self.relations = [r for r, in admin.query(f"SELECT c.oid::regclass::text {members} JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid ORDER BY 1")]
        self.columns = {}
        for relation in self.relations:
            self.columns[relation] = admin.query(f"SELECT quote_ident(attname), format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = '{relation}'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum")
        self.functions = [dict(zip(('name', 'kind', 'set', 'types', 'names', 'defaults', 'variadic', 'returns', 'language', 'allowed'), row)) for row in admin.query(f'''
            SELECT format('%I.%I', n.nspname, p.proname), p.prokind::text, p.proretset, ARRAY(SELECT format_type(t, NULL) FROM unnest(p.proargtypes::oid[]) WITH ORDINALITY u (t, i) ORDER BY i),
                   coalesce(p.proargnames, '{{}}'), p.pronargdefaults, p.provariadic <> 0, format_type(p.prorettype, NULL), l.lanname::text,
                   has_function_privilege('{USER}', p.oid, 'EXECUTE') AND has_schema_privilege('{USER}', n.oid, 'USAGE')
              {members} JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid JOIN pg_namespace n ON n.oid = p.pronamespace JOIN pg_language l ON l.oid = p.prolang
             ORDER BY p.oid::regprocedure::text COLLATE "C"''')]
        if granted:
            for function in self.functions:
                function['allowed'] = True
        self.scan = next((f['name'] + '(-1, g, g) FROM generate_series(1, 3) g' for f in self.functions if f['kind'] == 'a' and '"any"' in f['types']), 'now()')
        self.composites = {}
        for name, relation in admin.query(f"SELECT format_type(t.oid, NULL), t.typrelid {members} JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid AND t.typtype = 'c' "
                                          f"UNION SELECT format_type(c.reltype, NULL), c.oid {members} JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid AND c.reltype <> 0 ORDER BY 1"):
            self.composites[name] = admin.query(f'SELECT attname, format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = {relation} AND attnum > 0 AND NOT attisdropped ORDER BY attnum')
        self.makers = {}
        for function in self.functions:
            if function['kind'] == 'f' and not function['set'] and function['returns'] not in ('void', 'record', 'internal', 'trigger', 'event_trigger'):
                self.makers.setdefault(function['returns'], []).append(function)
        self.tables = {name for name, in admin.query("SELECT format_type(reltype, NULL) FROM pg_class WHERE relkind IN ('r', 'v') AND reltype <> 0")}
        self.bytes, self.json, self.rows = [], [], {}
        admin.query('RESET search_path')
        ids = [admin.query(f"SELECT min(model_id) FROM {r} r WHERE r::text LIKE '%{OTHER}.secret%'")[0][0] for r, columns in self.columns.items() if 'model_id' in dict(columns)]
        self.others = max(filter(None, ids), default=0)     # the model of OTHER
        self.collect(admin)

    def collect(self, admin):
        for relation, columns in self.columns.items():
            for column, type_name in columns:
                if type_name == 'bytea':
                    self.bytes += [bytes(v) for v, in admin.query(f'SELECT {column} FROM {relation} WHERE {column} IS NOT NULL AND octet_length({column}) < 5000 ORDER BY 1') if CANARY.encode() not in bytes(v)]
                if type_name == 'jsonb':
                    self.json += [{k: v.replace(CANARY, 'kept') for k, v in pairs} for pairs, in admin.query(f"SELECT (SELECT array_agg(ARRAY[k, v::text]) FROM jsonb_each({column}) e (k, v)) FROM {relation} WHERE jsonb_typeof({column}) = 'object' ORDER BY {column}") if pairs]
        values = Values(random.Random(0), self)
        for name, fields in self.composites.items():
            cells = 'ARRAY[' + ', '.join(f'(r).{quote_name(field)}::text' for field, _ in fields) + ']'
            found = []
            if name in self.tables:
                found = admin.try_query(f'SELECT DISTINCT {cells} FROM {name} r LIMIT 5')
            for relation, columns in self.columns.items():
                for column in (c for c, t in columns if t == 'jsonb' and not found):
                    found = admin.try_query(f"SELECT DISTINCT {cells} FROM (SELECT jsonb_populate_record(NULL::{name}, {column}) AS r FROM {relation} WHERE jsonb_typeof({column}) = 'object') q WHERE num_nonnulls({cells[6:-1]}) > {len(fields)} / 2")
            for function in self.functions:
                for _ in range(5 * (function['returns'] == name and not found)):
                    found = found or admin.try_query(f'SELECT {cells} FROM (SELECT {self.call(function, values, 9, sensible=1)} AS r) q WHERE r IS NOT NULL')
            self.rows[name] = sorted(([cell and cell.replace(CANARY, 'kept') for cell in row] for row, in found), key=str)
        for function in self.makers.get('bytea', []):
            for _ in range(20):
                self.bytes += [bytes(v) for v, in admin.try_query('SELECT ' + self.call(function, values, 9, sensible=1)) if v is not None and len(v) < 5000]
        self.bytes = sorted(set(filter(None, self.bytes)))

    def call(self, function, values, depth=0, columns=None, sensible=None):
        """A call of a function: required arguments by position, some of the others by name."""
        rng = values.rng
        types, names = function['types'], function['names']
        sensible = sensible if sensible is not None else rng.choice([0.3, 0.8, 0.9])
        required = len(types) - function['defaults']
        arguments = []
        for i, type_name in enumerate(types):
            name = names[i] if i < len(names) else ''
            if i >= required and rng.random() < 0.7:
                continue
            if function['variadic'] and i == len(types) - 1:
                if type_name == '"any"' and rng.random() < 0.1:
                    arguments.append('VARIADIC ' + values.value(rng.choice(['integer[]', 'double precision[]', 'text[]']), depth=depth))
                else:
                    arguments += [values.value(type_name, name, columns, sensible, depth) for _ in range(rng.choice([0, 1, 2, 2, 2, 5]))]
                continue
            value = values.value(type_name, name, columns, sensible, depth)
            arguments.append(f'{quote_name(name)} => {value}' if i >= required and name else value)
        return f"{function['name']}({', '.join(arguments)})"


def quote_name(name):
    return '"' + name.replace('"', '""') + '"'


class Calls:
    def __init__(self, admin, session, seed, granted, findings, count):
        self.admin, self.session, self.findings, self.count = admin, session, findings, count
        self.granted = granted      # then some of what she may call is meant to change what others have
        self.rng = random.Random(f'calls {seed}')
        self.catalog = Catalog(admin, granted)
        self.values = Values(self.rng, self.catalog)
        self.weights = [0.1 if 'internal' in f['types'] or not f['allowed'] else 5 if f['language'] == 'c' else 2 for f in self.catalog.functions]
        self.public = [f for f in self.catalog.functions if f['allowed'] and f['kind'] == 'f' and set(f['names'][:1]) & {'model', 'source'} and '_internal' not in f['name']]
        hostile = [('double precision', 'f8'), ('integer', 'i4'), ('bigint', 'i8'), ('text', 't'), ('double precision[]', 'f8a'), ('jsonb', 'j')]
        self.columns = {type_name: ['h.' + column] for type_name, column in hostile}
        self.columns['"any"'] = ['h.f8', 'h.i4', 'h.t', 'h.f8a', 'h.x']
        self.columns['record'] = ['h']
        self.fill_hostile(hostile)
        self.watch(admin)
        self.before = self.state()
        self.bad = {}

    def fill_hostile(self, columns):
        rng = random.Random('hostile')
        values = Values(rng, self.catalog)
        for _ in range(100):
            row = []
            for type_name, column in columns:
                while True:
                    value = f"'{{{rng.choice('123')},{rng.choice('0257')}}}'::float8[]" if column == 'f8a' and rng.random() < 0.7 else values.value(type_name, column, depth=9)
                    if self.admin.try_query(f'SELECT octet_length(({value})::text) < 2000') == [(True,)]:
                        break
                row.append(value)
            self.admin.query(f"INSERT INTO {USER}.hostile (f8, i4, i8, t, f8a, j, x, y) VALUES ({', '.join(row)}, {rng.choice(FLOATS)}::float8, {rng.randrange(9)})")

    def watch(self, admin):
        """Makes a function by which a transaction of USER can see all that she must not change, and her locks on it."""
        not_hers = f"<> '{USER}'::regrole"
        parts = ['pg_authid r', 'pg_auth_members r', 'pg_db_role_setting r', 'pg_extension r', 'pg_default_acl r', 'pg_event_trigger r', 'pg_policy r', f"pg_namespace r WHERE r.nspowner {not_hers} AND r.nspname !~ '^pg_(toast_)?temp'",
                 f'(SELECT oid, relname, relnamespace, relowner, relacl, relkind, relnatts, relhastriggers, relrowsecurity, reloptions FROM pg_class WHERE relowner {not_hers}) r',
                 f'(SELECT oid, proname, proowner, proacl, prosecdef, proconfig, md5(prosrc) FROM pg_proc WHERE proowner {not_hers}) r']
        for relation, in admin.query(f"SELECT '{OTHER}.' || quote_ident(relname) FROM pg_class WHERE relowner = '{OTHER}'::regrole AND relkind = 'r' ORDER BY 1"):
            parts.append(f'{relation} r')
        for relation, columns in self.catalog.columns.items():
            if 'model_id' in dict(columns) and self.catalog.others:
                parts.append(f'{relation} r WHERE r.model_id = {self.catalog.others}')
        self.parts = parts
        sums = ' || '.join(f"(SELECT md5(coalesce(string_agg(r::text, ',' ORDER BY r::text), '')) FROM {part})" for part in parts)
        admin.query(f'''
            CREATE SCHEMA watch; GRANT USAGE ON SCHEMA watch TO PUBLIC;
            CREATE FUNCTION watch.state() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog
                SET quote_all_identifiers = off SET datestyle = ISO SET intervalstyle = postgres SET timezone = UTC SET bytea_output = hex SET extra_float_digits = 1 AS $$ SELECT {sums} $$;
            CREATE FUNCTION watch.locks() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog AS $$
                SELECT string_agg(DISTINCT format('%s %s', l.mode, c.relname), ', ') FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
                 WHERE l.pid = pg_backend_pid() AND c.relowner {not_hers} AND l.mode ~ 'Share|Exclusive' AND l.mode !~ '^(Access|Row)Share|^RowExcl' $$''')

    def state(self):
        return self.session.query('SELECT watch.state()')[0][0]

    def changed(self):
        state = self.state()
        return [part for i, part in enumerate(self.parts) if state[i * 32:][:32] != self.before[i * 32:][:32]]

    def draw(self):
        """A kind of statement, the function that it is about, and the statements."""
        rng, values = self.rng, self.values
        kind = rng.random()
        if kind < 0.02 and self.catalog.relations:
            return 'relation', None, [rng.choice(TRIES).format(r=rng.choice(self.catalog.relations))]
        function = rng.choices(self.catalog.functions, self.weights)[0]
        if kind < 0.06 and self.catalog.relations:
            function = rng.choice(self.public)
            relation = rng.choice(self.catalog.relations)
            column, type_name = rng.choice(self.catalog.columns[relation])
            return 'spoilt catalog', function, [f'UPDATE {relation} SET {column} = {values.value(type_name, column, sensible=0.2)}', self.select(function, 'SELECT {call}')]
        if kind < 0.12:
            function = rng.choice(self.public)
            steps = [rng.choice(BEFORE).format(float=rng.choice(FLOATS[:3] + FLOATS) + '::float8', int=rng.randint(-1, 9)) for _ in range(rng.choice([1, 1, 2]))]
            return 'changed source', function, steps + [self.select(function, 'SELECT {call}', sensible=1)]
        if function['kind'] == 'a':
            call = self.catalog.call(function, values, columns=self.columns)
            shape = rng.choice(['{c}', '{c}', '{c} FILTER (WHERE h.id % 2 = 0)', '{c} OVER (ORDER BY h.id ROWS 3 PRECEDING)', '{c} OVER (PARTITION BY h.id % 3)'])
            ending = rng.choice(['', '', ' GROUP BY h.id % 3']) if 'OVER' not in shape else ''
            rows = rng.choice([0, 1, 3, 20, 100])
            table = 'hostile h' if rows == 100 else f'(SELECT * FROM hostile ORDER BY id OFFSET {rng.randrange(50)} LIMIT {rows}) h'
            return 'aggregate', function, [f'SELECT {shape.format(c=call)} FROM {table}{ending}']
        if kind < 0.3:
            return 'by row', function, [self.select(function, 'SELECT {call} FROM (SELECT * FROM hostile ORDER BY id OFFSET %d LIMIT %d) h' % (rng.randrange(90), rng.choice([1, 3, 10])), self.columns)]
        if kind < 0.45 and function['returns'] not in ('internal', 'void'):
            return 'from', function, [self.select(function, 'SELECT count(r), sum(length(r::text)) FROM {call} r')]
        return 'call', function, [self.select(function, 'SELECT {call}')]

    def select(self, function, shape, columns=None, sensible=None):
        return shape.format(call=self.catalog.call(function, self.values, columns=columns, sensible=sensible))

    def step(self):
        kind, function, statements = self.draw()
        name = function['name'] if function else kind
        if self.bad.get(name, 0) > 20:
            return
        for i, statement in enumerate(statements):
            outcome = self.session.run(statement if i else 'ROLLBACK; BEGIN; ' + statement)
            if outcome.kind != 'ok':
                break
        repro = '; '.join(statements)
        self.count.add(kind, outcome)
        if outcome.kind in ('crash', 'hang', 'fault'):
            self.bad[name] = self.bad.get(name, 0) + {'crash': 2, 'hang': 7, 'fault': 0.05}[outcome.kind]
            self.findings.add(outcome.kind, outcome.text() if outcome.place else f'{name}: {outcome.message}', repro, f'{name}: {outcome.text()}')
        elif outcome.code == '53200':
            self.findings.add('memory', f'{name}: {outcome.message}', repro, outcome.text())
        elif CANARY not in repro and (CANARY in outcome.message or CANARY in str(outcome.rows)):
            self.findings.add('leak', name, repro, outcome.message or str(outcome.rows)[:300])
        elif outcome.kind == 'ok' and not self.granted:
            self.check_rights(name, repro, kind)
        if outcome.kind == 'crash':
            self.admin.connect()

    def check_rights(self, name, repro, kind):
        wrote, user, origin, path = self.session.query("SELECT pg_current_xact_id_if_assigned() IS NOT NULL, current_user, session_user, current_setting('search_path')")[0]
        if (user, origin) != (USER, USER) or path != '"$user", public' and 'search_path' not in repro:
            self.findings.add('privilege', f'{name} leaves {user} {origin} {path}', repro)
        if wrote or kind == 'relation':
            locks = self.session.query('SELECT watch.locks()')[0][0]
            if locks:
                self.findings.add('lock', f'{name} {locks}', repro)
            for part in self.changed():
                self.findings.add('privilege', f'{name} changes what is not hers', repro, part)

    def check_rest(self):
        """Nothing is left of what ran so far."""
        self.session.query('ROLLBACK')
        rest = self.admin.query(f'''
            SELECT 'lock ' || locktype || ' ' || mode FROM pg_locks WHERE pid = {self.session.pid}
            UNION ALL SELECT 'worker ' || pid FROM pg_stat_activity WHERE backend_type = 'parallel worker'
            UNION ALL SELECT 'job ' || model FROM segment_progress''')
        for what, in rest:
            self.findings.add('rest', what, '(not of a single statement)')
        for part in self.changed() if not self.granted else []:
            self.findings.add('privilege', 'changed for good what is not hers', '(not of a single statement)', part)


def people(admin, session, other):
    admin.query(PEOPLE)
    other.query(OTHERS)
    session.query(OWN)
