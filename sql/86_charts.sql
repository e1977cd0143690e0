-- What charts show: their data as functions, and their specifications for tools that draw.

CREATE FUNCTION segment_internal.tried(
    model_id bigint,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT chosen            boolean,
    OUT rows              bigint,
    OUT sampled           boolean
) RETURNS SETOF record
LANGUAGE c STABLE AS 'MODULE_PATHNAME', 'segment_internal_rows';

COMMENT ON FUNCTION segment_internal.tried IS
'Internal: the numbers of segments of segment_candidates, tried now on a sample of the rows of a model, as its owner.';

CREATE FUNCTION segment_internal.tried_as_owner(
    model_id bigint,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT chosen            boolean,
    OUT rows              bigint,
    OUT sampled           boolean
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET jit = off AS $$
#variable_conflict use_column
DECLARE
    m       segment_internal.catalog_model := segment_internal.model(model_id);
    run     segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
    sample  constant integer := 3000;
    columns text[];
    weight  text := m.options ->> 'sample_weight';
    wanted  text[];
    hash    text;
    options jsonb;
    fit     record;
BEGIN
    options := segment_internal.refit_options(m, NULL, false)
        || jsonb_build_object('k', NULL, 'k_min', 1, 'k_max', greatest(10, run.k + 2), 'n_init', 1, 'min_share', 0);
    columns := segment_internal.model_columns(m);
    -- the weight comes last for the engine, even if it is a feature, too
    wanted := array_remove(columns || weight, NULL);
    columns := CASE WHEN weight = ANY (columns) THEN columns ELSE wanted END;
    hash := segment_internal.unique_name('hash', '', columns);
    fit := segment_internal.engine(
        segment_internal.source_of(m), '{}',
        jsonb_populate_record(NULL::segment_internal.preparation, m.preparation), options, keep_constant => true, model => m.name,
        query => format('SELECT %1$s FROM (SELECT %2$s, %3$s AS %4$I FROM %5$s) r WHERE %4$I <= %6$s ORDER BY %4$I LIMIT %7$s',
                        (SELECT string_agg(format('%I', c), ', ' ORDER BY n) FROM unnest(wanted) WITH ORDINALITY u (c, n)),
                        (SELECT string_agg(format('%I', c), ', ') FROM unnest(columns) c),
                        segment_internal.row_hash(m, columns), hash, m.source,
                        segment_internal.hash_bound(sample, run.rows_read), sample));
    PERFORM segment_internal.phase(NULL);
    RETURN QUERY
        SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
               c.k = run.k, fit.rows_used, fit.rows_used < run.rows_used
          FROM unnest(fit.candidate_k, fit.candidate_inertia, fit.candidate_explained, fit.candidate_silhouette,
                      fit.candidate_davies_bouldin, fit.candidate_calinski_harabasz, fit.candidate_smallest_share)
               AS c (k, inertia, explained, silhouette, davies_bouldin, calinski_harabasz, smallest_share)
         ORDER BY c.k;
END
$$;

COMMENT ON FUNCTION segment_internal.tried_as_owner IS 'Internal: what tried returns.';

CREATE FUNCTION segment_internal.candidates(
    model_id bigint,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT chosen            boolean,
    OUT rows              bigint,
    OUT sampled           boolean
) RETURNS SETOF record
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_column
DECLARE
    most constant integer := 20;     -- with more segments it takes too long to try others
    m    segment_internal.catalog_model := segment_internal.model(model_id);
    run  segment_internal.catalog_run :=
        (SELECT r FROM segment_internal.catalog_run r WHERE r.model_id = m.model_id AND r.run = m.run);
BEGIN
    IF run.k > most OR (SELECT count(*) > 1 FROM segment_internal.catalog_candidate c WHERE c.model_id = m.model_id AND c.run = m.run) THEN
        RETURN QUERY
            SELECT c.k, c.inertia, c.explained, c.silhouette, c.davies_bouldin, c.calinski_harabasz, c.smallest_share,
                   c.k = run.k, run.rows_used, false
              FROM segment_internal.catalog_candidate c
             WHERE c.model_id = m.model_id AND c.run = m.run
             ORDER BY c.k;
        RETURN;
    END IF;
    RETURN QUERY SELECT t.* FROM segment_internal.tried(m.model_id) t;
END
$$;

COMMENT ON FUNCTION segment_internal.candidates IS 'Internal: segment_candidates of a model.';

CREATE FUNCTION @extschema@.segment_candidates(
    model text,
    OUT k                 integer,
    OUT inertia           float8,
    OUT explained         float8,
    OUT silhouette        float8,
    OUT davies_bouldin    float8,
    OUT calinski_harabasz float8,
    OUT smallest_share    float8,
    OUT chosen            boolean,
    OUT rows              bigint,
    OUT sampled           boolean
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT c.* FROM segment_internal.candidates(segment_internal.model_id($1)) c;
END;

COMMENT ON FUNCTION @extschema@.segment_candidates IS
'The numbers of segments that the current run of a model tried, with their figures, for an elbow or a silhouette chart. Where k was given, those from 1 to 10 and to two more than k are tried now on at most 3000 of today''s rows; beyond 20 segments there is that one number only.';

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
                'Share of the customers in each segment, from run to run.')
           ) c (chart, title, source, description);
END;

COMMENT ON FUNCTION @extschema@.segment_charts IS
'The charts that segment_chart() makes: title, documented function or view with the rows of it (for a model called "model"), and what it shows.';

-- What they share.

CREATE FUNCTION segment_internal.finite(value float8) RETURNS float8
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 > '-Infinity' AND $1 < 'Infinity' THEN $1 END;

COMMENT ON FUNCTION segment_internal.finite IS 'Internal: a number, if JSON has one for it.';

CREATE FUNCTION segment_internal.chart_data(rows jsonb) RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN jsonb_build_object('values', coalesce($1, '[]'));

COMMENT ON FUNCTION segment_internal.chart_data IS 'Internal: the rows of a chart as its data.';

CREATE FUNCTION segment_internal.chart_segments(m segment_internal.catalog_model, past boolean, OUT segment integer, OUT name text) RETURNS SETOF record
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- two may have the same label, hence the number
    SELECT DISTINCT ON (h.segment) h.segment, h.segment || '. ' || h.label
      FROM segment_internal.catalog_live l
      JOIN @extschema@.segment_history h ON h.schema = l.schema AND h.model = l.name
     WHERE l.model_id = ($1).model_id AND ($2 OR h.run = ($1).run)
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

CREATE FUNCTION segment_internal.chart_palette() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{#0072b2,#b84a00,#00755a,#a6447e,#856000,#4f52b8,#577000,#636363}'::text[];

COMMENT ON FUNCTION segment_internal.chart_palette IS 'Internal: the colours of segments, which are those of the report.';

CREATE FUNCTION segment_internal.chart_hues(m segment_internal.catalog_model, past boolean DEFAULT false) RETURNS jsonb
LANGUAGE sql STABLE PARALLEL SAFE
BEGIN ATOMIC
    -- from the ninth segment on colours come round again, in another shape
    WITH segments AS (
        SELECT array_agg(s.name ORDER BY s.segment) AS names,
               array_agg((segment_internal.chart_palette())[1 + (s.segment - 1) % 8] ORDER BY s.segment) AS colors,
               array_agg(('{circle,square,triangle-up,diamond,cross}'::text[])[1 + (s.segment - 1) / 8 % 5] ORDER BY s.segment) AS shapes
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

-- The charts.

CREATE FUNCTION segment_internal.chart_sizes(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', h.segment, 'name', s.name, 'rows', h.rows, 'share', h.share) ORDER BY h.segment)),
               'width', 'container', 'height', 44 * count(*),
               'encoding', '{"y": {"field": "name", "type": "nominal", "sort": null, "axis": null},
                             "x": {"field": "share", "type": "quantitative", "axis": null},
                             "tooltip": [{"field": "name", "title": "Segment"},
                                         {"field": "rows", "type": "quantitative", "title": "Customers", "format": ","},
                                         {"field": "share", "type": "quantitative", "title": "Share", "format": ".1%"}]}'::jsonb,
               'layer', jsonb_build_array(
                   '{"mark": {"type": "text", "align": "left", "dy": -12, "limit": 560}, "encoding": {"text": {"field": "name"}, "x": {"value": 0}}}'::jsonb,
                   jsonb_build_object('mark', '{"type": "bar", "size": 14, "yOffset": 5}'::jsonb,
                                      'encoding', jsonb_build_object('color', segment_internal.chart_hues($1) -> 'color' || '{"legend": null}')),
                   '{"transform": [{"calculate": "format(datum.share, ''.1%'') + '' ('' + format(datum.rows, '','') + '')''", "as": "size"}],
                     "mark": {"type": "text", "align": "left", "dx": 6, "dy": 5}, "encoding": {"text": {"field": "size"}}}'::jsonb))
      FROM segment_internal.catalog_live l
      JOIN @extschema@.segment_history h ON h.schema = l.schema AND h.model = l.name AND h.run = ($1).run
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = h.segment
     WHERE l.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.chart_sizes IS 'Internal: chart.';

CREATE FUNCTION segment_internal.chart_effects(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- an effect is infinite where neither the segment nor the others vary: its bar goes to the end
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', i.segment, 'name', s.name, 'rank', i.rank, 'feature', i.feature, 'insight', i.insight, 'effect', segment_internal.finite(i.effect),
                   'mean', segment_internal.finite(i.mean), 'population_mean', segment_internal.finite(i.population_mean), 'reliability', i.reliability)
                   ORDER BY i.segment, i.rank)),
               'transform', '[{"calculate": "isValid(datum.effect) ? datum.effect : datum.mean < datum.population_mean ? -3 : 3", "as": "bar"},
                              {"calculate": "isValid(datum.effect) ? format(datum.effect, ''.2f'') : ''infinite''", "as": "figure"}]'::jsonb,
               'facet', '{"field": "name", "type": "nominal", "title": null, "sort": {"field": "segment", "op": "min"}}'::jsonb,
               'columns', 2, 'bounds', 'flush', 'spacing', '{"row": 52, "column": 180}'::jsonb,
               'resolve', '{"scale": {"y": "independent"}}'::jsonb,
               'spec', jsonb_build_object(
                   'width', 220, 'height', '{"step": 22}'::jsonb, 'mark', 'bar',
                   'encoding', jsonb_build_object(
                       'y', '{"field": "feature", "type": "nominal", "sort": {"field": "rank", "op": "min"}, "axis": {"title": null, "labelLimit": 160}}'::jsonb,
                       'x', '{"field": "bar", "type": "quantitative", "title": "Standard deviations from the others", "scale": {"domain": [-3, 3], "clamp": true}}'::jsonb,
                       'color', segment_internal.chart_hues($1) -> 'color' || '{"legend": null}',
                       'tooltip', '[{"field": "name", "title": "Segment"}, {"field": "feature", "title": "Feature"}, {"field": "insight", "title": "Insight"},
                                    {"field": "figure", "title": "Effect"}, {"field": "reliability", "title": "Reliability"}]'::jsonb)))
      FROM segment_internal.insights(($1).model_id, NULL) i
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = i.segment
     WHERE i.rank <= 5;
END;

COMMENT ON FUNCTION segment_internal.chart_effects IS 'Internal: chart.';

CREATE FUNCTION segment_internal.chart_profile(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', p.segment, 'name', s.name, 'feature', p.feature, 'mean', segment_internal.finite(p.mean),
                   'population_mean', segment_internal.finite(p.population_mean), 'index', segment_internal.finite(p.index), 'z', segment_internal.finite(p.z))
                   ORDER BY f.feature_no, p.segment)),
               'transform', '[{"calculate": "isValid(datum.index) ? format(datum.index, abs(datum.index) < 1e4 ? '',.0f'' : ''.0e'') : ''''", "as": "figure"}]'::jsonb,
               'width', '{"step": 58}'::jsonb, 'height', '{"step": 24}'::jsonb,
               'encoding', '{"x": {"field": "name", "type": "nominal", "sort": null, "axis": {"title": null, "orient": "top", "labelAngle": -35, "labelLimit": 200}},
                             "y": {"field": "feature", "type": "nominal", "sort": null, "axis": {"title": null}},
                             "tooltip": [{"field": "name", "title": "Segment"},
                                         {"field": "feature", "title": "Feature"},
                                         {"field": "mean", "type": "quantitative", "title": "Average of the segment", "format": ".6~r"},
                                         {"field": "population_mean", "type": "quantitative", "title": "Average of all", "format": ".6~r"},
                                         {"field": "figure", "title": "Index"},
                                         {"field": "z", "type": "quantitative", "title": "Standard deviations", "format": "+.2f"}]}'::jsonb,
               'layer', '[{"mark": {"type": "rect", "stroke": "#ffffff"},
                           "encoding": {"color": {"field": "z", "type": "quantitative", "title": "Standard deviations from the average",
                                                  "scale": {"domain": [-1.5, 0, 1.5], "range": ["#69abd8", "#ffffff", "#e79a4d"], "interpolate": "rgb", "clamp": true},
                                                  "legend": {"values": [-1.5, 0, 1.5], "format": ".1~f"}}}},
                          {"mark": "text", "encoding": {"text": {"field": "figure"}}}]'::jsonb)
      FROM @extschema@.segment_profile(segment_internal.qualified($1)) p
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = p.segment
      JOIN segment_internal.chart_features($1) f ON f.feature = p.feature;
END;

COMMENT ON FUNCTION segment_internal.chart_profile IS 'Internal: chart.';

CREATE FUNCTION segment_internal.chart_map(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'key', k.words, 'segment', p.segment, 'name', s.name, 'x', segment_internal.finite(p.x), 'y', segment_internal.finite(p.y)) ORDER BY p.n)),
               'width', 'container', 'height', 420, 'view', '{"stroke": "#dedbd3"}'::jsonb, 'mark', '{"type": "point", "filled": true, "size": 30, "opacity": 0.7}'::jsonb,
               'encoding', segment_internal.chart_hues($1)
                   || '{"x": {"field": "x", "type": "quantitative", "title": "First principal component", "axis": {"labels": false, "grid": false}},
                        "y": {"field": "y", "type": "quantitative", "title": "Second principal component", "axis": {"labels": false, "grid": false}},
                        "tooltip": [{"field": "key", "title": "Customer"}, {"field": "name", "title": "Segment"}]}')
      FROM segment_internal.sample_map(($1).model_id, 2000) WITH ORDINALITY p (key, segment, x, y, n)
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = p.segment
     CROSS JOIN LATERAL (SELECT string_agg(e.key || ' ' || e.value, ', ' ORDER BY e.n) AS words
                           FROM jsonb_each_text(p.key) WITH ORDINALITY e (key, value, n)) k;
END;

COMMENT ON FUNCTION segment_internal.chart_map IS 'Internal: chart.';

CREATE FUNCTION segment_internal.chart_candidates(m segment_internal.catalog_model, measure text, title text) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'k', c.k, $2, v.value, 'chosen', c.chosen, 'rows', c.rows, 'sampled', c.sampled) ORDER BY c.k)),
               'width', 'container', 'height', 280,
               'encoding', jsonb_build_object(
                   'x', '{"field": "k", "type": "ordinal", "title": "Number of segments", "axis": {"labelAngle": 0}}'::jsonb,
                   'y', jsonb_build_object('field', $2, 'type', 'quantitative', 'title', $3)),
               'layer', jsonb_build_array(
                   '{"mark": "line"}'::jsonb,
                   jsonb_build_object(
                       'mark', '{"type": "point", "filled": true, "opacity": 1}'::jsonb,
                       'encoding', jsonb_build_object(
                           'color', '{"condition": {"test": "datum.chosen", "value": "#b84a00"}, "value": "#0072b2"}'::jsonb,
                           'size', '{"condition": {"test": "datum.chosen", "value": 160}, "value": 50}'::jsonb,
                           'tooltip', jsonb_build_array(
                               '{"field": "k", "type": "quantitative", "title": "Segments"}'::jsonb,
                               jsonb_build_object('field', $2, 'type', 'quantitative', 'title', $3, 'format', ',.5~r'),
                               '{"field": "rows", "type": "quantitative", "title": "Customers tried", "format": ","}'::jsonb))),
                   '{"mark": {"type": "text", "dy": -16, "color": "#b84a00", "fontWeight": 600},
                     "encoding": {"text": {"condition": {"test": "datum.chosen", "value": "chosen"}, "value": ""}}}'::jsonb))
      FROM segment_internal.candidates(($1).model_id) c
     CROSS JOIN LATERAL (SELECT segment_internal.finite(CASE $2 WHEN 'inertia' THEN c.inertia ELSE c.silhouette END) AS value) v
     WHERE v.value IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.chart_candidates IS 'Internal: chart of a figure of the numbers of segments that were tried.';

CREATE FUNCTION segment_internal.chart_distribution(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- by itself: with the names of the segments in the same plan, every model's figures could be read over and over
    WITH boxes AS MATERIALIZED (
        SELECT d.*
          FROM segment_internal.catalog_live l
          JOIN @extschema@.segment_distribution d ON d.schema = l.schema AND d.model = l.name
         WHERE l.model_id = ($1).model_id AND d.median IS NOT NULL
    )
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', d.segment, 'name', s.name, 'feature', d.feature, 'feature_no', d.feature_no, 'title', f.title, 'low', segment_internal.finite(d.low),
                   'p25', segment_internal.finite(d.p25), 'median', segment_internal.finite(d.median), 'p75', segment_internal.finite(d.p75),
                   'high', segment_internal.finite(d.high)) ORDER BY d.feature_no, d.segment)),
               'facet', '{"field": "title", "type": "nominal", "title": null, "sort": {"field": "feature_no", "op": "min"}, "header": {"labelLimit": 236}}'::jsonb,
               'columns', 3, 'bounds', 'flush', 'spacing', '{"row": 60, "column": 36}'::jsonb,
               'resolve', '{"scale": {"x": "independent"}}'::jsonb,
               'spec', jsonb_build_object(
                   'width', 210, 'height', '{"step": 16}'::jsonb,
                   'encoding', jsonb_build_object(
                       'y', '{"field": "segment", "type": "ordinal", "axis": {"title": null}}'::jsonb,
                       'x', '{"type": "quantitative", "title": null, "scale": {"zero": false}, "axis": {"tickCount": 4}}'::jsonb,
                       'color', segment_internal.chart_hues($1) -> 'color' || '{"legend": null}',
                       'tooltip', '[{"field": "feature", "title": "Feature"},
                                    {"field": "name", "title": "Segment"},
                                    {"field": "high", "type": "quantitative", "title": "High", "format": ".6~r"},
                                    {"field": "p75", "type": "quantitative", "title": "Third quartile", "format": ".6~r"},
                                    {"field": "median", "type": "quantitative", "title": "Median", "format": ".6~r"},
                                    {"field": "p25", "type": "quantitative", "title": "First quartile", "format": ".6~r"},
                                    {"field": "low", "type": "quantitative", "title": "Low", "format": ".6~r"}]'::jsonb),
                   'layer', '[{"mark": "rule", "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}}},
                              {"mark": {"type": "bar", "size": 9}, "encoding": {"x": {"field": "p25"}, "x2": {"field": "p75"}}},
                              {"mark": {"type": "tick", "size": 11, "thickness": 2}, "encoding": {"x": {"field": "median"}, "color": {"value": "#1b1e23"}}}]'::jsonb))
      FROM boxes d
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = d.segment
      JOIN segment_internal.chart_features($1) f ON f.feature_no = d.feature_no;
END;

COMMENT ON FUNCTION segment_internal.chart_distribution IS 'Internal: chart.';

CREATE FUNCTION segment_internal.chart_correlation(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object('x', c.x, 'y', c.y, 'r', segment_internal.finite(c.r))
                   ORDER BY y.feature_no, x.feature_no)),
               'width', '{"step": 22}'::jsonb, 'height', '{"step": 22}'::jsonb, 'mark', '{"type": "rect", "stroke": "#ffffff"}'::jsonb,
               'encoding', '{"x": {"field": "x", "type": "nominal", "sort": null, "axis": {"title": null, "labelAngle": -45, "labelLimit": 160}},
                             "y": {"field": "y", "type": "nominal", "sort": null, "axis": {"title": null}},
                             "color": {"field": "r", "type": "quantitative", "title": "Correlation",
                                       "scale": {"domain": [-1, 0, 1], "range": ["#0072b2", "#ffffff", "#b84a00"], "interpolate": "rgb"},
                                       "legend": {"values": [-1, 0, 1]}},
                             "tooltip": [{"field": "y", "title": "Feature"},
                                         {"field": "x", "title": "with"},
                                         {"field": "r", "type": "quantitative", "title": "Correlation", "format": "+.2f"}]}'::jsonb)
      FROM segment_internal.feature_correlation(($1).model_id) c
      JOIN segment_internal.chart_features($1) x ON x.feature = c.x
      JOIN segment_internal.chart_features($1) y ON y.feature = c.y
     WHERE c.r IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.chart_correlation IS 'Internal: chart.';

CREATE FUNCTION segment_internal.chart_history(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'run', h.run, 'started_at', to_char(h.started_at AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI "UTC"'), 'segment', h.segment, 'name', s.name,
                   'rows', h.rows, 'share', h.share) ORDER BY h.run, h.segment)),
               'width', 'container', 'height', 320,
               'encoding', jsonb_build_object(
                   'x', '{"field": "run", "type": "ordinal", "title": "Run", "axis": {"labelAngle": 0}}'::jsonb,
                   'y', '{"field": "share", "type": "quantitative", "title": "Share of the customers", "axis": {"labelExpr": "format(datum.value, ''.0%'')"}}'::jsonb,
                   'color', segment_internal.chart_hues($1, true) -> 'color'),
               'layer', jsonb_build_array(
                   '{"mark": "line"}'::jsonb,
                   jsonb_build_object(
                       'mark', '{"type": "point", "filled": true, "size": 60, "opacity": 1}'::jsonb,
                       'encoding', jsonb_build_object(
                           'shape', segment_internal.chart_hues($1, true) -> 'shape',
                           'tooltip', '[{"field": "name", "title": "Segment"},
                                        {"field": "run", "title": "Run"},
                                        {"field": "started_at", "title": "Started"},
                                        {"field": "rows", "type": "quantitative", "title": "Customers", "format": ","},
                                        {"field": "share", "type": "quantitative", "title": "Share", "format": ".1%"}]'::jsonb))))
      FROM segment_internal.catalog_live l
      JOIN @extschema@.segment_history h ON h.schema = l.schema AND h.model = l.name
      JOIN segment_internal.chart_segments($1, true) s ON s.segment = h.segment
     WHERE l.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.chart_history IS 'Internal: chart.';

-- The frame.

CREATE FUNCTION segment_internal.chart_config() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN '{"background": "#ffffff", "padding": 12,
         "font": "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, Noto Sans, sans-serif",
         "title": {"anchor": "start", "frame": "bounds", "offset": 18, "fontSize": 17, "fontWeight": 600, "color": "#1b1e23",
                   "subtitleFontSize": 12, "subtitleColor": "#565c65", "subtitlePadding": 6, "subtitleLineHeight": 17},
         "view": {"stroke": null, "continuousWidth": 640},
         "axis": {"domain": false, "ticks": false, "grid": false, "labelColor": "#565c65", "labelFontSize": 12, "labelPadding": 6, "labelLimit": 240,
                  "titleColor": "#565c65", "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "gridColor": "#ebe8e1"},
         "axisQuantitative": {"grid": true, "tickCount": 5, "labelFlush": false, "labelOverlap": true, "labelSeparation": 8,
                              "labelExpr": "abs(datum.value) >= 1e15 ? format(datum.value, ''.1e'') : format(datum.value, abs(datum.value) < 1e4 ? ''~g'' : ''~s'')"},
         "header": {"labelAnchor": "start", "labelColor": "#1b1e23", "labelFontSize": 12, "labelFontWeight": 600, "labelLimit": 330, "labelPadding": 6},
         "legend": {"orient": "bottom", "gradientLength": 200, "titleLimit": 320, "labelColor": "#1b1e23", "labelFontSize": 12, "labelLimit": 320, "symbolOpacity": 1, "symbolSize": 70,
                    "titleColor": "#565c65", "titleFontSize": 12, "titleFontWeight": "normal", "offset": 14},
         "mark": {"color": "#0072b2"}, "line": {"strokeWidth": 2}, "rule": {"strokeWidth": 1.5}, "text": {"color": "#1b1e23", "fontSize": 12}}'::jsonb
    || jsonb_build_object('range', jsonb_build_object('category', segment_internal.chart_palette()));

COMMENT ON FUNCTION segment_internal.chart_config IS 'Internal: how all charts look.';

CREATE FUNCTION segment_internal.chart(model_id bigint, chart text) RETURNS jsonb
LANGUAGE plpgsql STABLE SET search_path = pg_catalog, pg_temp SET extra_float_digits = 1 AS $$
DECLARE
    m         segment_internal.catalog_model := segment_internal.model(model_id);
    about     record;
    sentences text[];
    spec      jsonb;
BEGIN
    PERFORM segment_internal.check_choice('argument "chart"', $2, ARRAY(SELECT c.chart FROM @extschema@.segment_charts() c));
    SELECT c.* INTO about FROM @extschema@.segment_charts() c WHERE c.chart = $2;
    sentences := string_to_array(rtrim(about.description, '.'), '. ');

    spec := CASE $2
        WHEN 'sizes' THEN segment_internal.chart_sizes(m)
        WHEN 'effects' THEN segment_internal.chart_effects(m)
        WHEN 'profile' THEN segment_internal.chart_profile(m)
        WHEN 'map' THEN segment_internal.chart_map(m)
        WHEN 'elbow' THEN segment_internal.chart_candidates(m, 'inertia', 'Inertia')
        WHEN 'silhouette' THEN segment_internal.chart_candidates(m, 'silhouette', 'Silhouette')
        WHEN 'distribution' THEN segment_internal.chart_distribution(m)
        WHEN 'correlation' THEN segment_internal.chart_correlation(m)
        WHEN 'history' THEN segment_internal.chart_history(m)
    END;
    IF spec #> '{data,values}' = '[]' THEN
        spec := '{"data": {"values": []}, "width": "container", "height": 60,
                  "layer": [{"data": {"values": [{}]}, "mark": {"type": "text", "text": "There is nothing to show."}}]}';
    END IF;

    RETURN spec || jsonb_build_object(
        '$schema', 'https://vega.github.io/schema/vega-lite/v6.json',
        'title', jsonb_build_object('text', about.title, 'subtitle', sentences[:CASE WHEN cardinality(m.features) > 30 THEN 2 ELSE 1 END]
                                                                     || format('Model %s, run %s', m.name, m.run)),
        'description', format('%s of the model %s, run %s. %s', about.title, m.name, m.run, about.description),
        'config', segment_internal.chart_config());
END
$$;

COMMENT ON FUNCTION segment_internal.chart IS 'Internal: segment_chart of a model.';

CREATE FUNCTION @extschema@.segment_chart(model text, chart text) RETURNS jsonb
LANGUAGE sql STABLE
RETURN segment_internal.chart(segment_internal.model_id($1), $2);

COMMENT ON FUNCTION @extschema@.segment_chart IS
'A chart of a model as a specification for Vega-Lite 6 with its data inside, for notebooks, Observable, Deneb in Power BI and Grafana. segment_charts() lists the charts.';
