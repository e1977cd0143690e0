-- How features are prepared.

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
