-- What is refused: SQLSTATE, message and hint, and that nothing stays behind.

BEGIN;
SELECT plan(115);

SET client_min_messages = warning;

\ir complaint.psql

-- The error of segment_kmeans('customers', ...).
CREATE FUNCTION pg_temp.refusal(arguments text) RETURNS text
LANGUAGE sql AS $$ SELECT pg_temp.complaint(format('SELECT segment_kmeans(''customers'', %s)', arguments)) $$;

CREATE TABLE customers (id integer PRIMARY KEY, "Income" numeric, age integer, name text, joined date, vip boolean, doc jsonb);
INSERT INTO customers SELECT i, i % 4, i % 3, 'n' || i, '2026-01-01', i % 2 = 0 FROM generate_series(1, 20) i;

-- where in our functions an error was raised says nothing to a user

CREATE FUNCTION pg_temp.context(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    context text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    RETURN split_part(context, E'\n', 1) || ' and ' || (context LIKE '%segment_internal%');
END
$$;
SELECT is(pg_temp.context($$SELECT segment_kmeans('customers', 0)$$), 'SQL function "segment_kmeans" statement 1 and false', 'the context is the call');

-- The whole context of an error.
CREATE FUNCTION pg_temp.whole_context(query text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    context text;
BEGIN
    EXECUTE query;
    RETURN 'no error';
EXCEPTION WHEN OTHERS OR query_canceled THEN
    GET STACKED DIAGNOSTICS context = PG_EXCEPTION_CONTEXT;
    -- this function and the statement of it
    RETURN replace(regexp_replace(context, 'SQL statement "' || regexp_replace(query, '([][(){}|*+?.^$\\])', '\\\1', 'g') || '"\nPL/pgSQL function pg_temp.*$', ''), E'\n', ' / ');
END
$$;
SELECT FROM segment_kmeans('customers', 2, model => 'known', features => '{age}');
SELECT is(pg_temp.whole_context(query), context, 'context of ' || query)
  FROM (VALUES ($$SELECT segment_kmeans('customers', 2, features => '{Incom}')$$, 'SQL function "segment_kmeans" statement 1 / '),
               ($$SELECT segment_kmeans('customers', 2, features => '{age}', max_share => 0.5, min_share => 0.6)$$, 'SQL function "segment_kmeans" statement 1 / '),
               ($$SELECT segment_elbow('customers', 5, 2)$$, ''),
               ($$SELECT segment_describe('customers', '{Incom}')$$, ''),
               ($$SELECT segment_histogram('customers', 'name')$$, ''),
               ($$SELECT segment_correlation('customers', '{name}')$$, ''),
               ($$SELECT segment_outliers('customers', '{name}')$$, ''),
               ($$SELECT segment_crosstab('customers', 'age', 'nam')$$, ''),
               ($$SELECT segment_rfm('customers', 'id', 'name', 'age')$$, ''),
               ($$SELECT segment_profile('knwon')$$, 'SQL function "segment_profile" statement 1 / '),
               ($$SELECT segment_centroids('knwon')$$, 'SQL function "segment_centroids" statement 1 / '),
               ($$SELECT segment_predict('knwon', (1, 2))$$, ''),
               ($$SELECT segment_label('known', 3, 'Three')$$, ''),
               ($$SELECT segment_refresh('knwon')$$, ''),
               ($$SELECT segment_drop('knwon')$$, ''),
               ($$SELECT segment_chart('known', 'pie')$$, ''),
               ($$SELECT segment_map('known', 0)$$, 'SQL function "segment_map" statement 1 / '),
               ($$SELECT segment_value('known', 'agee')$$, 'SQL function "segment_value" statement 1 / '),
               ($$SELECT segment_insights('known', 'agee')$$, 'SQL function "segment_insights" statement 1 / '),
               ($$SELECT segment_report('known', value => 'agee')$$, '')) v (query, context);
SELECT segment_drop('known');

-- but the functions of a source and of callers are named

CREATE FUNCTION pg_temp.checked(x integer) RETURNS integer
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 / (x - 2);
    RETURN x;
END
$$;
CREATE TEMPORARY VIEW checked AS SELECT id, pg_temp.checked(age) AS age FROM customers;
SELECT matches(pg_temp.whole_context(query), '^SQL (expression|statement) "SELECT 1 / \(x - 2\)" / PL/pgSQL function pg_temp_\d+.checked\(integer\) line 3 at PERFORM / ' || caller || '$',
    'the function of a source, in ' || query)
  FROM (VALUES ($$SELECT segment_kmeans('checked', 2, key => '{id}')$$, 'SQL function "segment_kmeans" statement 1 / '),
               ($$SELECT segment_describe('checked')$$, ''), ($$SELECT segment_histogram('checked', 'age')$$, '')) v (query, caller);
CREATE FUNCTION pg_temp.labelled(x integer) RETURNS integer
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM public.segment_label('knwon', 1, 'x');
    RETURN x;
END
$$;
CREATE TEMPORARY VIEW labelled AS SELECT id, pg_temp.labelled(age) AS age FROM customers;
SELECT matches(pg_temp.whole_context(query), '^SQL statement "SELECT public.segment_label\(''knwon'', 1, ''x''\)" / PL/pgSQL function pg_temp_\d+.labelled\(integer\) line 3 at PERFORM / ' || caller || '$',
    'a call of ours within a source, in ' || query)
  FROM (VALUES ($$SELECT segment_kmeans('labelled', 2, key => '{id}')$$, 'SQL function "segment_kmeans" statement 1 / '),
               ($$SELECT segment_describe('labelled')$$, '')) v (query, caller);
CREATE TEMPORARY VIEW stopped AS SELECT id, CASE WHEN pg_cancel_backend(pg_backend_pid()) THEN age END AS age FROM customers;
SELECT is(pg_temp.whole_context(query), caller, 'a cancel, in ' || query)
  FROM (VALUES ($$SELECT segment_kmeans('stopped', 2, key => '{id}')$$, 'SQL function "segment_kmeans" statement 1 / '),
               ($$SELECT segment_elbow('stopped')$$, ''), ($$SELECT segment_describe('stopped')$$, '')) v (query, caller);
CREATE FUNCTION pg_temp.described(relation regclass) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    PERFORM segment_describe(relation, '{nothing}');
END
$$;
SELECT matches(pg_temp.whole_context($$SELECT pg_temp.described('customers')$$),
    '^SQL statement "SELECT segment_describe\(relation, ''{nothing}''\)" / PL/pgSQL function pg_temp_\d+.described\(regclass\) line 3 at PERFORM / $',
    'the function of a caller');

-- relations

SELECT throws_like($$SELECT segment_kmeans('custmers', 2)$$, 'relation "custmers" does not exist', 'unknown relation');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans(4294967000::oid::regclass, 2)$$),
    '42P01 relation with OID 4294967000 does not exist | ', 'an OID that is no relation');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans(NULL, 2)$$), '22004 argument "source" must not be NULL | ', 'no relation');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('customers_pkey', 2)$$),
    '42809 "customers_pkey" has no rows to segment | Name a table, view, materialized view or foreign table.',
    'an index');

-- features

SELECT is(pg_temp.refusal($$2, features => '{Incom}'$$),
    '42703 column "Incom" of relation "customers" does not exist | Perhaps you meant the column "Income".',
    'an unknown feature');
SELECT is(pg_temp.refusal($$2, features => '{zzzzzzzz}'$$),
    '42703 column "zzzzzzzz" of relation "customers" does not exist | '
    'SELECT column_name FROM segment_describe(''public.customers'') lists the columns.',
    'an unknown feature far from any column');
SELECT is(pg_temp.refusal($$2, features => '{ctid}'$$) LIKE '42703 column "ctid" of relation%', true, 'a system column');
SELECT is(pg_temp.refusal($$2, features => '{age,age}'$$),
    '42701 column "age" appears more than once in argument "features" | Name each column once.', 'a feature twice');
SELECT is(pg_temp.refusal($$2, features => '{}'$$),
    '22023 argument "features" is empty | Name columns, or leave the argument out for those that are usual.',
    'no feature');
SELECT is(pg_temp.refusal($$2, features => '{age,NULL}'$$), '22004 argument "features" must not contain NULL | Name columns of the relation.', 'a NULL feature');
SELECT is(pg_temp.refusal($$2, features => '{age,joined,doc}'$$),
    '0A000 column "doc" of relation "customers" has type jsonb, which cannot be a feature | '
    'Make a number or a text of it in a view, and fit that view.', 'a document');
CREATE TABLE words (id integer PRIMARY KEY, word text, seen date);
INSERT INTO words SELECT i, 'word ' || i FROM generate_series(1, 30) i;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('words', 2)$$),
    '22023 relation "words" has no column of which a feature is made by itself | '
    'Name columns in features, or make numbers of them in a view, and fit that.', 'no column that can be a feature');

-- keys

SELECT is(pg_temp.refusal($$2, key => '{idd}'$$),
    '42703 column "idd" of relation "customers" does not exist | Perhaps you meant the column "id".', 'an unknown key column');
SELECT is(pg_temp.refusal($$2, key => '{id,id}'$$),
    '42701 column "id" appears more than once in argument "key" | Name each column once.', 'a key column twice');
SELECT is(pg_temp.refusal($$2, key => '{age}'$$),
    '23505 key (age) of relation "customers" is not unique | Name columns that identify a row with key => ''{...}''.',
    'duplicate keys');
CREATE VIEW seen AS SELECT * FROM customers;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('seen', 2)$$),
    '42P16 relation "seen" has no usable key | Name the key columns with key => ''{...}'', or pass key => ''{}'' to fit a model without an assignment table.',
    'no usable key');
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('seen', 2, key => '{}', assignment => 'view')$$),
    '22023 assignment => ''view'' needs a key | Name the key columns with key => ''{...}''.', 'an assignment view without a key');
CREATE VIEW halfseen AS SELECT nullif(id, 3) AS id, age FROM customers;
SELECT is(pg_temp.complaint($$SELECT segment_kmeans('halfseen', 2, key => '{id}')$$) LIKE '23502 key column "id" contains a null value | %',
    true, 'a NULL key');

-- options

SELECT is(pg_temp.refusal(format('2, %I => ''upside-down''', argument)),
          format('22023 unrecognized value "upside-down" for argument "%s" | Use one of %s.', argument, choices),
          'text that is no option: ' || argument)
  FROM (VALUES ('scaling', 'standard, minmax, robust, maxabs, none'), ('missing', 'median, mean, zero, skip, error, category'),
               ('outliers', 'keep, clip, skip'), ('outlier_method', 'iqr, zscore'), ('transform', 'auto, none, log1p, yeo-johnson'), ('distance', 'euclidean, cosine'),
               ('init', 'k-means++, random'), ('assignment', 'table, view, none')) v (argument, choices);
SELECT is(pg_temp.refusal($$2, sample_weight => 'agee'$$) LIKE '42703 column "agee" of relation % does not exist | %',
    true, 'sample_weight');
SELECT is(pg_temp.refusal(format('2, %s => NULL', argument)),
          format('22004 argument "%s" must not be NULL | Leave the argument out for its default.', argument),
          'NULL where it has no meaning: ' || argument)
  FROM unnest('{scaling,feature_options,max_iter,seed,k_min,replace}'::text[]) argument;
SELECT is(pg_temp.refusal(arguments), '22023 ' || message, arguments)
  FROM (VALUES ('0', 'argument "k" is 0 | It must be at least 1.'),
               ('-1', 'argument "k" is -1 | It must be at least 1.'),
               ('k_min => 0', 'argument "k_min" is 0 | It must be at least 1.'),
               ('k_min => 11', 'argument "k_min" is 11, above "k_max", which is 10 | Give both, with k_min the smaller one.'),
               ('2, n_init => 0', 'argument "n_init" is 0 | It must be from 1 to 10000.'),
               ('2, n_init => 2147483647', 'argument "n_init" is 2147483647 | It must be from 1 to 10000.'),
               ('2, max_iter => 0', 'argument "max_iter" is 0 | It must be at least 1.'),
               ('2, tol => ''NaN''', 'argument "tol" is NaN | It must be a number, at least 0.'),
               ('2, tol => -1', 'argument "tol" is -1 | It must be a number, at least 0.'),
               ('2, min_share => 1.5', 'argument "min_share" is 1.5 | It must be from 0 to 1.'),
               ('2, max_share => 0', 'argument "max_share" is 0 | It must be above 0, at most 1.'),
               ('2, max_share => ''NaN''', 'argument "max_share" is NaN | It must be above 0, at most 1.'),
               ('2, "trim" => 0.6', 'argument "trim" is 0.6 | It must be from 0 to 0.5.'),
               ('2, "trim" => ''NaN''', 'argument "trim" is NaN | It must be from 0 to 0.5.'),
               ('2, model => ''''', 'argument "model" is empty | Leave it out to name the model after the source.'),
               ('2, feature_options => ''[]''', 'argument "feature_options" is a JSON array, not an object | Write feature_options => ''{"feature": {"transform": "log1p"}}''.'),
               ('2, feature_options => ''{"Incom": {}}''', 'argument "feature_options" names "Incom", which is not a feature | Perhaps you meant "Income".'),
               ('2, feature_options => ''{"age": 1}''', 'options of feature "age" are a JSON number, not an object | Write feature_options => ''{"feature": {"transform": "log1p"}}''.'),
               ('2, feature_options => ''{"age": {"wight": 1}}''', 'unrecognized option "wight" of feature "age" | Use one of missing, outliers, outlier_method, outlier_threshold, clip, transform, scaling, weight, max_categories, min_frequency.'),
               ('2, feature_options => ''{"age": {"clip": 0.01}}''', 'option "clip" of feature "age" is a JSON number | It must be two quantiles from 0 to 1 in ascending order, as in {"clip": [0.01, 0.99]}.'),
               ('2, feature_options => ''{"age": {"weight": "1"}}''', 'option "weight" of feature "age" is a JSON string | It must be a number.'),
               ('2, feature_options => ''{"age": {"weight": 0}}''', 'option "weight" of feature "age" is 0 | It must be a positive number. To leave a feature out, do not name it in "features".'),
               ('2, feature_options => ''{"age": {"scaling": null}}''', 'option "scaling" of feature "age" is a JSON null | It must be a string.'),
               ('2, feature_options => ''{"age": {"missing": "guess"}}''', 'unrecognized value "guess" for "missing" of feature "age" | Use one of median, mean, zero, skip, error, category.'),
               ('centroids => ''{1,2,3}''', 'argument "centroids" does not fit the features | Give an array of one row a segment, with one number a feature in each row.'),
               ('centroids => ''{{1,2},{3,4}}''', 'argument "centroids" does not fit the features | Give an array of one row a segment, with one number a feature in each row.'),
               ('3, centroids => ''{{1,2,0},{3,4,1}}''', 'k is 3, but argument "centroids" has 2 rows | Leave k out: it follows from the centroids.'),
               ('centroids => ''{{1,2,0},{NaN,4,1}}''', 'argument "centroids" contains NaN or an infinity | Its values are in the units of the columns.')
       ) v (arguments, message);
SELECT is(pg_temp.refusal($$centroids => '{{1,2,0},{NULL,4,1}}'$$), '22004 argument "centroids" must not contain NULL | ',
    'centroids with NULL');

-- rows

SELECT matches(pg_temp.refusal('21'), '^22023 k is 21, but there are only 20 rows \| Ask for at most \d+ segments', 'k > rows');
SELECT matches(pg_temp.refusal($$13, features => '{Income,age}'$$), '^22023 .*12 distinct.* \| .*12', 'k > distinct rows');
CREATE TABLE nothing (id integer PRIMARY KEY, x float8);
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('nothing', 2)$$), '^22023 relation "nothing" has no rows \| .', 'no rows');
CREATE TABLE unknown (id integer PRIMARY KEY, x float8);
INSERT INTO unknown VALUES (1, NULL), (2, NULL);
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('unknown', 2, missing => 'skip')$$),
    '^22023 all 2 rows of relation "unknown" were skipped \| .', 'all rows skipped');
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('unknown', 2, missing => 'error')$$),
    '^22004 column "x" has missing values: 2 of 2 \| .', 'missing values refused');
CREATE TABLE same (id integer PRIMARY KEY, x integer, y integer);
INSERT INTO same SELECT i, 1, 2 FROM generate_series(1, 5) i;
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('same', 2)$$), '^22023 no feature of relation "same" varies \| .',
    'all features constant');
CREATE TABLE endless (id integer PRIMARY KEY, x float8, y float8);
INSERT INTO endless VALUES (1, 1, 1), (2, 2, '-Infinity'), (3, 3, 3);
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('endless', 2)$$), '^22003 column "y" contains an infinite value \| .',
    'infinity');
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('endless', 2, features => '{x}', transform => 'log1p', key => '{id}', feature_options => '{"x": {"outliers": "keep"}}')$$),
    'no error', 'infinity in a column that is not used');
DELETE FROM endless;
INSERT INTO endless VALUES (1, -1, 1), (2, 2, 2), (3, 3, 3);
SELECT matches(pg_temp.complaint($$SELECT segment_kmeans('endless', 2, model => 'logs', transform => 'log1p')$$),
    '^22003 column "x" contains -1, whose logarithm log1p cannot take \| .', 'log1p of -1');

-- names

CREATE TABLE taken_profile ();
SELECT is(pg_temp.refusal($$2, model => 'taken'$$),
    '42P07 relation "taken_profile" already exists | Choose another name with model => ''...'', or another schema with into_schema => ''...''.',
    'an existing relation that is not ours');
SELECT is(pg_temp.refusal($$2, into_schema => 'nowhere'$$),
    '3F000 schema "nowhere" does not exist | Create it first, or leave into_schema out to use the schema of the source.',
    'an unknown schema');

-- after all that

SELECT is(ARRAY(SELECT relname::text FROM pg_class
                 WHERE relname ~ '_(assignment|profile|members)$' AND relnamespace <> 'segment_internal'::regnamespace AND relname !~ '^(segment|pg)_'
                 ORDER BY 1),
    '{endless_assignment,endless_members,endless_profile,taken_profile}', 'refusals leave no relation behind');
SELECT results_eq('SELECT model FROM segment_models', $$VALUES ('endless')$$, 'nor a model');
SELECT is((SELECT count(*) FROM segment_internal.catalog_run), 1::bigint, 'nor a run');

SELECT lives_ok($$SELECT segment_kmeans('customers', 2)$$, 'a model');
SELECT is(pg_temp.refusal('2'),
    '42710 model "customers" already exists | Fit it anew with replace => true, or refit it with segment_refresh(''customers'').',
    'an existing model');
SELECT is(pg_temp.complaint($$SELECT segment_centroids('costumers')$$),
    '42704 model "costumers" does not exist | Perhaps you meant the model "customers".', 'an unknown model');
SELECT is(pg_temp.complaint($$SELECT segment_predict('zzzzzzzzzzzz', c) FROM customers c$$),
    '42704 model "zzzzzzzzzzzz" does not exist | SELECT model FROM segment_models lists the models.', 'an unknown model far from any');

-- a read-only transaction; writing is checked before anything else

SET LOCAL transaction_read_only = on;
SELECT is(pg_temp.refusal($$2, model => 'other'$$),
    '25006 cannot execute segment_kmeans() in a read-only transaction | segment_describe(), segment_elbow() and segment_predict() only read.',
    'read-only: segment_kmeans');
SELECT is(pg_temp.complaint($$SELECT segment_refresh('customers')$$),
    '25006 cannot execute segment_refresh() in a read-only transaction | segment_describe(), segment_elbow() and segment_predict() only read.',
    'read-only: segment_refresh');
SELECT is((SELECT count(*) FROM segment_elbow('customers', k_max => 4)), 4::bigint, 'read-only: segment_elbow works');
SELECT is((SELECT count(*) FROM segment_describe('customers')), 7::bigint, 'read-only: segment_describe works');
SELECT is((SELECT count(segment_predict('customers', c)) FROM customers c), 20::bigint, 'read-only: segment_predict works');

SELECT * FROM finish();
ROLLBACK;
