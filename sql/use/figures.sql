-- The figures of a model. The bodies are SQL-standard: their names are bound here and not through the caller's search_path.
-- Left joins, for what does not exist must be an error: a plan could begin with another relation, find no row in it and
-- never ask for the model.

CREATE FUNCTION @extschema@.segment_centroids(
    model text,
    OUT segment integer,
    OUT feature text,
    OUT value   float8,
    OUT scaled  float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT c.segment, f.feature, c.value[f.feature_no], c.scaled[f.feature_no]
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_centroid c ON c.model_id = m.model_id AND c.run = m.run
      LEFT JOIN segment_internal.catalog_feature f ON f.model_id = m.model_id AND f.run = m.run
     ORDER BY c.segment, f.feature_no;
END;

COMMENT ON FUNCTION @extschema@.segment_centroids IS
'The centroids of a model, a row a segment and feature: value in original units, scaled as distances are computed.';

CREATE FUNCTION segment_internal.figures(
    m segment_internal.catalog_model,
    OUT segment integer, OUT label text, OUT rows bigint, OUT share float8, OUT feature_no integer, OUT feature text,
    OUT mean float8, OUT median float8, OUT stddev float8, OUT min float8, OUT max float8,
    OUT population_mean float8, OUT population_stddev float8, OUT population_min float8, OUT population_max float8, OUT index float8, OUT z float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.segment, s.label, s.rows, s.share, f.feature_no, f.feature, s.mean[f.feature_no], s.median[f.feature_no],
           s.stddev[f.feature_no], s.min[f.feature_no], s.max[f.feature_no], f.mean, f.stddev, f.min, f.max,
           segment_internal.index(s.mean[f.feature_no], segment_internal.index_base(f.mean, f.min, f.max)),
           segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev)
      FROM segment_internal.catalog_segment s
      JOIN segment_internal.catalog_feature f ON f.model_id = s.model_id AND f.run = ($1).run
     WHERE s.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.figures IS 'Internal: the figures of each feature in each segment of the current run, beside those of all rows.';

CREATE FUNCTION @extschema@.segment_profile(
    model text,
    OUT segment         integer,
    OUT label           text,
    OUT rows            bigint,
    OUT share           float8,
    OUT feature         text,
    OUT mean            float8,
    OUT median          float8,
    OUT stddev          float8,
    OUT min             float8,
    OUT max             float8,
    OUT population_mean float8,
    OUT index           float8,
    OUT z               float8,
    OUT bar             text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT f.segment, f.label, f.rows, f.share, f.feature, f.mean, f.median, f.stddev, f.min, f.max, f.population_mean, f.index, f.z,
           segment_internal.text_bar_beside(f.z, max(abs(f.z)) OVER ())
      FROM segment_internal.model($1) m
      LEFT JOIN LATERAL segment_internal.figures(m) f ON true
     ORDER BY f.segment, f.feature_no;
END;

COMMENT ON FUNCTION @extschema@.segment_profile IS
'The figures of a model, a row a segment and feature, original units: index is the mean as a percentage of the mean of all rows, NULL where values have both signs, z its distance from that mean in standard deviations of all rows, bar the latter, beside the largest.';

CREATE FUNCTION @extschema@.segment_recipe(
    model text,
    OUT feature       text,
    OUT source_column text,
    OUT step          text,
    OUT parameter     text,
    OUT value         text
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT s.feature, s.source_column, s.step, s.parameter, s.value
      FROM segment_internal.ungrouped(segment_internal.model($1), 'recipe') m
      LEFT JOIN LATERAL (
           SELECT f.feature_no, f.feature, f.source_column, p.n, p.step, p.parameter, p.value
             FROM segment_internal.catalog_feature f
            CROSS JOIN LATERAL (VALUES
                      (1, 'encode', CASE f.encoding WHEN 'boolean' THEN 'true' WHEN 'days' THEN 'days since' WHEN 'interval' THEN 'unit'
                                         WHEN 'element' THEN 'element' ELSE 'category' END,
                                    CASE f.encoding WHEN 'boolean' THEN '1' WHEN 'days' THEN '1970-01-01' WHEN 'interval' THEN 'days'
                                         WHEN 'other' THEN '(other)' WHEN 'missing' THEN '(missing)' ELSE f.part END,
                                    f.encoding NOT IN ('number', 'flag', 'vector')),
                      (2, 'impute', 'rule', CASE WHEN f.encoding IN ('category', 'other') AND f.missing = 'median'
                                                 THEN 'most common' ELSE f.missing END, true),
                      (3, 'impute', 'fill', f.fill::text, f.fill IS NOT NULL),
                      (4, 'fence', 'rule', f.outliers, f.outliers <> 'keep'),
                      (5, 'fence', 'method', f.fence, f.outliers <> 'keep'),
                      (6, 'fence', CASE f.fence WHEN 'quantiles' THEN 'lower quantile' ELSE 'threshold' END,
                                   f.fence_low::text, f.outliers <> 'keep'),
                      (7, 'fence', 'upper quantile', f.fence_high::text, f.outliers <> 'keep' AND f.fence = 'quantiles'),
                      (8, 'fence', 'lower', f.lower::text, f.lower IS NOT NULL),
                      (9, 'fence', 'upper', f.upper::text, f.upper IS NOT NULL),
                      (10, 'transform', 'method', f.transform, f.transform <> 'none'),
                      (11, 'transform', 'lambda', f.lambda::text, f.lambda IS NOT NULL),
                      (12, 'scale', 'method', f.scaling, true),
                      (13, 'scale', 'center', f.center::text, true),
                      (14, 'scale', 'scale', f.scale::text, true),
                      (15, 'weight', 'weight', f.weight::text, true)
                  ) p (n, step, parameter, value, applies)
            WHERE f.model_id = m.model_id AND f.run = m.run AND p.applies
            UNION ALL
           SELECT NULL, NULL, NULL, 16, 'normalize', 'length', '1'
            WHERE m.options ->> 'distance' = 'cosine') s ON true
     ORDER BY s.feature_no, s.n;
END;

COMMENT ON FUNCTION @extschema@.segment_recipe IS
'How the current run of a model prepares a row, step by step: encode, impute, fence, transform, scale, weight, and normalize for all features together under cosine distance. Scoring replays it.';

CREATE FUNCTION @extschema@.segment_evaluate(
    model text,
    OUT metric text,
    OUT value  float8,
    OUT better text,
    OUT rows   bigint
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT v.metric, v.value, v.better, CASE v.metric WHEN 'silhouette' THEN r.silhouette_rows ELSE r.rows_used END
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_run r ON r.model_id = m.model_id AND r.run = m.run
     CROSS JOIN LATERAL (VALUES (1, 'inertia', r.inertia, 'lower'),
                                (2, 'explained', r.explained, 'higher'),
                                (3, 'silhouette_simplified', r.silhouette, 'higher'),
                                (4, 'silhouette', r.silhouette_pairwise, 'higher'),
                                (5, 'davies_bouldin', r.davies_bouldin, 'lower'),
                                (6, 'calinski_harabasz', r.calinski_harabasz, 'higher')) v (n, metric, value, better)
     ORDER BY v.n;
END;

COMMENT ON FUNCTION @extschema@.segment_evaluate IS
'How good the current run of a model is, and whether lower or higher is better. Inertia depends on the data and on k; the others compare runs with different k. silhouette is by distances between rows, of a sample that the fit drew; rows: how many a figure is of.';

CREATE FUNCTION @extschema@.segment_groups(
    model text,
    OUT group_values jsonb,
    OUT rows_read    bigint,
    OUT rows_used    bigint,
    OUT k            integer,
    OUT k_reason     text,
    OUT inertia      float8,
    OUT explained    float8,
    OUT silhouette   float8,
    OUT segments     integer[]
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT jsonb_object(segment_internal.group_by(m), g.group_values), g.rows_read, g.rows_used, g.k, g.k_reason, g.inertia, g.explained, g.silhouette, g.segments
      FROM segment_internal.model($1) m
      LEFT JOIN segment_internal.catalog_group g ON g.model_id = m.model_id AND g.run = m.run
     WHERE coalesce(g.group_no, 0) > 0
     ORDER BY g.group_no;
END;

COMMENT ON FUNCTION @extschema@.segment_groups IS
'The groups of a model fitted with group_by: the text of each column, the rows, the segments and the figures of the model of these rows alone; k is NULL for a group that was left out, and k_reason says why. No rows for a model without groups.';
