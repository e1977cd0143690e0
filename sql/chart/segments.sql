-- Charts of segments.

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
      FROM segment_internal.catalog_segment h
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = h.segment
     WHERE h.model_id = ($1).model_id;
END;

COMMENT ON FUNCTION segment_internal.chart_sizes IS 'Internal: bars of the sizes of the segments, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_effects(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- an effect is infinite where neither the segment nor the others vary: its bar goes to the end
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'segment', i.segment, 'name', s.name, 'rank', i.rank, 'feature', i.feature, 'insight', segment_internal.sentence(i), 'effect', segment_internal.finite(i.effect),
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
      FROM segment_internal.telling(ARRAY(SELECT e FROM segment_internal.effects($1) e)) i
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = i.segment
     WHERE i.rank <= 5;
END;

COMMENT ON FUNCTION segment_internal.chart_effects IS 'Internal: bars of the largest effects of each segment, for Vega-Lite.';

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
      FROM segment_internal.history($1) h
      JOIN segment_internal.chart_segments($1, true) s ON s.segment = h.segment;
END;

COMMENT ON FUNCTION segment_internal.chart_history IS 'Internal: lines of the sizes of the segments by run, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_map(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object(
                   'key', k.words, 'segment', p.segment, 'name', s.name, 'x', segment_internal.finite(p.x), 'y', segment_internal.finite(p.y)) ORDER BY p.n)),
               'width', 'container', 'height', 420, 'view', segment_internal.painted('{"stroke": "var(--rule)"}'), 'mark', '{"type": "point", "filled": true, "size": 30, "opacity": 0.7}'::jsonb,
               'encoding', segment_internal.chart_hues($1)
                   || '{"x": {"field": "x", "type": "quantitative", "title": "First principal component", "axis": {"labels": false, "grid": false}},
                        "y": {"field": "y", "type": "quantitative", "title": "Second principal component", "axis": {"labels": false, "grid": false}},
                        "tooltip": [{"field": "key", "title": "Customer"}, {"field": "name", "title": "Segment"}]}')
      FROM segment_internal.sample_map(($1).model_id, 2000) WITH ORDINALITY p (key, segment, x, y, n)
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = p.segment
     CROSS JOIN LATERAL (SELECT string_agg(e.key || ' ' || e.value, ', ' ORDER BY e.n) AS words
                           FROM jsonb_each_text(p.key) WITH ORDINALITY e (key, value, n)) k;
END;

COMMENT ON FUNCTION segment_internal.chart_map IS 'Internal: points of the map by segment, for Vega-Lite.';
