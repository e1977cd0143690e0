-- Charts of features.

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
               'layer', segment_internal.painted('[{"mark": {"type": "rect", "stroke": "#ffffff"},
                           "encoding": {"color": {"field": "z", "type": "quantitative", "title": "Standard deviations from the average",
                                                  "scale": {"domain": [-1.5, 0, 1.5], "range": ["var(--b4)", "#ffffff", "var(--a4)"], "interpolate": "rgb", "clamp": true},
                                                  "legend": {"values": [-1.5, 0, 1.5], "format": ".1~f"}}}},
                          {"mark": "text", "encoding": {"text": {"field": "figure"}}}]'))
      FROM segment_internal.figures($1) p
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = p.segment
      JOIN segment_internal.chart_features($1) f ON f.feature_no = p.feature_no;
END;

COMMENT ON FUNCTION segment_internal.chart_profile IS 'Internal: a heat map of features and segments, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_distribution(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
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
                   'layer', segment_internal.painted('[{"mark": "rule", "encoding": {"x": {"field": "low"}, "x2": {"field": "high"}}},
                              {"mark": {"type": "bar", "size": 9}, "encoding": {"x": {"field": "p25"}, "x2": {"field": "p75"}}},
                              {"mark": {"type": "tick", "size": 11, "thickness": 2}, "encoding": {"x": {"field": "median"}, "color": {"value": "var(--ink)"}}}]')))
      FROM segment_internal.distribution($1) d
      JOIN segment_internal.chart_segments($1, false) s ON s.segment = d.segment
      JOIN segment_internal.chart_features($1) f ON f.feature_no = d.feature_no
     WHERE d.median IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.chart_distribution IS 'Internal: box plots of the features by segment, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_correlation(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data(jsonb_agg(jsonb_build_object('x', x.feature, 'y', y.feature, 'r', segment_internal.finite(c.r))
                   ORDER BY y.feature_no, x.feature_no)),
               'width', '{"step": 22}'::jsonb, 'height', '{"step": 22}'::jsonb, 'mark', '{"type": "rect", "stroke": "#ffffff"}'::jsonb,
               'encoding', segment_internal.painted('{"x": {"field": "x", "type": "nominal", "sort": null, "axis": {"title": null, "labelAngle": -45, "labelLimit": 160}},
                             "y": {"field": "y", "type": "nominal", "sort": null, "axis": {"title": null}},
                             "color": {"field": "r", "type": "quantitative", "title": "Correlation",
                                       "scale": {"domain": [-1, 0, 1], "range": ["var(--s1)", "#ffffff", "var(--s2)"], "interpolate": "rgb"},
                                       "legend": {"values": [-1, 0, 1]}},
                             "tooltip": [{"field": "y", "title": "Feature"},
                                         {"field": "x", "title": "with"},
                                         {"field": "r", "type": "quantitative", "title": "Correlation", "format": "+.2f"}]}'))
      FROM segment_internal.axes(($1).model_id) a
     CROSS JOIN LATERAL segment_internal.correlations(a) c
      JOIN segment_internal.chart_features($1) x ON x.feature_no = c.x
      JOIN segment_internal.chart_features($1) y ON y.feature_no = c.y
     WHERE c.r IS NOT NULL AND segment_internal.vectors($1) = '{}';
END;

COMMENT ON FUNCTION segment_internal.chart_correlation IS 'Internal: a heat map of the correlations of the features, for Vega-Lite.';
