-- The plan of a job: from the arguments to a key, features, their preparation, one query and the names of what will be
-- made. Nothing is written here; every complaint about an argument is raised here, before any work.
--
-- The options of a job travel as one jsonb object, argument name to value; segment_internal.catalog_model.options keeps it for
-- the next fit.

-- The relation.

CREATE FUNCTION segment_internal.check_writable(job text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF pg_is_in_recovery() OR current_setting('transaction_read_only')::boolean THEN
        RAISE read_only_sql_transaction USING
            MESSAGE = format('cannot execute %s() in a read-only transaction', job),
            HINT = 'segment_describe(), segment_elbow() and segment_predict() only read.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_writable IS 'Internal: raises unless this transaction may write.';

CREATE FUNCTION segment_internal.check_source(source regclass) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation pg_class;
BEGIN
    IF source IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = 'argument "source" must not be NULL';
    END IF;
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    IF NOT FOUND THEN
        RAISE undefined_table USING MESSAGE = format('relation with OID %s does not exist', source::oid);
    END IF;
    IF relation.relkind NOT IN ('r', 'p', 'v', 'm', 'f') THEN
        RAISE wrong_object_type USING
            MESSAGE = format('"%s" has no rows to segment', relation.relname),
            HINT = 'Name a table, view, materialized view or foreign table.';
    END IF;
    RETURN relation.relname;
END
$$;

COMMENT ON FUNCTION segment_internal.check_source IS
'Internal: the name of a relation that rows can be selected from.';

CREATE FUNCTION segment_internal.columns(
    source          regclass,
    OUT column_no   integer,
    OUT column_name text,
    OUT data_type   text,
    OUT base_type   regtype,
    OUT kind        text
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH RECURSIVE type AS (
        SELECT a.attnum, a.atttypid AS oid
          FROM pg_attribute a
         WHERE a.attrelid = $1 AND a.attnum > 0 AND NOT a.attisdropped
         UNION ALL
        SELECT d.attnum, t.typbasetype
          FROM type d
          JOIN pg_type t ON t.oid = d.oid AND t.typtype = 'd'
    )
    SELECT a.attnum::integer,
           a.attname::text,
           format_type(a.atttypid, a.atttypmod),
           t.oid::regtype,
           CASE WHEN t.oid = 'boolean'::regtype THEN 'boolean'
                WHEN t.oid IN ('smallint'::regtype, 'integer'::regtype, 'bigint'::regtype, 'real'::regtype,
                               'double precision'::regtype, 'numeric'::regtype) THEN 'number'
                WHEN t.oid IN ('date'::regtype, 'timestamp'::regtype, 'timestamptz'::regtype) THEN 'date'
                WHEN t.oid = 'interval'::regtype THEN 'interval'
                WHEN t.typcategory = 'S' OR t.typtype = 'e' THEN 'category'
                WHEN t.oid IN ('smallint[]'::regtype, 'integer[]'::regtype, 'bigint[]'::regtype, 'real[]'::regtype,
                               'double precision[]'::regtype, 'numeric[]'::regtype) THEN 'array'
                ELSE 'other' END
      FROM pg_attribute a
      JOIN type b ON b.attnum = a.attnum
      JOIN pg_type t ON t.oid = b.oid AND t.typtype <> 'd'
     WHERE a.attrelid = $1
     ORDER BY a.attnum;
END;

COMMENT ON FUNCTION segment_internal.columns IS
'Internal: the columns of a relation in order; base_type and kind (number, boolean, date, interval, category, array or other) look through domains.';

CREATE FUNCTION segment_internal.check_columns(source regclass, names text[], argument text, hint text DEFAULT NULL)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    columns text[] := ARRAY(SELECT c.column_name FROM segment_internal.columns(source) c);
    name    text;
    closest text;
BEGIN
    FOREACH name IN ARRAY names LOOP
        IF name IS NULL THEN
            RAISE null_value_not_allowed USING
                MESSAGE = format('argument "%s" must not contain NULL', argument),
                HINT = 'Name columns of the relation.';
        END IF;
        IF name <> ALL (columns) THEN
            closest := segment_internal.closest(name, columns);
            RAISE undefined_column USING
                MESSAGE = format('column "%s" of relation "%s" does not exist', name, relname),
                HINT = coalesce(hint, 'Perhaps you meant the column "' || closest || '".',
                                format('SELECT column_name FROM segment_describe(%L) lists the columns.', source));
        END IF;
    END LOOP;

    SELECT n INTO name FROM unnest(names) n GROUP BY n HAVING count(*) > 1 ORDER BY n LIMIT 1;
    IF FOUND THEN
        RAISE duplicate_column USING
            MESSAGE = format('column "%s" appears more than once in argument "%s"', name, argument),
            HINT = 'Name each column once.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_columns IS
'Internal: raises unless the names are columns of the relation, each named once.';

CREATE FUNCTION segment_internal.readable(source regclass) RETURNS text[]
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT ARRAY(SELECT c.column_name
                   FROM segment_internal.columns($1) c
                  WHERE has_column_privilege($1, c.column_no::smallint, 'SELECT')
                     OR NOT has_any_column_privilege($1, 'SELECT')
                  ORDER BY c.column_no);
END;

COMMENT ON FUNCTION segment_internal.readable IS
'Internal: the columns of a relation that the caller may read; all where that is none, so that reading them is the error.';

-- Key and features.

CREATE FUNCTION segment_internal.rfm_columns() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT '{recency_days, frequency, monetary, average_order, tenure_days, r_score, f_score, m_score, rfm_score, rfm_segment}'::text[];
END;

COMMENT ON FUNCTION segment_internal.rfm_columns IS
'Internal: the columns of a view made by segment_rfm, after the customer.';

CREATE FUNCTION segment_internal.rfm_key(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT names[:1]
      FROM (SELECT array_agg(c.column_name ORDER BY c.column_no) AS names
              FROM segment_internal.columns($1) c) c
     WHERE names[2:11] = segment_internal.rfm_columns();
$$;

COMMENT ON FUNCTION segment_internal.rfm_key IS
'Internal: the customer column of a relation that begins with the columns of an RFM view: the view itself, a copy, one with more columns; else NULL. Nothing but its columns tells such a view, after a dump and under another name.';

CREATE FUNCTION segment_internal.rfm_scores(source regclass) RETURNS text[]
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT CASE WHEN segment_internal.rfm_key($1) IS NULL THEN '{}' ELSE '{r_score, f_score, m_score}' END::text[];
$$;

COMMENT ON FUNCTION segment_internal.rfm_scores IS
'Internal: the scores of an RFM view, which repeat its figures and are no features unless named; empty for other relations.';

CREATE FUNCTION segment_internal.unique_indexes(source regclass, OUT names text[], OUT not_null boolean)
RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.names, c.not_null
      FROM pg_index i
     CROSS JOIN LATERAL (SELECT array_agg(a.attname::text ORDER BY n) AS names, bool_and(a.attnotnull) AS not_null
                           FROM generate_series(0, i.indnkeyatts - 1) n
                           JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[n]) c
     WHERE i.indrelid = $1 AND i.indisunique AND i.indisvalid AND i.indpred IS NULL AND i.indexprs IS NULL
     ORDER BY i.indisprimary DESC, i.indnkeyatts, i.indexrelid;
END;

COMMENT ON FUNCTION segment_internal.unique_indexes IS
'Internal: the columns of each unique index of a relation, the primary key first, then the narrowest.';

CREATE FUNCTION segment_internal.check_key(source regclass, key text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    complaint text;
BEGIN
    EXECUTE format('SELECT FROM %s WHERE false ORDER BY %s', source, (SELECT string_agg(format('%I', c), ', ') FROM unnest(key) c));
EXCEPTION WHEN undefined_function THEN
    GET STACKED DIAGNOSTICS complaint = MESSAGE_TEXT;
    RAISE feature_not_supported USING
        MESSAGE = format('key (%s) of relation "%s" has a type without an order',
                         (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(key) WITH ORDINALITY u (c, n)),
                         (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
        DETAIL = upper(left(complaint, 1)) || substr(complaint, 2) || '.',
        HINT = 'Name other columns, or cast it to another type in a view, and fit that.';
END
$$;

COMMENT ON FUNCTION segment_internal.check_key IS
'Internal: raises unless the columns can be a primary key by their types.';

CREATE FUNCTION segment_internal.key(source regclass, key text[], required boolean) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation  pg_class;
    found_key text[];
BEGIN
    IF key IS NOT NULL THEN
        PERFORM segment_internal.check_columns(source, key, 'key');
        IF required AND key <> '{}' THEN
            PERFORM segment_internal.check_key(source, key);
        END IF;
        RETURN ARRAY(SELECT unnest(key));
    END IF;

    -- columns of a materialized view are never declared NOT NULL
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    SELECT u.names INTO found_key
      FROM segment_internal.unique_indexes(source) u
     WHERE u.not_null OR relation.relkind = 'm'
     LIMIT 1;
    found_key := coalesce(found_key, segment_internal.rfm_key(source));

    IF found_key IS NULL AND required THEN
        RAISE invalid_table_definition USING
            MESSAGE = format('relation "%s" has no usable key', relation.relname),
            DETAIL = 'It has neither a primary key nor a unique index on NOT NULL columns.',
            HINT = 'Name the key columns with key => ''{...}'', or pass key => ''{}'' to fit a model without an assignment table.';
    END IF;
    RETURN coalesce(found_key, '{}');
END
$$;

COMMENT ON FUNCTION segment_internal.key IS
'Internal: the key columns: as given, else of the primary key, else of the narrowest unique index on NOT NULL columns (of a materialized view: the narrowest unique index), else the customer of an RFM view; empty when there are none and none are required.';

CREATE FUNCTION segment_internal.feature_columns(source regclass, features text[], key text[], exclude text[] DEFAULT NULL)
RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relname text := (SELECT c.relname FROM pg_class c WHERE c.oid = source);
    scores  text[] := segment_internal.rfm_scores(source);
    result  text[];
    wrong   record;
BEGIN
    IF exclude IS NOT NULL THEN
        PERFORM segment_internal.check_columns(source, exclude, 'exclude');
    END IF;
    IF features IS NULL THEN
        result := ARRAY(SELECT c.column_name
                          FROM segment_internal.columns(source) c
                          JOIN unnest(segment_internal.readable(source)) r ON r = c.column_name
                         WHERE c.kind IN ('number', 'boolean') AND c.column_name <> ALL (key || exclude || scores)
                         ORDER BY c.column_no);
        IF result = '{}' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('relation "%s" has no numeric or boolean column beside its key%s', relname,
                                 CASE WHEN exclude <> '{}' THEN ' and those excluded' ELSE '' END),
                HINT = 'Name columns of other types in features, or make numbers of them in a view, and fit that.';
        END IF;
        RETURN result;
    END IF;

    result := ARRAY(SELECT f FROM unnest(features) WITH ORDINALITY u (f, n)
                     WHERE (f <> ALL (exclude)) IS NOT FALSE ORDER BY n);
    IF result = '{}' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "features" is empty',
            HINT = 'Name columns, or leave the argument out to use every numeric and boolean column.';
    END IF;
    PERFORM segment_internal.check_columns(source, result, 'features');

    SELECT c.column_name, c.data_type INTO wrong
      FROM segment_internal.columns(source) c
     WHERE c.kind = 'other' AND c.column_name = ANY (result)
     ORDER BY array_position(result, c.column_name)
     LIMIT 1;
    IF FOUND THEN
        RAISE feature_not_supported USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which cannot be a feature',
                             wrong.column_name, relname, wrong.data_type),
            HINT = 'Make a number or a text of it in a view, and fit that view.';
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.feature_columns IS
'Internal: the columns that become features: as given, else every numeric and boolean column but the key and the scores of an RFM view; without those excluded.';

CREATE FUNCTION segment_internal.check_weight(source regclass, sample_weight text, hint text DEFAULT NULL) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong text;
BEGIN
    IF sample_weight IS NULL THEN
        RETURN;
    END IF;
    PERFORM segment_internal.check_columns(source, ARRAY[sample_weight], 'sample_weight', hint);
    SELECT c.data_type INTO wrong
      FROM segment_internal.columns(source) c
     WHERE c.column_name = sample_weight AND c.kind <> 'number';
    IF FOUND THEN
        RAISE datatype_mismatch USING
            MESSAGE = format('column "%s" of relation "%s" has type %s, which cannot weigh rows', sample_weight,
                             (SELECT c.relname FROM pg_class c WHERE c.oid = source), wrong),
            HINT = 'Name a numeric column in sample_weight.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_weight IS
'Internal: raises unless sample_weight is NULL or names a numeric column.';

-- Options.

CREATE FUNCTION segment_internal.choices(argument text) RETURNS text[]
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE $1
           WHEN 'scaling' THEN '{standard, minmax, robust, maxabs, none}'
           WHEN 'missing' THEN '{median, mean, zero, skip, error, category}'
           WHEN 'outliers' THEN '{keep, clip, skip}'
           WHEN 'outlier_method' THEN '{iqr, zscore}'
           WHEN 'transform' THEN '{none, log1p, yeo-johnson}'
           WHEN 'distance' THEN '{euclidean, cosine}'
           WHEN 'init' THEN '{k-means++, random}'
           WHEN 'assignment' THEN '{table, view, none}'
           WHEN 'category_names' THEN '{value, number}'
           END::text[];
END;

COMMENT ON FUNCTION segment_internal.choices IS
'Internal: the words that an argument may be; NULL for an argument that is not a word.';

CREATE FUNCTION segment_internal.check_choice(place text, value text, choices text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF value IS NULL THEN
        RAISE null_value_not_allowed USING MESSAGE = format('%s must not be NULL', place);
    ELSIF value <> ALL (choices) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('unrecognized value "%s" for %s', value, place),
            HINT = format('Use one of %s.', array_to_string(choices, ', '));
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_choice IS 'Internal: raises unless a word is one that an argument or option may be.';

CREATE FUNCTION segment_internal.check_options(options jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument text;
    wrong    record;
BEGIN
    SELECT o.key INTO argument
      FROM jsonb_each(options) o
     WHERE o.value = 'null'
       AND o.key NOT IN ('k', 'features', 'exclude', 'model', 'key', 'outlier_threshold', 'sample_weight', 'centroids',
                         'into_schema')
     ORDER BY o.key LIMIT 1;
    IF FOUND THEN
        RAISE null_value_not_allowed USING
            MESSAGE = format('argument "%s" must not be NULL', argument),
            HINT = 'Leave the argument out for its default.';
    END IF;

    FOREACH argument IN ARRAY '{scaling, missing, outliers, outlier_method, transform, distance, init, assignment, category_names}'::text[] LOOP
        CONTINUE WHEN NOT options ? argument;       -- an elbow takes fewer
        PERFORM segment_internal.check_choice(format('argument "%s"', argument), options ->> argument,
                                                          segment_internal.choices(argument));
    END LOOP;

    -- NaN sorts above every number, so the upper bounds refuse it
    SELECT b.* INTO wrong
      FROM (VALUES (1, 'k', 1, 'Infinity'::float8, 'at least 1'),
                   (2, 'k_min', 1, 'Infinity', 'at least 1'),
                   (3, 'k_max', 1, 'Infinity', 'at least 1'),
                   (4, 'n_init', 1, 10000, 'from 1 to 10000'),
                   (5, 'max_iter', 1, 'Infinity', 'at least 1'),
                   (6, 'tol', 0, 1e308, 'a number, at least 0'),
                   (7, 'min_share', 0, 1, 'from 0 to 1'),
                   (8, 'outlier_threshold', 0, 1e300, 'a number, at least 0'),
                   (9, 'max_categories', 1, 1000, 'from 1 to 1000'),
                   (10, 'min_frequency', 0, 1e300, 'a share of the rows below 1, or a number of rows')) b (n, argument, least, most, range)
     WHERE NOT (options ->> b.argument)::float8 BETWEEN b.least AND b.most
     ORDER BY b.n LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "%s" is %s', wrong.argument, options ->> wrong.argument),
            HINT = format('It must be %s.', wrong.range);
    END IF;
    IF (options ->> 'k_min')::integer > (options ->> 'k_max')::integer THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "k_min" is %s, above "k_max", which is %s',
                             options ->> 'k_min', options ->> 'k_max'),
            HINT = 'Give both, with k_min the smaller one.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_options IS
'Internal: raises unless the options of a job are within what the arguments allow.';

CREATE FUNCTION segment_internal.check_feature_option(place text, key text, value jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    rule record;
BEGIN
    -- each key with its JSON type and, for a number, its range
    SELECT r.* INTO rule
      FROM (VALUES (1, 'missing', 'string', NULL::numeric, NULL::numeric, NULL),
                   (2, 'outliers', 'string', NULL, NULL, NULL),
                   (3, 'outlier_method', 'string', NULL, NULL, NULL),
                   (4, 'outlier_threshold', 'number', 0, 1e300, 'It must be at least 0.'),
                   (5, 'clip', 'array', NULL, NULL, 'It must be two quantiles from 0 to 1 in ascending order, as in {"clip": [0.01, 0.99]}.'),
                   (6, 'transform', 'string', NULL, NULL, NULL),
                   (7, 'scaling', 'string', NULL, NULL, NULL),
                   (8, 'weight', 'number', 1e-300, 1e300, 'It must be a positive number. To leave a feature out, do not name it in "features".'),
                   (9, 'max_categories', 'number', 1, 1000, 'It must be from 1 to 1000.'),
                   (10, 'min_frequency', 'number', 0, 1e300, 'It must be a share of the rows below 1, or a number of rows.')
           ) r (n, key, type, least, most, hint)
     WHERE r.key = $2;
    IF NOT FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('unrecognized option %s', place),
            HINT = 'Use one of missing, outliers, outlier_method, outlier_threshold, clip, transform, scaling, weight, max_categories, min_frequency.';
    ELSIF jsonb_typeof(value) <> rule.type THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option %s is a JSON %s', place, jsonb_typeof(value)),
            HINT = CASE rule.type WHEN 'array' THEN rule.hint ELSE format('It must be a %s.', rule.type) END;
    ELSIF rule.type = 'string' THEN
        PERFORM segment_internal.check_choice(place, value #>> '{}', segment_internal.choices(key));
    ELSIF rule.type = 'number' AND NOT (value #>> '{}')::numeric BETWEEN rule.least AND rule.most THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option %s is %s', place, value),
            HINT = rule.hint;
    ELSIF key = 'clip' AND (jsonb_path_exists(value, '$[*] ? (@.type() != "number" || @ < 0 || @ > 1)')
                            OR jsonb_array_length(value) <> 2 OR value -> 0 >= value -> 1) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option %s is %s', place, value),
            HINT = rule.hint;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_feature_option IS
'Internal: raises unless an option of a feature is one that there is, with a value that it may have.';

CREATE FUNCTION segment_internal.check_feature_options(feature_options jsonb, features text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    entry   record;
    closest text;
BEGIN
    IF jsonb_typeof(feature_options) <> 'object' THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('argument "feature_options" is a JSON %s, not an object', jsonb_typeof(feature_options)),
            HINT = 'Write feature_options => ''{"feature": {"transform": "log1p"}}''.';
    END IF;

    FOR entry IN SELECT f.key AS feature, f.value FROM jsonb_each(feature_options) f ORDER BY 1 LOOP
        IF entry.feature <> ALL (features) THEN
            closest := segment_internal.closest(entry.feature, features);
            RAISE invalid_parameter_value USING
                MESSAGE = format('argument "feature_options" names "%s", which is not a feature', entry.feature),
                HINT = coalesce('Perhaps you meant "' || closest || '".', 'Name it in "features" too.');
        END IF;
        IF jsonb_typeof(entry.value) <> 'object' THEN
            RAISE invalid_parameter_value USING
                MESSAGE = format('options of feature "%s" are a JSON %s, not an object',
                                 entry.feature, jsonb_typeof(entry.value)),
                HINT = 'Write feature_options => ''{"feature": {"transform": "log1p"}}''.';
        END IF;
    END LOOP;

    FOR entry IN SELECT f.key AS feature, o.key, o.value
                   FROM jsonb_each(feature_options) f, jsonb_each(f.value) o ORDER BY 1, 2
    LOOP
        PERFORM segment_internal.check_feature_option(format('"%s" of feature "%s"', entry.key, entry.feature),
                                                                  entry.key, entry.value);
    END LOOP;
END
$$;

COMMENT ON FUNCTION segment_internal.check_feature_options IS
'Internal: raises unless feature_options is an object of features, each with known options.';

-- The preparation.

CREATE FUNCTION segment_internal.categories(
    source         regclass,
    column_name    text,
    most           integer,
    min_frequency  float8,
    missing        boolean,
    OUT categories text[],
    OUT others     boolean,
    OUT nulls      boolean,
    OUT key_like   bigint
) RETURNS record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    -- a text that reads like the name of what we make counts as that
    EXECUTE format(
        'WITH v AS (SELECT %I::text COLLATE "C" AS value, count(*) AS rows FROM %s GROUP BY 1),'
        '     r AS (SELECT value, rows, row_number() OVER (ORDER BY rows DESC, value) AS rank FROM v'
        '            WHERE value <> ''(other)'' AND NOT ($3 AND value = ''(missing)'')),'
        '     k AS (SELECT value, rank FROM r'
        '            WHERE rank <= $1 AND rows >= CASE WHEN $2 < 1 THEN $2 * (SELECT sum(rows) FROM v) ELSE $2 END)'
        'SELECT ARRAY(SELECT value FROM k ORDER BY rank),'
        '       count(*) FILTER (WHERE value IS NOT NULL AND NOT ($3 AND value = ''(missing)'')) > (SELECT count(*) FROM k),'
        '       $3 AND count(*) FILTER (WHERE value IS NULL OR value = ''(missing)'') > 0,'
        '       CASE WHEN max(rows) FILTER (WHERE value IS NOT NULL) = 1 THEN count(value) END'
        '  FROM v', column_name, source)
       INTO categories, others, nulls, key_like USING most, min_frequency, missing;
END
$$;

COMMENT ON FUNCTION segment_internal.categories IS
'Internal: the values of a column that become features, the most common first; whether there are others and nulls; how many values there are, if all are distinct.';

CREATE FUNCTION segment_internal.encode_category(source regclass, column_name text, options jsonb)
RETURNS segment_internal.encoding
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    found  record := segment_internal.categories(source, column_name,
        (options ->> 'max_categories')::numeric::integer, (options ->> 'min_frequency')::float8,
        options ->> 'missing' = 'category');
    width  integer := cardinality(found.categories);
    result segment_internal.encoding;
BEGIN
    IF found.key_like > 2 AND (SELECT t.typcategory = 'S'
                                 FROM segment_internal.columns(source) c
                                 JOIN pg_type t ON t.oid = c.base_type
                                WHERE c.column_name = $2) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('column "%s" of relation "%s" looks like a key: its %s values are all distinct',
                             column_name, (SELECT c.relname FROM pg_class c WHERE c.oid = source), found.key_like),
            HINT = 'Leave it out of features, or make groups of its values in a view.';
    END IF;
    SELECT 'category', found.categories, array_agg(column_name || '=' || e.name ORDER BY e.n), array_agg(e.n ORDER BY e.n),
           array_agg(e.encoding ORDER BY e.n)
      INTO result
      FROM (SELECT u.n::integer, u.name, 'category' AS encoding FROM unnest(found.categories) WITH ORDINALITY u (name, n)
             UNION ALL SELECT width + 1, '(other)', 'other' WHERE found.others
             UNION ALL SELECT width + 2, '(missing)', 'missing' WHERE found.nulls) e;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_category IS
'Internal: a feature a value of the column, then one for all others and one for missing values, where there are such.';

CREATE FUNCTION segment_internal.encode_array(source regclass, column_name text) RETURNS segment_internal.encoding
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    width  integer;
    result segment_internal.encoding;
BEGIN
    EXECUTE format('SELECT cardinality(%1$I) FROM %2$s WHERE %1$I IS NOT NULL LIMIT 1', column_name, source) INTO width;
    SELECT 'array', '{}', array_agg(format('%s[%s]', column_name, i) ORDER BY i), array_agg(i ORDER BY i),
           array_agg('element'::text)
      INTO result
      FROM generate_series(1, width) i;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode_array IS 'Internal: a feature an element of the column''s arrays.';

CREATE FUNCTION segment_internal.encode(source regclass, columns text[], named boolean, options jsonb)
RETURNS segment_internal.encoding[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result  segment_internal.encoding[] := '{}';
    input   record;
    encoded segment_internal.encoding;
BEGIN
    FOR input IN SELECT c.column_name AS name, c.kind, options -> 'feature_options' -> c.column_name AS own
                   FROM segment_internal.columns(source) c
                  WHERE c.column_name = ANY (columns)
                  ORDER BY array_position(columns, c.column_name)
    LOOP
        IF input.kind = 'category' OR (input.kind = 'boolean' AND named) THEN
            encoded := segment_internal.encode_category(source, input.name, options || coalesce(input.own, '{}'));
        ELSIF input.kind = 'array' THEN
            encoded := segment_internal.encode_array(source, input.name);
        ELSE
            encoded := ROW('number', '{}', ARRAY[input.name], '{1}',
                           ARRAY[CASE input.kind WHEN 'date' THEN 'days' ELSE input.kind END]);
        END IF;
        result := result || encoded;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.encode IS
'Internal: the features that each of the columns becomes. Booleans are encoded as categories where they were named, as 0 and 1 where they were not.';

CREATE FUNCTION segment_internal.check_applies(source regclass, columns text[], named boolean, feature_options jsonb)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT o.key, c.column_name, c.data_type INTO wrong
      FROM segment_internal.columns(source) c, jsonb_each(feature_options -> c.column_name) o
     WHERE c.column_name = ANY (columns)
       AND CASE WHEN c.kind = 'category' OR c.kind = 'boolean' AND named
                THEN o.key IN ('outliers', 'outlier_method', 'outlier_threshold', 'clip', 'transform')
                ELSE o.key IN ('max_categories', 'min_frequency') OR o.key = 'missing' AND o.value = '"category"' END
     ORDER BY 2, 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option "%s"%s of feature "%s" is not for type %s', wrong.key,
                             CASE wrong.key WHEN 'missing' THEN ' => "category"' ELSE '' END, wrong.column_name, wrong.data_type),
            HINT = 'Fences and transforms are for numbers; categories are for texts, enums and booleans that features names.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_applies IS
'Internal: raises unless the options of each column are such as its type can have.';

CREATE FUNCTION segment_internal.prepare(source regclass, columns text[], options jsonb)
RETURNS segment_internal.preparation
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    named   boolean := options -> 'features' <> 'null';
    encoded segment_internal.encoding[];
    result  segment_internal.preparation;
BEGIN
    PERFORM segment_internal.check_feature_options(options -> 'feature_options', columns);
    PERFORM segment_internal.check_applies(source, columns, named, options -> 'feature_options');
    encoded := segment_internal.encode(source, columns, named, options);

    -- what is 0 or 1 stays so, unless its own options say otherwise
    WITH feature AS (
        SELECT row_number() OVER (ORDER BY e.n, u.part) AS n, e.n AS column_no, u.*, o.*,
               CASE WHEN own ? 'clip' THEN 'quantiles'
                    ELSE coalesce(own ->> 'outlier_method', options ->> 'outlier_method') END AS fence
          FROM unnest(encoded) WITH ORDINALITY e (kind, category, feature, part, encoding, n)
         CROSS JOIN LATERAL unnest(e.feature, e.part, e.encoding) AS u (name, part, encoding)
         CROSS JOIN LATERAL (SELECT options -> 'feature_options' -> columns[e.n] AS own,
                                    CASE WHEN u.encoding IN ('number', 'days', 'interval', 'element')
                                         THEN CASE options ->> 'missing' WHEN 'category' THEN options || '{"missing": "median"}'
                                                                         ELSE options END
                                         WHEN u.encoding = 'boolean' AND options ->> 'missing' = 'category'
                                         THEN '{"missing": "median", "outliers": "keep", "transform": "none", "scaling": "none"}'
                                         ELSE options || '{"outliers": "keep", "transform": "none", "scaling": "none"}'
                                         END AS alike) o
    )
    SELECT columns,
           (SELECT array_agg(e.kind ORDER BY n) FROM unnest(encoded) WITH ORDINALITY e (kind, category, feature, part, encoding, n)),
           (SELECT array_agg(CASE e.kind WHEN 'category' THEN cardinality(e.category)
                                  ELSE coalesce(cardinality(e.feature), 0) END ORDER BY n)
              FROM unnest(encoded) WITH ORDINALITY e (kind, category, feature, part, encoding, n)),
           ARRAY(SELECT c
                   FROM unnest(encoded) WITH ORDINALITY e (kind, category, feature, part, encoding, n)
                  CROSS JOIN LATERAL unnest(e.category) WITH ORDINALITY u (c, i) ORDER BY e.n, u.i),
           array_agg(f.name ORDER BY f.n),
           array_agg(f.column_no ORDER BY f.n),
           array_agg(f.part ORDER BY f.n),
           array_agg(f.encoding ORDER BY f.n),
           array_agg(coalesce(own ->> 'missing', alike ->> 'missing') ORDER BY f.n),
           array_agg(coalesce(own ->> 'outliers', CASE WHEN own ? 'clip' THEN 'clip' END, alike ->> 'outliers') ORDER BY f.n),
           array_agg(fence ORDER BY f.n),
           array_agg(CASE fence WHEN 'quantiles' THEN (own -> 'clip' ->> 0)::float8
                     ELSE coalesce((own ->> 'outlier_threshold')::float8, (options ->> 'outlier_threshold')::float8,
                                   CASE fence WHEN 'iqr' THEN 1.5 ELSE 3 END) END ORDER BY f.n),
           array_agg(CASE fence WHEN 'quantiles' THEN (own -> 'clip' ->> 1)::float8 ELSE 0 END ORDER BY f.n),
           array_agg(coalesce(own ->> 'transform', alike ->> 'transform') ORDER BY f.n),
           array_agg(coalesce(own ->> 'scaling', alike ->> 'scaling') ORDER BY f.n),
           array_agg(coalesce((own ->> 'weight')::float8, 1) ORDER BY f.n)
      INTO result
      FROM feature f;
    IF result.features IS NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('no feature of relation "%s" has a value', (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
            HINT = 'Load it first, or name other columns in features.';
    END IF;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.prepare IS 'Internal: the columns of a fit, and how each feature is made of them and prepared.';

CREATE FUNCTION segment_internal.skip_rules(p segment_internal.preparation, kept integer[]) RETURNS integer[]
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT ARRAY(SELECT u.n::integer
                   FROM unnest(($1).missing, ($1).outliers) WITH ORDINALITY AS u (missing, outliers, n)
                  WHERE 'skip' IN (u.missing, u.outliers) AND u.n <> ALL ($2)
                  ORDER BY u.n);
END;

COMMENT ON FUNCTION segment_internal.skip_rules IS
'Internal: the numbers of the features that are not kept, but may leave rows out.';

CREATE FUNCTION segment_internal.keep_features(p segment_internal.preparation, kept integer[], rules integer[] DEFAULT '{}')
RETURNS segment_internal.preparation
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    -- columns of which nothing is kept go, and the others move up
    WITH source_column AS (
        SELECT u.*, row_number() OVER (ORDER BY u.n) AS place
          FROM (SELECT u.name, u.kind, u.width, u.n,
                       sum(CASE u.kind WHEN 'category' THEN u.width ELSE 0 END) OVER (ORDER BY u.n) AS categories_end
                  FROM unnest(($1).columns, ($1).kinds, ($1).widths) WITH ORDINALITY AS u (name, kind, width, n)) u
         WHERE u.n IN (SELECT ($1).column_no[i] FROM unnest($2 || $3) i)
    ), feature AS (
        SELECT i, n FROM unnest($2 || $3) WITH ORDINALITY u (i, n)
    )
    SELECT ROW((SELECT array_agg(c.name ORDER BY c.n) FROM source_column c),
               (SELECT array_agg(c.kind ORDER BY c.n) FROM source_column c),
               (SELECT array_agg(c.width ORDER BY c.n) FROM source_column c),
               ARRAY(SELECT ($1).categories[i]
                       FROM source_column c
                      CROSS JOIN LATERAL generate_series(c.categories_end - c.width + 1, c.categories_end) i
                      WHERE c.kind = 'category' ORDER BY i),
               array_agg(($1).features[f.i] ORDER BY f.n),
               array_agg(c.place::integer ORDER BY f.n),
               array_agg(($1).part[f.i] ORDER BY f.n),
               array_agg(($1).encoding[f.i] ORDER BY f.n),
               array_agg(($1).missing[f.i] ORDER BY f.n),
               array_agg(($1).outliers[f.i] ORDER BY f.n),
               array_agg(($1).fence[f.i] ORDER BY f.n),
               array_agg(($1).fence_low[f.i] ORDER BY f.n),
               array_agg(($1).fence_high[f.i] ORDER BY f.n),
               array_agg(($1).transform[f.i] ORDER BY f.n),
               array_agg(($1).scaling[f.i] ORDER BY f.n),
               array_agg(CASE WHEN f.n <= cardinality($2) THEN ($1).weight[f.i] ELSE 0 END ORDER BY f.n))::segment_internal.preparation
      FROM feature f
      JOIN source_column c ON c.n = ($1).column_no[f.i];
END;

COMMENT ON FUNCTION segment_internal.keep_features IS
'Internal: the preparation of those features alone, given by their numbers, and behind them, without weight, of those of which only the rules are kept that leave rows out.';

CREATE FUNCTION segment_internal.check_centroids(centroids float8[], k integer, features text[]) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    IF EXISTS (SELECT FROM unnest(centroids) value WHERE value IS NULL) THEN
        RAISE null_value_not_allowed USING
            MESSAGE = 'argument "centroids" must not contain NULL';
    END IF;
    IF EXISTS (SELECT FROM unnest(centroids) value WHERE value IN ('NaN', 'Infinity', '-Infinity')) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "centroids" contains NaN or an infinity',
            HINT = 'Its values are in the units of the columns.';
    END IF;
    IF array_ndims(centroids) IS DISTINCT FROM 2 OR array_length(centroids, 2) <> cardinality(features) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = 'argument "centroids" does not fit the features',
            DETAIL = format('Its dimensions are %s; there are %s features.',
                            coalesce(array_dims(centroids), 'none'), cardinality(features)),
            HINT = 'Give an array of one row a segment, with one number a feature in each row.';
    END IF;
    IF k <> array_length(centroids, 1) THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('k is %s, but argument "centroids" has %s rows', k, array_length(centroids, 1)),
            HINT = 'Leave k out: it follows from the centroids.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_centroids IS
'Internal: raises unless the centroids are an array of k rows of one number a feature.';

CREATE FUNCTION segment_internal.resolve_options(options jsonb, features text[]) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    centroids float8[];
BEGIN
    IF options -> 'centroids' <> 'null' THEN
        SELECT o.centroids INTO centroids FROM jsonb_to_record(options) AS o (centroids float8[]);
        PERFORM segment_internal.check_centroids(centroids, (options ->> 'k')::integer, features);
        options := options || jsonb_build_object('k', array_length(centroids, 1), 'n_init', 1);
    END IF;
    IF options -> 'k' <> 'null' THEN
        options := options || jsonb_build_object('k_min', options -> 'k', 'k_max', options -> 'k');
    END IF;
    RETURN options;
END
$$;

COMMENT ON FUNCTION segment_internal.resolve_options IS
'Internal: the options with what follows from k and from starting centroids: k_min, k_max, n_init.';

CREATE FUNCTION segment_internal.query(source regclass, key text[], columns text[]) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    SELECT format('SELECT %s FROM %s', string_agg(format('%I', c), ', ' ORDER BY n), $1)
      FROM unnest($2 || $3) WITH ORDINALITY u (c, n);
$$;

COMMENT ON FUNCTION segment_internal.query IS
'Internal: the SELECT of a job: the key columns, then others.';

-- The names of what is made.

CREATE FUNCTION segment_internal.unique_name(base text, suffix text, taken text[], number integer DEFAULT 1)
RETURNS text
LANGUAGE plpgsql STABLE STRICT SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    most   integer := current_setting('max_identifier_length')::integer;
    tail   text := suffix;
    head   text;
    result text;
BEGIN
    LOOP
        IF octet_length(tail) >= most THEN
            RAISE name_too_long USING MESSAGE = format('no name can end in "%s"', tail);
        END IF;
        head := left(base, most - octet_length(tail));
        WHILE octet_length(head) + octet_length(tail) > most LOOP
            head := left(head, -1);
        END LOOP;
        result := head || tail;
        EXIT WHEN (result = ANY (taken)) IS NOT TRUE;
        tail := '_' || number || suffix;
        number := number + 1;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.unique_name IS
'Internal: base and suffix as one identifier that is not taken, shortened between characters and numbered, from number on, where needed.';

CREATE FUNCTION segment_internal.own_names(model text, wanted text[], taken text[]) RETURNS text[]
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result text[] := '{}';
    name   text;
BEGIN
    FOREACH name IN ARRAY wanted LOOP
        IF name = ANY (taken) THEN
            name := segment_internal.unique_name(model, '_' || name, taken || wanted || result);
        END IF;
        result := result || name;
    END LOOP;
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.own_names IS
'Internal: names for columns of ours; one that is taken by a column of the source gets the model''s name in front.';

CREATE FUNCTION segment_internal.output_name(schema text, model text, suffix text, own regclass[] DEFAULT '{}')
RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wanted text := model || suffix;
    other  regclass := to_regclass(format('%I.%I', schema, wanted));
BEGIN
    IF octet_length(wanted) > current_setting('max_identifier_length')::integer THEN
        RETURN segment_internal.unique_name(model, suffix,
            ARRAY(SELECT c.relname::text
                    FROM pg_class c
                   WHERE c.relnamespace = coalesce(to_regnamespace(quote_ident(schema)), pg_my_temp_schema())
                     AND c.oid <> ALL (own)));
    END IF;
    IF other IS NOT NULL AND other <> ALL (own) THEN
        RAISE duplicate_table USING
            MESSAGE = format('relation "%s" already exists', wanted),
            DETAIL = format('It does not belong to model "%s".', model),
            HINT = 'Choose another name with model => ''...'', or another schema with into_schema => ''...''.';
    END IF;
    RETURN wanted;
END
$$;

COMMENT ON FUNCTION segment_internal.output_name IS
'Internal: the name of a relation of a model that is still to be made; own are relations that will have gone by then.';

CREATE FUNCTION segment_internal.output_schema(source regclass, into_schema text) RETURNS text
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    relation  pg_class;
    namespace pg_namespace;
BEGIN
    SELECT * INTO relation FROM pg_class c WHERE c.oid = source;
    IF relation.relpersistence = 't' THEN
        IF coalesce(into_schema, 'pg_temp') <> 'pg_temp' THEN
            RAISE invalid_table_definition USING
                MESSAGE = format('cannot put a model of temporary relation "%s" into schema "%s"',
                                 relation.relname, into_schema),
                HINT = 'Leave into_schema out: the model is temporary too.';
        END IF;
        into_schema := 'pg_temp';
    END IF;
    IF into_schema = 'pg_temp' THEN
        RETURN into_schema;
    END IF;

    SELECT * INTO namespace
      FROM pg_namespace n
     WHERE CASE WHEN into_schema IS NULL THEN n.oid = relation.relnamespace ELSE n.nspname = into_schema END;
    IF NOT FOUND THEN
        RAISE invalid_schema_name USING
            MESSAGE = format('schema "%s" does not exist', into_schema),
            HINT = 'Create it first, or leave into_schema out to use the schema of the source.';
    END IF;
    IF NOT has_schema_privilege(namespace.oid, 'CREATE') OR namespace.nspname = 'pg_catalog' THEN
        RAISE insufficient_privilege USING
            MESSAGE = format('permission denied for schema %s', namespace.nspname),
            DETAIL = 'The relations of the model would be created there.',
            HINT = 'Name a schema in which you may create with into_schema => ''...''.';
    END IF;
    RETURN namespace.nspname;
END
$$;

COMMENT ON FUNCTION segment_internal.output_schema IS
'Internal: the schema of a model''s relations: as given, else the source''s; pg_temp for a temporary source.';

-- One job at a time works on a model; others wait until its transaction ends. These locks are none that SQL can take
-- by itself: a model's takes its owner, a name's the right to create in the schema.

CREATE FUNCTION segment_internal.lock_model(model_id bigint) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_lock_model';

COMMENT ON FUNCTION segment_internal.lock_model IS 'Internal: waits for other jobs on a model that the caller owns.';

CREATE FUNCTION segment_internal.lock_name(schema text, name text) RETURNS void
LANGUAGE c VOLATILE AS 'MODULE_PATHNAME', 'segment_internal_lock_name';

COMMENT ON FUNCTION segment_internal.lock_name IS
'Internal: waits for other fits that are making a model of this name in a schema in which the caller may create.';

CREATE FUNCTION segment_internal.existing(schema text, model text) RETURNS segment_internal.catalog_model
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp AS $$
    -- of those moved into one schema, as names are found (segment_internal.model_on_path)
    SELECT m
      FROM segment_internal.catalog_live l
      JOIN segment_internal.catalog_model m USING (model_id)
      JOIN pg_class c ON c.oid = m.profile
      JOIN pg_roles r ON r.rolname = current_user
     WHERE l.schema = $1 AND l.name = $2
     ORDER BY l.owner = r.oid OR NOT r.rolsuper AND pg_has_role(l.owner, 'USAGE') DESC, c.relname = l.name || '_profile' DESC,
              m.model_id
     LIMIT 1;
$$;

COMMENT ON FUNCTION segment_internal.existing IS 'Internal: the model of this name in this schema; NULL: none.';
