"""Part two: random tables, options and calls of the public functions, as an ordinary user, and what must hold of them.

hypothesis draws the cases and, when one breaks a promise, looks for a smaller one that breaks the same.
"""

import json
import math
import random
import re

import hypothesis
from hypothesis import strategies as st
NAMES = ['x', 'y', 'Größe', 'a"b', "it's", '%s', 'segment', 'distance', 'label', 'rows', 'a b', 'x=1', 'é' * 31, 'model']
FINE = re.compile(r'(22|42|0A).{3}')                        # classes of errors of arguments and of data
OTHERS = {'23505', '23502', '3F000', '2BP01', '54000', '55000'}      # and the others of doc/reference.md
UNITS = {'number': '{c}::float8', 'true': '{c}::int::float8', 'days since': "extract(epoch FROM {c})::float8 / 86400", 'unit': "extract(epoch FROM justify_days({c}))::float8 / 86400",
         'element': '({c})[{p}]::float8', 'category': '({c}::text = {q})::int::float8'}

# Columns: type, and how its values are made of a random generator and the number of the row.
NUMBERS = {
    'blobs': lambda r, i: r.gauss(0, 1) + 9 * (i % 3), 'whole': lambda r, i: r.randint(0, 5), 'constant': lambda r, i: 7, 'gauss': lambda r, i: r.gauss(0, 100),
    'offset': lambda r, i: 1e6 + r.random(), 'far': lambda r, i: 10 ** 12 + r.randint(0, 3), 'tiny': lambda r, i: r.random() * 1e-300, 'large': lambda r, i: r.gauss(0, 1) * 1e140,
    'outliers': lambda r, i: r.gauss(0, 1) * 10 ** (6 * (r.random() < 0.05)), 'skewed': lambda r, i: math.exp(r.gauss(3, 2)), 'two': lambda r, i: i % 2, 'denormal': lambda r, i: r.choice([0, 5e-324, 1]),
}
TYPES = {
    'float8': lambda v, r: v, 'numeric': lambda v, r: v, 'real': lambda v, r: max(-1e30, min(1e30, v if abs(v) > 1e-30 else 0)), 'bigint': lambda v, r: int(max(-1e15, min(1e15, v))), 'integer': lambda v, r: int(max(-1e9, min(1e9, v))),
    'boolean': lambda v, r: v > 1, 'text': lambda v, r: 'v%d' % (abs(v) % 5), 'date': lambda v, r: f'20{10 + int(abs(v)) % 9}-0{1 + int(abs(v)) % 8}-11', 'interval': lambda v, r: f'{int(v) % 1000} hours',
    'timestamptz': lambda v, r: f'2020-01-0{1 + int(abs(v)) % 8} 11:22:33.5+01', 'float8[]': lambda v, r: '{%r,%d}' % (max(-1e100, min(1e100, float(v))), r.randint(0, 3)), 'mood': lambda v, r: 'glad' if int(abs(v)) % 2 else 'sad',
}
CHOICES = {'scaling': ['standard', 'minmax', 'robust', 'maxabs', 'none'], 'missing': ['median', 'mean', 'zero', 'skip', 'category', 'error'], 'outliers': ['keep', 'clip', 'skip'],
           'transform': ['none', 'log1p', 'yeo-johnson'], 'outlier_method': ['iqr', 'zscore']}
BAD = [('k', '0'), ('k', '-1'), ('k', '2000000000'), ('scaling', "'x'"), ('missing', "''"), ('n_init', '0'), ('n_init', '2147483647'), ('max_iter', '0'), ('tol', '-1'), ('tol', "'NaN'"), ('min_share', '2'),
       ('min_share', "'NaN'"), ('max_share', '0'), ('"trim"', '0.6'), ('"trim"', "'NaN'"), ('features', "'{nope}'"), ('features', "'{}'"), ('features', '\'{NULL}\''), ('feature_options', "'[]'"), ('feature_options', '\'{"nope": {}}\''), ('centroids', "'{}'"), ('centroids', "'{{NaN}}'"),
       ('centroids', "'{1,2,3}'"), ('k_min', '0'), ('k_max', '1'), ('assignment', "'x'"), ('into_schema', "'nope'"), ('sample_weight', "'nope'"), ('max_categories', '0'), ('model', "''"), ('outlier_threshold', '-1'),
       ('outlier_threshold', "'NaN'"), ('key', "'{nope}'"), ('exclude', "'{nope}'"), ('distance', "'manhattan'"), ('init', "'x'"), ('outlier_method', "'x'"), ('transform', "NULL"), ('min_frequency', "-1"), ('outliers', "'x'"), ('algorithm', "'x'")]
READS = ['segment_insights({m})', 'segment_report({m})', "segment_report({m}, value => {c}, outcome => ARRAY[{d}], currency => '<k')", 'segment_insights({m}, outcome => ARRAY[{d}])', 'segment_map({m}, 50)', 'segment_silhouette({m}, 50)', 'segment_stability({m}, 3)', 'segment_drift({m})', 'segment_components({m})', 'segment_feature_correlation({m})', 'segment_candidates({m})', 'segment_typical({m}, 2)', 'segment_evaluate({m})',
         'segment_describe({t})', 'segment_correlation({t})', "segment_correlation({t}, method => 'spearman')", 'segment_outliers({t})', 'segment_histogram({t}, {c})', 'segment_crosstab({t}, {c}, {d})', 'segment_value({m}, {c})', 'segment_outcome({m}, ARRAY[{c}])',
         'segment_models', 'segment_runs', 'segment_profiles', 'segment_history', 'segment_distribution', 'segment_profile({m})', 'segment_recipe({m})', 'segment_elbow({t}, k_max => 4)']


def literal(value):
    if value is None:
        return 'NULL'
    if isinstance(value, (bool, int)):
        return str(value)
    return repr(value) if isinstance(value, float) and math.isfinite(value) else "'" + str(value).replace("'", "''") + "'"


def unquote(text):
    return text[1:-1].replace("''", "'")


def name(text):
    return '"' + text.replace('"', '""') + '"'


columns = st.lists(st.fixed_dictionaries({
    'name': st.sampled_from(NAMES), 'type': st.sampled_from(list(TYPES)[:3] * 4 + list(TYPES)), 'values': st.sampled_from(list(NUMBERS)[:4] * 3 + list(NUMBERS)),
    'missing': st.sampled_from([0, 0, 0, 0.1, 0.5, 1])}), min_size=1, max_size=5, unique_by=lambda c: c['name'])


@st.composite
def options_of(draw, columns):
    named = st.lists(st.sampled_from([c['name'] for c in columns]), min_size=1, unique=True)
    every = {key: st.sampled_from(words).map(literal) for key, words in CHOICES.items()}
    choice = {**{key: st.sampled_from(words) for key, words in CHOICES.items()}, 'weight': st.sampled_from([1, 2, 0.25, 1e-3]), 'clip': st.sampled_from([[0.1, 0.9], [0, 1]])}
    every |= {
        'k': st.integers(1, 7).map(str), 'features': named.map(array), 'exclude': named.map(array), 'distance': st.sampled_from(["'euclidean'", "'cosine'"]), 'sample_weight': st.sampled_from(columns).map(lambda c: literal(c['name'])),
        'init': st.sampled_from(["'k-means++'", "'random'"]), 'max_iter': st.sampled_from(['1', '2', '300']), 'tol': st.sampled_from(['0', '1e-4', '1']), 'seed': st.integers(-9, 9).map(str), 'min_share': st.sampled_from(['0', '0.1', '0.3']), 'max_share': st.sampled_from(['1', '0.6', '0.35']), 'trim_share': st.sampled_from(['0', '0.05', '0.3']),
        'assignment': st.sampled_from(["'table'", "'view'", "'none'"]), 'outlier_threshold': st.sampled_from(['0', '1', '3']), 'max_categories': st.sampled_from(['1', '2', '5']), 'min_frequency': st.sampled_from(['0', '0.2', '3']),
        'k_max': st.sampled_from(['2', '4']), 'history': st.just('true'), 'algorithm': st.sampled_from(["'lloyd'", "'bisecting'"]),
        'feature_options': st.dictionaries(st.sampled_from([c['name'] for c in columns]), st.dictionaries(st.sampled_from(sorted(choice)), st.none(), max_size=2), max_size=2).flatmap(
            lambda chosen: st.fixed_dictionaries({column: st.fixed_dictionaries({key: choice[key] for key in keys}) for column, keys in chosen.items()})).map(lambda o: literal(json.dumps(o)))}
    wanted = draw(st.lists(st.sampled_from(sorted(every)), max_size=5, unique=True))
    if draw(st.booleans()):
        every['features'] = st.just(array([c['name'] for c in columns]))
        wanted = sorted({*wanted, 'features'})
    return {key: draw(every[key]) for key in wanted}


def given(arguments):
    return ', '.join(f'{key} => {value}' for key, value in arguments.items())


def array(names):
    return 'ARRAY[' + ', '.join(map(literal, names)) + ']'


@st.composite
def cases(draw):
    drawn = draw(columns)
    return {
        'table': draw(st.sampled_from(['t', 't', 't', 'Kunden "A"', 'x' * 63])), 'rows': draw(st.sampled_from([60, 20, 5, 3, 2, 1, 0, 17, 300, 1500])), 'seed': draw(st.integers(0, 99)),
        'key': draw(st.sampled_from(['integer', 'integer', 'text', 'pair', 'unique', 'none'])), 'columns': drawn, 'options': draw(options_of(drawn)),
        'bad': draw(st.sampled_from(BAD)) if draw(st.integers(0, 7)) == 7 else None, 'model': draw(st.sampled_from([None, None, 'm', 'My "model"'])), 'reads': draw(st.lists(st.sampled_from(READS), max_size=4, unique=True)),
        'settings': draw(st.sampled_from(['', '', 'SET segment.max_parallel_workers = 0', "SET segment.work_mem = '64kB'", 'SET segment.kernel = scalar'])),
        'change': draw(st.booleans())}


class Broken(Exception):
    """A promise that does not hold."""


BROKEN = {}     # a class a cause, for hypothesis tells failures apart by their class


class Case:
    """A table, a model of it, and what must hold."""

    def __init__(self, models, case):
        self.__dict__.update(case)
        self.models, self.script = models, []
        self.key_columns = {'integer': ['id'], 'text': ['id'], 'pair': ['id', 'part'], 'unique': ['id'], 'none': []}[self.key]
        self.relation = name(self.table)
        self.model = literal(self.model or self.table)

    def broken(self, kind, cause):
        self.models.findings.add(kind, cause, ';\n  '.join(self.script))
        cause = re.sub(r'".*"|\d+', '#', cause, flags=re.DOTALL)
        if (kind, cause) not in self.models.told:
            raise BROKEN.setdefault((kind, cause), type('Broken', (Broken,), {}))(kind, cause)

    def hold(self, promise, is_so):
        if not is_so:
            self.broken('promise', promise)
        return is_so

    def run(self, statement, note=True):
        if note:
            self.script.append(statement if len(statement) < 20000 else statement[:20000] + ' ...')
        outcome = self.models.session.run(statement)
        self.models.count.add((re.search(r'segment_\w+', statement) or re.search(r'\w+', statement))[0] if note else 'check', outcome)
        if outcome.kind == 'crash':
            self.models.admin.connect()
        if outcome.kind in ('crash', 'hang', 'fault'):
            self.broken(outcome.kind, outcome.text())
        if outcome.kind == 'error':
            self.hold(f'a code of doc/reference.md: {outcome.text()}', FINE.fullmatch(outcome.code) or outcome.code in OTHERS)
        return outcome

    def rows_of(self, query):
        """Rows of a query that has to work."""
        outcome = self.run(query, note=False)
        if outcome.kind == 'error':
            self.script.append(query)
            self.broken('promise', f'a check works: {outcome.text()}')
        return outcome.rows or []

    def one(self, query):
        rows = self.rows_of(query)
        return rows[0][0] if rows else None

    def make_table(self):
        r = random.Random(self.seed)
        keys = {'integer': 'id integer PRIMARY KEY', 'text': 'id text PRIMARY KEY', 'pair': 'id integer, part text, PRIMARY KEY (id, part)', 'unique': 'id bigint NOT NULL UNIQUE', 'none': 'id integer'}[self.key]
        self.definition = f"({', '.join([keys] + [name(c['name']) + ' ' + c['type'] for c in self.columns])})"
        self.run(f'CREATE TABLE {self.relation} {self.definition}')
        rows = []
        for i in range(self.rows):
            cells = [f"'k{i}'" if self.key == 'text' else str(i)] + (["'p'"] if self.key == 'pair' else [])
            for c in self.columns:
                missing = r.random() < c['missing']
                value = TYPES[c['type']](NUMBERS[c['values']](r, i), r)
                cells.append('NULL' if missing else literal(value))
            rows.append(f"({', '.join(cells)})")
        if rows:
            self.run(f"INSERT INTO {self.relation} VALUES {', '.join(rows)}")
        if self.settings:
            self.run(self.settings)

    def fit(self, relation, model):
        arguments = {**self.options, 'model': model, 'n_init': '2'}
        if self.key == 'none':
            arguments['key'] = "'{}'"
        arguments |= [self.bad] if self.bad else []
        return f'SELECT * FROM segment_kmeans({literal(relation)}, {given(arguments)})'

    def what_is_there(self):
        return self.rows_of("SELECT (SELECT count(*) FROM pg_class WHERE relowner = current_user::regrole), (SELECT count(*) FROM segment_models), (SELECT count(*) FROM segment_runs), "
                            "(SELECT count(*) FROM segment_progress WHERE pid = pg_backend_pid()), (SELECT count(*) FROM pg_locks WHERE pid = pg_backend_pid() AND locktype <> 'virtualxid' AND relation <> 'pg_locks'::regclass AND relation IS NULL)")

    def check(self):
        self.make_table()
        before = self.what_is_there()
        outcome = self.run(self.fit(self.relation, self.model))
        if outcome.kind == 'error':
            self.hold('nothing is left after an error', self.what_is_there() == before)
            if self.bad:
                self.hold(f'an error of {self.bad[0]} => {self.bad[1]} has a hint: {outcome.text()}', outcome.hint)
                self.hold(f'an error of {self.bad[0]} => {self.bad[1]} has a code of its class: {outcome.text()}', FINE.fullmatch(outcome.code) or outcome.code == '3F000')
        elif outcome.kind == 'ok':
            self.row = outcome.rows[0]
            self.of_model = dict(zip(('model', 'run', 'source', 'k', 'k_reason', 'read', 'used', 'skipped', 'features', 'iterations', 'converged', 'inertia', 'silhouette', 'explained', 'davies_bouldin', 'calinski_harabasz', 'assignment', 'profile', 'members'), self.row))
            self.check_model()
        for read in self.reads:
            if '{m}' in read and not hasattr(self, 'of_model'):
                continue
            words = {'m': self.model, 't': literal(self.relation), 'c': literal(self.columns[0]['name']), 'd': literal(self.columns[-1]['name'])}
            outcome = self.run(f'SELECT count(*) FROM {read.format(**words)}' if '(' not in read or 'report' not in read else f'SELECT length({read.format(**words)})')
            if outcome.kind == 'error':
                self.hold(f'an error of {read} has a hint: {outcome.text()}', outcome.hint)
        if hasattr(self, 'of_model'):
            self.check_refresh()
            self.rescored = False
            self.check_history()
            self.check_life()

    def check_model(self):
        r = self.of_model
        if self.bad:
            self.models.findings.add('accepted', f'{self.bad[0]} => {self.bad[1]}', self.script[-1])
        self.hold('read = used + skipped', r['read'] == r['used'] + r['skipped'] == self.rows)
        self.script.append(f"-- explained {r['explained']!r}, silhouette {r['silhouette']!r}")
        self.hold('explained and silhouette lie between 0 and 1', all(v is None or low <= v <= 1 for v, low in ((r['explained'], 0), (r['silhouette'], -1 if self.sized else 0))))
        self.hold('inertia is a number of 0 or more', r['inertia'] >= 0 and math.isfinite(r['inertia']))
        sizes = self.rows_of(f"SELECT segment, rows FROM {r['profile']} ORDER BY 1")
        self.hold('the profile has all rows', sum(rows for _, rows in sizes) == r['used'] and len([s for s, _ in sizes if s > 0]) == r['k'])
        shares = [rows / r['used'] for segment, rows in sizes if segment > 0]
        self.hold('segments have the sizes that were asked for', float(self.options.get('min_share', 0)) <= min(shares) and max(shares) <= float(self.options.get('max_share', 1)))
        self.hold('no more rows are left out than that', sum(rows for segment, rows in sizes if segment == 0) <= float(self.options.get('"trim"', 0)) * r['used'])
        if r['assignment']:
            self.hold('the profile counts the assignment', sizes == self.rows_of(f"SELECT segment, count(*) FROM {r['assignment']} GROUP BY 1 ORDER BY 1"))
            self.check_scores()
        if 'bisecting' in self.options.get('algorithm', ''):
            self.hold('the leaves of the tree are the segments', sizes == self.rows_of(f'SELECT segment, rows FROM segment_tree({self.model}) WHERE segment IS NOT NULL ORDER BY 1'))
            self.hold('a cut has all rows', self.one(f"SELECT sum(rows) FROM segment_cut({self.model}, {(r['k'] + 1) // 2})") == r['used'])
        self.check_inertia()
        self.check_again()
        if 'k' not in self.options and not self.bad:
            options = {k: v for k, v in {**self.options, 'n_init': '2'}.items() if k not in ('assignment', 'history')}
            elbow = self.run(f'SELECT k, inertia FROM segment_elbow({literal(self.relation)}, {given(options)}) WHERE recommended')
            if self.key != 'none' or self.rows < 1000:
                self.hold('segment_elbow recommends what segment_kmeans takes', elbow.rows == [(r['k'], r['inertia'])])

    @property
    def sized(self):
        return float(self.options.get('min_share', 0)) > 0 or float(self.options.get('max_share', 1)) < 1

    def using(self):
        return ', '.join(map(name, self.key_columns))

    def check_scores(self, refreshed=False):
        """A refresh leaves what is near enough: a hundredth of the margin, and of the distance to the second segment, which is distance / (1 - margin) where the margin is above 0, else the distance."""
        reach = "CASE WHEN {r}.second_segment IS NOT NULL AND {r}.margin > 0 THEN {r}.distance::real::float8 / nullif(1 - {r}.margin::real::float8, 0) ELSE {r}.distance::real::float8 END"
        near = (f"(s.segment, s.second_segment) IS NOT DISTINCT FROM (a.segment, a.second_segment) AND abs(s.margin::real::float8 - a.margin::float8) <= 0.01 "
                f"AND abs(s.distance::real::float8 - a.distance::float8) <= 0.01 * least({reach.format(r='s')}, {reach.format(r='a')})")
        wrong = self.one(f"SELECT count(*) FROM {self.relation} t LEFT JOIN {self.of_model['assignment']} a USING ({self.using()}) CROSS JOIN LATERAL segment_score({self.model}, t) s "
                         f"WHERE (s.segment, s.distance, s.second_segment, s.margin) IS DISTINCT FROM (a.segment, a.distance, a.second_segment, a.margin) {f'AND ({near}) IS NOT TRUE' if refreshed else ''} OR segment_predict({self.model}, t) IS DISTINCT FROM a.segment")
        self.hold('scoring every row gives the assignment', wrong == 0)
        if 'cosine' not in self.options.get('distance', '') and not refreshed:
            wrong = self.one(f"SELECT count(*) FROM {self.relation} t JOIN {self.of_model['assignment']} a USING ({self.using()}) WHERE a.distance IS DISTINCT FROM (SELECT min(d.distance)::real FROM segment_distances({self.model}, t) d{' WHERE a.segment IN (0, d.segment)' if self.sized else ''})")
            self.hold('segment_distances has the distance of the assignment', wrong == 0)

    def check_inertia(self):
        """Makes the features of every row anew, as the recipe says, and sums squared distances to the centroids."""
        r = self.of_model
        if not r['assignment']:
            return
        recipe, steps = {}, {}
        for feature, column, step, parameter, value in self.rows_of(f'SELECT * FROM segment_recipe({self.model})'):
            recipe.setdefault(feature, {'column': column})[step, parameter] = value
        recipe.pop(None, None)
        expressions = []
        for feature, words in recipe.items():
            unit, part = next(((p, v) for (s, p), v in ((k, v) for k, v in words.items() if k != 'column') if s == 'encode'), ('number', None))
            if part in ('(other)', '(missing)'):
                return
            column = 't.' + name(words['column'])
            expressions.append(UNITS[unit].format(c=column, p=part, q=literal(part)))
        weight = f't.{name(unquote(self.options["sample_weight"]))}::float8' if self.options.get('sample_weight') else '1::float8'
        rows = self.rows_of(f"SELECT a.segment, {weight}, ARRAY[{', '.join(expressions)}]::float8[] FROM {self.relation} t JOIN {r['assignment']} a USING ({self.using()})")
        centroids = {}
        for segment, _, _, scaled in self.rows_of(f'SELECT * FROM segment_centroids({self.model})'):
            centroids.setdefault(segment, []).append(scaled)
        terms, size, mass = [], 1.0, 0.0
        try:
            for segment, weight, raw in rows:
                if segment == 0:
                    continue
                x = [prepared(value, words) for value, words in zip(raw, recipe.values())]
                if 'cosine' in self.options.get('distance', ''):
                    length = math.sqrt(math.fsum(v * v for v in x))
                    if length < 1e-9:
                        return
                    x = [v / length for v in x]
                terms += [weight * (v - c) ** 2 for v, c in zip(x, centroids[segment])]
                mass += weight
            for words in recipe.values():
                size = max(size, (abs(float(words['scale', 'center'])) / float(words['scale', 'scale'])) * math.sqrt(float(words['weight', 'weight'])))
            error = size * 4e-16
            inertia = math.fsum(terms)
        except OverflowError:
            return
        allowed = 1e-9 * inertia + 4 * math.sqrt(inertia * mass * len(recipe)) * error + mass * len(recipe) * error ** 2
        self.script.append(f'-- inertia recomputed: {inertia!r}, allowed difference {allowed!r}, given {r["inertia"]!r}')
        self.hold('inertia is that of the assignment', abs(inertia - r['inertia']) <= allowed)

    def figures(self, relation, model, row):
        assignment = relation and self.one(f"SELECT md5(string_agg(a::text, ',' ORDER BY a::text)) FROM {relation} a")
        return [row[3:16], assignment] + [self.one(f"SELECT md5(string_agg(f::text, ',' ORDER BY f::text)) FROM {figure}({model}) f") for figure in ('segment_profile', 'segment_centroids', 'segment_recipe', 'segment_candidates')]

    def check_again(self):
        """The same rows in another order, read by other processes, give the same model to the last bit."""
        first = self.figures(self.of_model['assignment'], self.model, self.row)
        self.rows_of(f'CREATE TABLE again {self.definition}')
        self.rows_of(f'INSERT INTO again SELECT * FROM {self.relation} t ORDER BY md5(t::text)')
        workers = self.one("SELECT current_setting('segment.max_parallel_workers')")
        self.rows_of(f"SET max_parallel_workers_per_gather = 0; SET segment.max_parallel_workers = {'2' if workers == '0' else '0'}")
        outcome = self.run(self.fit('again', "'another'"), note=False)
        if self.hold(f'the same fit again works: {outcome.text()}', outcome.kind == 'ok'):
            second = self.figures(outcome.rows[0][16], "'another'", outcome.rows[0])
            for what, one, two in zip(('run', 'assignment', 'profile', 'centroids', 'recipe', 'candidates'), first, second):
                self.hold(f'the same rows in another order give the same {what}', one == two)
        self.rows_of(f'RESET max_parallel_workers_per_gather; SET segment.max_parallel_workers = {workers}')

    def check_refresh(self):
        r = self.of_model
        tuples = f"SELECT md5(string_agg(a.ctid::text || a.xmin::text || a::text, ',' ORDER BY a.ctid)) FROM {r['assignment']} a"
        segments = f"SELECT md5(string_agg(ROW({', '.join('a.' + name(k) for k in self.key_columns)}, a.segment)::text, ',' ORDER BY {', '.join('a.' + name(k) for k in self.key_columns) or '1'})) FROM {r['assignment']} a"
        stored = r['assignment'] and 'table' in self.options.get('assignment', 'table')
        before = (self.one(tuples), self.one(segments)) if stored else None
        outcome = self.run(f'SELECT * FROM segment_refresh({self.model})')
        if not self.hold(f'a refresh of the same rows works: {outcome.text()}', outcome.kind == 'ok'):
            return
        if stored and r['converged']:
            self.hold('an unchanged refresh changes no segment', self.one(segments) == before[1])
            self.hold('an unchanged refresh rewrites no tuple', self.one(tuples) == before[0])
        if self.change and self.key == 'integer' and stored:
            self.run(f'DELETE FROM {self.relation} WHERE id % 3 = 0')
            self.run(f"INSERT INTO {self.relation} SELECT 1000000 + id, {', '.join(name(c['name']) for c in self.columns)} FROM {self.relation} WHERE id % 3 = 1")
            outcome = self.run(f'SELECT * FROM segment_refresh({self.model})')
            if outcome.kind == 'ok':
                self.hold('a refresh counts the assignment', self.rows_of(f"SELECT segment, rows FROM {r['profile']} ORDER BY 1") == self.rows_of(f"SELECT segment, count(*) FROM {r['assignment']} GROUP BY 1 ORDER BY 1"))
                self.check_scores(refreshed='table' in self.options.get('assignment', 'table'))
            else:
                self.hold(f'an error of a refresh has a hint: {outcome.text()}', outcome.hint)

    def check_history(self):
        """Rescores and rollbacks: the ledger, the counts of the assignment, the sums of moves, and nothing written where nothing has changed."""
        r = self.of_model
        stored = r['assignment'] and 'table' in self.options.get('assignment', 'table')
        tuples = f"SELECT md5(string_agg(a.ctid::text || a.xmin::text, ',' ORDER BY a.ctid)) FROM {r['assignment']} a"
        for call in (f'segment_rescore({self.model})', f'segment_rescore({self.model})', f'segment_rollback({self.model}, 1)', f'segment_refresh({self.model}, only_if_drift => true, source => {literal(self.relation)})', f'segment_refresh({self.model})'):
            before = self.one(tuples) if stored else None
            last = self.one(f'SELECT max(run) FROM segment_runs WHERE model = {self.model}')
            outcome = self.run(f'SELECT run FROM {call}')
            if outcome.kind == 'error':
                self.hold(f'an error of {call} has a hint: {outcome.text()}', outcome.hint)
                continue
            run = outcome.rows[0][0]
            self.hold('runs are counted one by one', run == last + 1 or (run == last and 'only_if_drift' in call))
            if 'rescore' in call:
                if stored and self.rescored:
                    self.hold('a rescore of the same rows rewrites no tuple', self.one(tuples) == before)
                self.rescored = True
                self.hold('a rescore has all segments survive', self.one(f"SELECT bool_and(kind = 'survived' AND from_segment = to_segment) AND count(*) = (SELECT k FROM segment_runs WHERE model = {self.model} AND run = {run}) FROM segment_transitions({self.model})"))
            if r['assignment']:
                profile = self.one(f'SELECT profile::text FROM segment_models WHERE model = {self.model}')
                self.hold('the profile of a later run counts the assignment', self.rows_of(f"SELECT segment, rows FROM {profile} WHERE rows > 0 ORDER BY 1") == self.rows_of(f"SELECT segment, count(*) FROM {r['assignment']} GROUP BY 1 ORDER BY 1"))
            if 'history' in self.options:
                for side, which in (('from_segment', last), ('to_segment', last + 1)):
                    self.hold('moves add up to sizes', run == last or self.rows_of(f'SELECT {side}, sum(rows)::bigint FROM segment_migration({self.model}) WHERE {side} IS NOT NULL GROUP BY 1 ORDER BY 1')
                              == self.rows_of(f'SELECT segment, rows FROM segment_history WHERE model = {self.model} AND run = {which} AND rows > 0 ORDER BY 1'))
        kept = self.run(f'SELECT segment_prune({self.model}, 2)')
        self.hold('two runs stay', kept.kind == 'ok' and self.one(f'SELECT count(*) FROM segment_runs WHERE model = {self.model}') <= 2)

    def check_life(self):
        profile = self.of_model['profile']
        segment = self.one(f'SELECT min(segment) FROM {profile} WHERE segment > 0')       # 1 may be gone
        self.run(f"SELECT segment_label({self.model}, {segment}, 'Mine')")
        self.hold('a label is shown', self.one(f'SELECT label FROM {profile} WHERE segment = {segment}') == 'Mine')
        if self.run(f"SELECT segment_rename({self.model}, 'New \"name\"')").kind == 'ok':
            self.model = literal('New "name"')
        self.hold('a renamed model is found', self.one(f'SELECT count(*) FROM segment_models WHERE model = {self.model}') == 1)
        self.run(f'SELECT segment_drop({self.model})')
        self.hold('a dropped model leaves nothing', self.rows_of(f"SELECT relname FROM pg_class WHERE relowner = current_user::regrole AND relkind IN ('r', 'v') AND relnamespace = 'lab'::regnamespace AND relname !~ '^(again|another)' AND relname <> {literal(self.table)}") == [])


def prepared(value, words):
    """One step of the recipe after the other."""
    def word(step, parameter):
        return words.get((step, parameter))
    if value is None or math.isnan(value):
        value = float(word('impute', 'fill') or 'nan')
    if word('fence', 'rule') == 'clip' and word('fence', 'lower'):
        value = min(max(value, float(word('fence', 'lower'))), float(word('fence', 'upper')))
    if word('transform', 'method') == 'log1p':
        value = math.log1p(value)
    if word('transform', 'method') == 'yeo-johnson':
        power = float(word('transform', 'lambda'))
        sign, power = (1, power) if value >= 0 else (-1, 2 - power)
        value = sign * (math.log1p(abs(value)) if power == 0 else math.expm1(power * math.log1p(abs(value))) / power)
    return (value - float(word('scale', 'center'))) / float(word('scale', 'scale')) * math.sqrt(float(word('weight', 'weight')))


class Models:
    def __init__(self, admin, session, findings, count):
        self.admin, self.session, self.findings, self.count = admin, session, findings, count
        self.told = set()       # causes that were looked into, so that the next round looks for others

    def step(self, case):
        self.admin.query('DROP SCHEMA IF EXISTS lab CASCADE; CREATE SCHEMA lab AUTHORIZATION fuzz_eve')
        self.session.query("RESET ALL; SET search_path = lab, fuzz_eve, public")
        Case(self, case).check()

    def round(self, seed, examples, over=lambda: False):
        budget = {'left': None}

        @hypothesis.seed(seed)
        @hypothesis.settings(max_examples=examples, deadline=None, database=None, suppress_health_check=list(hypothesis.HealthCheck), verbosity=hypothesis.Verbosity.quiet)
        @hypothesis.given(cases())
        def look(case):
            if over() or budget['left'] == 0:
                return
            if budget['left'] is not None:
                budget['left'] -= 1
            try:
                self.step(case)
            except Broken as broken:
                self.broken.add(broken.args)
                if budget['left'] is None:
                    budget['left'] = 40     # smaller cases to try
                raise
        self.broken = set()
        try:
            look()
        except Exception:
            if not self.broken:
                raise
        self.told |= self.broken
