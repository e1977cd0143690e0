-- Charts as specifications for Vega-Lite (A. Satyanarayan et al., 2017): a function a chart, which returns its rows and how
-- they are drawn. The rows are those of the function or view that segment_charts() names, with the names of the segments;
-- what JSON has no number for is null. segment_chart() puts the frame around it that all have in common.

CREATE FUNCTION @extschema@.segment_charts(
    OUT chart       text,
    OUT title       text,
    OUT source      text,
    OUT description text
) RETURNS SETOF record
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    -- the first sentence stands under the title, the second one too if there are so many features
    SELECT c.*
      FROM (VALUES
               ('sizes', 'Sizes of the segments', 'segment_history WHERE model = ''model''',
                'Share of the customers in each segment, and how many they are.'),
               ('effects', 'What sets the segments apart', 'segment_insights(''model'') WHERE rank <= 5',
                'How far a segment''s average is from that of all other customers, in standard deviations; bars end at 3.'),
               ('profile', 'Profile of the segments', 'segment_profile(''model'')',
                'Numbers are an index, 100 is the average; colours tell how many standard deviations from it. Of more than 30 features, the 30 that differ most.'),
               ('map', 'Map of the customers', 'segment_map(''model'')',
                'The nearer two customers are, the more alike, seen from where they differ most.'),
               ('elbow', 'Inertia by number of segments', 'segment_candidates(''model'')',
                'What is left of the differences within segments; a bend hints at a good number.'),
               ('silhouette', 'Silhouette by number of segments', 'segment_candidates(''model'')',
                'How clearly segments are apart, 1 at most: higher is better.'),
               ('distribution', 'Distributions of the features', 'segment_distribution WHERE model = ''model''',
                'Half of the customers of a segment are in the box, the mark is the median; lines end one and a half boxes away at the latest. Of more than 30 features, the 30 that differ most.'),
               ('correlation', 'Correlations of the features', 'segment_feature_correlation(''model'')',
                'From 1, they rise together, to -1, one falls as the other rises. Of more than 30 features, the 30 that differ most.'),
               ('history', 'Sizes of the segments by run', 'segment_history WHERE model = ''model''',
                'Share of the customers in each segment, from run to run.'),
               ('flow', 'Moves between segments', 'segment_migration(''model'')',
                'Where the customers of each segment went in the last run, those that stayed among them; of a model with a history.')
           ) c (chart, title, source, description);
END;

COMMENT ON FUNCTION @extschema@.segment_charts IS
'The charts that segment_chart() makes: title, documented function or view with the rows of it (for a model called "model"), and what it shows.';

CREATE FUNCTION segment_internal.finite(value float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 > '-Infinity' AND $1 < 'Infinity' THEN $1 END;

COMMENT ON FUNCTION segment_internal.finite IS 'Internal: a number, if JSON has one for it.';

CREATE FUNCTION segment_internal.chart_data(rows jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('values', coalesce($1, '[]'));

COMMENT ON FUNCTION segment_internal.chart_data IS 'Internal: the rows of a chart as its data.';

CREATE FUNCTION segment_internal.history(
    m segment_internal.catalog_model,
    OUT run integer, OUT started_at timestamptz, OUT segment integer, OUT label text, OUT rows bigint, OUT share float8
) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT p.run, r.started_at, p.segment, coalesce(l.label, p.label, 'Segment ' || p.segment), p.rows, p.rows::float8 / r.rows_used
      FROM segment_internal.catalog_profile p
      JOIN segment_internal.catalog_run r ON r.model_id = p.model_id AND r.run = p.run
      LEFT JOIN segment_internal.catalog_label l ON l.model_id = p.model_id AND l.segment = p.segment
     WHERE p.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.history IS 'Internal: the segments of each run of a model, with their sizes.';

CREATE FUNCTION segment_internal.distribution(m segment_internal.catalog_model) RETURNS SETOF @extschema@.segment_distribution
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- by itself: with the names of the segments in the same plan, every model's figures could be read over and over
    WITH boxes AS MATERIALIZED (
        SELECT d.*
          FROM segment_internal.catalog_live l
          JOIN @extschema@.segment_distribution d ON d.schema = l.schema AND d.model = l.name
         WHERE l.model_id = ($1).model_id
    )
    SELECT b.* FROM boxes b;
END;

COMMENT ON FUNCTION segment_internal.distribution IS 'Internal: what a box plot shows of each feature in each segment of a model.';

CREATE FUNCTION segment_internal.chart_segments(m segment_internal.catalog_model, past boolean, OUT segment integer, OUT name text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- two may have the same label, hence the number
    SELECT DISTINCT ON (h.segment) h.segment, h.segment || '. ' || h.label
      FROM segment_internal.history($1) h
     WHERE $2 OR h.run = ($1).run
     ORDER BY h.segment, h.run DESC;
END;

COMMENT ON FUNCTION segment_internal.chart_segments IS
'Internal: the segments of a model, or those of all its runs, and what charts call them.';

CREATE FUNCTION segment_internal.chart_features(m segment_internal.catalog_model, OUT feature_no integer, OUT feature text, OUT title text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT t.feature_no, t.feature, t.feature || CASE t.encoding WHEN 'days' THEN ' (days since 1970)' WHEN 'interval' THEN ' (days)' ELSE '' END
      FROM (SELECT f.feature_no, f.feature, f.encoding
              FROM segment_internal.catalog_feature f
              JOIN segment_internal.catalog_segment s ON s.model_id = f.model_id
             CROSS JOIN LATERAL segment_internal.z(s.mean[f.feature_no], f.mean, f.stddev) z
             WHERE f.model_id = ($1).model_id AND f.run = ($1).run
             GROUP BY f.feature_no, f.feature, f.encoding
             ORDER BY sum(s.share * least(greatest(abs(z), 1e-100), 1e100) ^ 2 ORDER BY s.segment) DESC, f.feature_no
             LIMIT 30) t
     ORDER BY t.feature_no;
END;

COMMENT ON FUNCTION segment_internal.chart_features IS
'Internal: the features of a model in their order, with their units in title; of more than 30 those whose variance lies most between its segments.';

CREATE FUNCTION segment_internal.chart_hues(m segment_internal.catalog_model, past boolean DEFAULT false) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- from the ninth segment on they are grey, each in another shape, and so are outliers
    WITH segments AS (
        SELECT array_agg(s.name ORDER BY s.segment) AS names,
               array_agg((segment_internal.chart_palette())[CASE WHEN s.segment BETWEEN 1 AND 8 THEN s.segment ELSE 9 END] ORDER BY s.segment) AS colors,
               array_agg(CASE WHEN s.segment BETWEEN 1 AND 8 THEN 'circle' ELSE ('{square,triangle-up,diamond,cross,triangle-down}'::text[])[1 + (s.segment + 1) % 5] END ORDER BY s.segment) AS shapes
          FROM segment_internal.chart_segments($1, $2) s
    )
    SELECT jsonb_object_agg(c.channel, jsonb_build_object(
               'field', 'name', 'type', 'nominal', 'title', 'Segment',
               'scale', jsonb_build_object('domain', s.names, 'range', c.range),
               'legend', CASE WHEN cardinality(s.names) > 8 THEN '{"columns": 2, "labelLimit": 300}'::jsonb ELSE '{"columns": 1, "labelLimit": 440}' END))
      FROM segments s
     CROSS JOIN LATERAL (VALUES ('color', s.colors), ('shape', s.shapes)) c (channel, range);
END;

COMMENT ON FUNCTION segment_internal.chart_hues IS 'Internal: the channels that tell segments apart, color and shape.';
