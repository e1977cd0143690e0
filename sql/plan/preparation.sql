-- How features are prepared.

CREATE FUNCTION segment_internal.check_applies(source regclass, choice segment_internal.choice[], feature_options jsonb)
RETURNS void
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    wrong record;
BEGIN
    SELECT o.key, o.value, h.kind, c.column_name, c.data_type INTO wrong
      FROM unnest(choice) h
      JOIN segment_internal.columns(source) c ON c.column_name = h.column_name
     CROSS JOIN jsonb_each(feature_options -> h.column_name) o
     WHERE CASE WHEN h.kind = 'vector'
                THEN o.key NOT IN ('missing', 'weight') AND (o.key, o.value #>> '{}') NOT IN (('outliers', 'keep'), ('transform', 'none'), ('scaling', 'none'))
                     OR o.key = 'missing' AND o.value #>> '{}' IN ('median', 'category')
                WHEN h.kind = 'category'
                THEN o.key IN ('outliers', 'outlier_method', 'outlier_threshold', 'clip', 'transform')
                ELSE o.key IN ('max_categories', 'min_frequency') OR o.key = 'missing' AND o.value = '"category"' END
     ORDER BY 2, 1 LIMIT 1;
    IF FOUND THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('option "%s"%s of feature "%s" is not for type %s', wrong.key,
                             CASE wrong.key WHEN 'missing' THEN format(' => %s', wrong.value) ELSE '' END, wrong.column_name, wrong.data_type),
            HINT = CASE wrong.kind WHEN 'vector' THEN 'A vector can have a weight, and missing => skip, mean, zero or error: it is taken as it is.'
                   ELSE 'Fences and transforms are for numbers; categories are for texts, enums and booleans that features names.' END;
    END IF;
END
$$;

COMMENT ON FUNCTION segment_internal.check_applies IS
'Internal: raises unless the options of each column are such as its type can have.';

CREATE FUNCTION segment_internal.prepare(source regclass, choice segment_internal.choice[], options jsonb)
RETURNS segment_internal.recipe
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    result segment_internal.recipe;
BEGIN
    PERFORM segment_internal.check_feature_options(options -> 'feature_options',
                                                   ARRAY(SELECT c.column_name FROM unnest(choice) c WHERE c.reason IS NULL));
    PERFORM segment_internal.check_applies(source, choice, options -> 'feature_options');
    result := segment_internal.encode(source, choice, options);
    IF result.features IS NULL THEN
        RAISE invalid_parameter_value USING
            MESSAGE = format('no feature of relation "%s" has a value', (SELECT c.relname FROM pg_class c WHERE c.oid = source)),
            HINT = 'Load it first, or name other columns in features.';
    END IF;

    -- What is 0 or 1 stays so, unless its own options say otherwise. A text that nobody named has half the weight: two
    -- customers who differ in it are then as far apart as two who differ in a flag.
    result.features := ARRAY(
        SELECT ROW(f.feature, f.column_name, f.part, f.encoding,
                   coalesce(own ->> 'missing', alike ->> 'missing'),
                   coalesce(own ->> 'outliers', CASE WHEN own ? 'clip' THEN 'clip' END, alike ->> 'outliers'),
                   w.fence,
                   CASE w.fence WHEN 'quantiles' THEN (own -> 'clip' ->> 0)::float8
                              ELSE coalesce((own ->> 'outlier_threshold')::float8, (options ->> 'outlier_threshold')::float8,
                                            CASE w.fence WHEN 'iqr' THEN 1.5 ELSE 3 END) END,
                   CASE w.fence WHEN 'quantiles' THEN (own -> 'clip' ->> 1)::float8 ELSE 0 END,
                   CASE t.wanted WHEN 'auto' THEN CASE WHEN c.skewed AND s.scaling = 'standard' AND options ->> 'distance' = 'euclidean' THEN 'log1p' ELSE 'none' END
                                 ELSE t.wanted END,
                   s.scaling,
                   coalesce((own ->> 'weight')::float8, CASE WHEN c.kind = 'category' AND options -> 'features' = 'null' THEN 0.5 ELSE 1 END))::segment_internal.preparation
          FROM unnest(result.features) WITH ORDINALITY f
          JOIN unnest(choice) c ON c.column_name = f.column_name
         CROSS JOIN LATERAL (SELECT options -> 'feature_options' -> f.column_name AS own,
                                    CASE WHEN f.encoding IN ('number', 'days', 'interval', 'element')
                                         THEN CASE options ->> 'missing' WHEN 'category' THEN options || '{"missing": "median"}'
                                                                         ELSE options END
                                         WHEN f.encoding IN ('flag', 'boolean') AND options ->> 'missing' = 'category'
                                         THEN '{"missing": "median", "outliers": "keep", "transform": "none", "scaling": "none"}'
                                         WHEN f.encoding = 'vector' AND options ->> 'missing' IN ('median', 'category')
                                         THEN '{"missing": "skip", "outliers": "keep", "transform": "none", "scaling": "none"}'
                                         ELSE options || '{"outliers": "keep", "transform": "none", "scaling": "none"}'
                                         END AS alike) o
         CROSS JOIN LATERAL (SELECT CASE WHEN own ? 'clip' THEN 'quantiles'
                                         ELSE coalesce(own ->> 'outlier_method', options ->> 'outlier_method') END AS fence) w
         CROSS JOIN LATERAL (SELECT coalesce(own ->> 'scaling', alike ->> 'scaling') AS scaling) s
         CROSS JOIN LATERAL (SELECT coalesce(own ->> 'transform', alike ->> 'transform') AS wanted) t
         ORDER BY f.ordinality);
    RETURN result;
END
$$;

COMMENT ON FUNCTION segment_internal.prepare IS 'Internal: the columns of a fit, and how each feature is made of them and prepared.';

CREATE FUNCTION segment_internal.keep_features(recipe segment_internal.recipe, kept integer[]) RETURNS segment_internal.recipe
LANGUAGE sql IMMUTABLE
BEGIN ATOMIC
    WITH feature AS (
        SELECT f.*, k.n IS NOT NULL AS kept
          FROM unnest(($1).features) WITH ORDINALITY f
          LEFT JOIN unnest($2) k (n) ON k.n = f.ordinality
         WHERE k.n IS NOT NULL OR 'skip' IN (f.missing, f.outliers)
    )
    SELECT ROW(ARRAY(SELECT ROW(c.name, c.kind, c.width, c.categories)::segment_internal.source_column
                       FROM unnest(($1).columns) WITH ORDINALITY c
                      WHERE c.name IN (SELECT f.column_name FROM feature f) ORDER BY c.ordinality),
               ARRAY(SELECT ROW(f.feature, f.column_name, f.part, f.encoding, f.missing, f.outliers, f.fence, f.fence_low, f.fence_high,
                                f.transform, f.scaling, CASE WHEN f.kept THEN f.weight ELSE 0 END)::segment_internal.preparation
                       FROM feature f ORDER BY f.kept DESC, f.ordinality))::segment_internal.recipe;
END;

COMMENT ON FUNCTION segment_internal.keep_features IS
'Internal: the recipe of those features alone, given by their numbers, and behind them, without weight, of those of which only the rules are kept that leave rows out.';
