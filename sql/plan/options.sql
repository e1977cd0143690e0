-- What the arguments of a job may be.

CREATE FUNCTION segment_internal.choices(argument text) RETURNS text[]
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    SELECT CASE $1
           WHEN 'scaling' THEN '{standard, minmax, robust, maxabs, none}'
           WHEN 'missing' THEN '{median, mean, zero, skip, error, category}'
           WHEN 'outliers' THEN '{keep, clip, skip}'
           WHEN 'outlier_method' THEN '{iqr, zscore}'
           WHEN 'transform' THEN '{auto, none, log1p, yeo-johnson}'
           WHEN 'distance' THEN '{euclidean, cosine}'
           WHEN 'init' THEN '{k-means++, random}'
           WHEN 'assignment' THEN '{table, view, none}'
           WHEN 'category_names' THEN '{value, number}'
           WHEN 'algorithm' THEN '{lloyd, bisecting}'
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
                         'into_schema', 'group_by', 'n_init')
     ORDER BY o.key LIMIT 1;
    IF FOUND THEN
        RAISE null_value_not_allowed USING
            MESSAGE = format('argument "%s" must not be NULL', argument),
            HINT = 'Leave the argument out for its default.';
    END IF;

    FOREACH argument IN ARRAY '{scaling, missing, outliers, outlier_method, transform, distance, init, assignment, category_names, algorithm}'::text[] LOOP
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
                   (10, 'min_frequency', 0, 1e300, 'a share of the rows below 1, or a number of rows'),
                   (11, 'resamples', 0, 1000, 'from 0 to 1000'),
                   (12, 'max_share', 1e-300, 1, 'above 0, at most 1'),
                   (13, 'trim', 0, 0.5, 'from 0 to 0.5'),
                   (14, 'stability', 0, 1, 'from 0 to 1'),
                   (15, 'survival', 0.5, 1, 'from 0.5 to 1'),
                   (16, 'split', 1e-300, 0.5, 'above 0, at most 0.5')) b (n, argument, least, most, range)
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

CREATE FUNCTION segment_internal.check_bisecting(options jsonb) RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    argument text := (SELECT min(o.key) FROM jsonb_each(options) o
                       WHERE o.key IN ('centroids', 'min_share', 'max_share', 'trim', 'group_by') AND o.value NOT IN ('null', '0')
                         AND (o.key, o.value) <> ('max_share', '1'));
BEGIN
    IF options ->> 'algorithm' = 'bisecting' AND argument IS NOT NULL THEN
        RAISE feature_not_supported USING
            MESSAGE = format('argument "%s" does not go with algorithm => ''bisecting''', argument),
            HINT = 'Leave one of them out.';
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_bisecting IS
'Internal: raises if a bisecting fit is given what would undo its tree.';

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
