-- Charts of the number of segments, and the frame around all charts.

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
                           'color', segment_internal.painted('{"condition": {"test": "datum.chosen", "value": "var(--s2)"}, "value": "var(--s1)"}'),
                           'size', '{"condition": {"test": "datum.chosen", "value": 160}, "value": 50}'::jsonb,
                           'tooltip', jsonb_build_array(
                               '{"field": "k", "type": "quantitative", "title": "Segments"}'::jsonb,
                               jsonb_build_object('field', $2, 'type', 'quantitative', 'title', $3, 'format', ',.5~r'),
                               '{"field": "rows", "type": "quantitative", "title": "Customers tried", "format": ","}'::jsonb))),
                   segment_internal.painted('{"mark": {"type": "text", "dy": -16, "color": "var(--s2)", "fontWeight": 600},
                     "encoding": {"text": {"condition": {"test": "datum.chosen", "value": "chosen"}, "value": ""}}}')))
      FROM segment_internal.candidates(($1).model_id) c
     CROSS JOIN LATERAL (SELECT segment_internal.finite(CASE $2 WHEN 'inertia' THEN c.inertia ELSE c.silhouette END) AS value) v
     WHERE v.value IS NOT NULL;
END;

COMMENT ON FUNCTION segment_internal.chart_candidates IS 'Internal: a line of a figure over the numbers of segments that were tried, for Vega-Lite.';

CREATE FUNCTION segment_internal.chart_config() RETURNS jsonb
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN segment_internal.painted('{"background": "#ffffff", "padding": 12,
         "font": "system-ui, -apple-system, Segoe UI, Roboto, Helvetica Neue, Arial, Noto Sans, sans-serif",
         "title": {"anchor": "start", "frame": "bounds", "offset": 18, "fontSize": 17, "fontWeight": 600, "color": "var(--ink)",
                   "subtitleFontSize": 12, "subtitleColor": "var(--soft)", "subtitlePadding": 6, "subtitleLineHeight": 17},
         "view": {"stroke": null, "continuousWidth": 640},
         "axis": {"domain": false, "ticks": false, "grid": false, "labelColor": "var(--soft)", "labelFontSize": 12, "labelPadding": 6, "labelLimit": 240,
                  "titleColor": "var(--soft)", "titleFontSize": 12, "titleFontWeight": "normal", "titlePadding": 10, "gridColor": "var(--rail)"},
         "axisQuantitative": {"grid": true, "tickCount": 5, "labelFlush": false, "labelOverlap": true, "labelSeparation": 8,
                              "labelExpr": "abs(datum.value) >= 1e15 ? format(datum.value, ''.1e'') : format(datum.value, abs(datum.value) < 1e4 ? ''~g'' : ''~s'')"},
         "header": {"labelAnchor": "start", "labelColor": "var(--ink)", "labelFontSize": 12, "labelFontWeight": 600, "labelLimit": 330, "labelPadding": 6},
         "legend": {"orient": "bottom", "gradientLength": 200, "titleLimit": 320, "labelColor": "var(--ink)", "labelFontSize": 12, "labelLimit": 320, "symbolOpacity": 1, "symbolSize": 70,
                    "titleColor": "var(--soft)", "titleFontSize": 12, "titleFontWeight": "normal", "offset": 14},
         "mark": {"color": "var(--s1)"}, "line": {"strokeWidth": 2}, "rule": {"strokeWidth": 1.5}, "text": {"color": "var(--ink)", "fontSize": 12}}')
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
        WHEN 'flow' THEN segment_internal.chart_flow(m)
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
