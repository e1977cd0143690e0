-- How rows moved in the last run, between two columns of segments.

CREATE FUNCTION segment_internal.flow(
    m segment_internal.catalog_model, gap float8,
    OUT from_segment integer, OUT to_segment integer, OUT rows bigint, OUT share float8,
    OUT from_low float8, OUT from_high float8, OUT to_low float8, OUT to_high float8
) RETURNS SETOF record
LANGUAGE sql STABLE
BEGIN ATOMIC
    -- Both columns have 240 units for all rows, and a gap between segments. A segment's bands stand in the order of those
    -- at their other ends; those that are new, or gone, come last.
    SELECT p.from_segment, p.to_segment, p.rows, p.share, p.from_low, p.from_low + p.height, p.to_low, p.to_low + p.height
      FROM (SELECT v.*, 240.0::float8 * v.rows / sum(v.rows) OVER () AS height,
                   240.0::float8 * (sum(v.rows) OVER (ORDER BY v.from_segment, v.to_segment) - v.rows)::float8 / (sum(v.rows) OVER ())::float8
                       + $2 * (dense_rank() OVER (ORDER BY v.from_segment) - 1) AS from_low,
                   240.0::float8 * (sum(v.rows) OVER (ORDER BY v.to_segment, v.from_segment) - v.rows)::float8 / (sum(v.rows) OVER ())::float8
                       + $2 * (dense_rank() OVER (ORDER BY v.to_segment) - 1) AS to_low
              FROM segment_internal.migration(($1).model_id) v
             WHERE segment_internal.changes_of($1) IS NOT NULL) p
     ORDER BY p.from_segment, p.to_segment;
END;

COMMENT ON FUNCTION segment_internal.flow IS
'Internal: the migration of the last run, and from where to where each band of it goes, from top to bottom; no rows for a model without a history.';

CREATE FUNCTION segment_internal.flow_height(m segment_internal.catalog_model, gap float8) RETURNS float8
LANGUAGE sql STABLE
RETURN (SELECT max(greatest(f.from_high, f.to_high)) FROM segment_internal.flow($1, $2) f);

COMMENT ON FUNCTION segment_internal.flow_height IS 'Internal: how high a picture of it is; NULL: there is nothing to show.';

CREATE FUNCTION segment_internal.chart_flow_side(side text, x jsonb, y jsonb, color jsonb, place float8) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object(
    'transform', jsonb_build_array(
        jsonb_build_object('aggregate', jsonb_build_array(
                               jsonb_build_object('op', 'min', 'field', $1 || '_low', 'as', 'low'), jsonb_build_object('op', 'max', 'field', $1 || '_high', 'as', 'high'),
                               '{"op": "sum", "field": "rows", "as": "rows"}'::jsonb),
                           'groupby', jsonb_build_array($1 || '_segment', $1 || '_name')),
        jsonb_build_object('calculate', $5::text, 'as', 'start'), jsonb_build_object('calculate', ($5 + 0.02)::text, 'as', 'end')),
    'mark', '{"type": "rect", "opacity": 1}'::jsonb,
    'encoding', jsonb_build_object(
        'x', $2 || '{"field": "start"}', 'x2', '{"field": "end"}'::jsonb, 'y', $3 || '{"field": "low"}', 'y2', '{"field": "high"}'::jsonb, 'color', $4,
        'tooltip', jsonb_build_array(jsonb_build_object('field', $1 || '_name', 'title', 'Segment'),
                                     '{"field": "rows", "type": "quantitative", "title": "Customers", "format": ","}'::jsonb)));

COMMENT ON FUNCTION segment_internal.chart_flow_side IS 'Internal: the segments of one side of a flow, from or to, as a layer.';

CREATE FUNCTION segment_internal.chart_flow_numbers(side text, x jsonb, y jsonb, place float8, dx integer, align text) RETURNS jsonb
LANGUAGE sql IMMUTABLE
RETURN jsonb_build_object(
    'transform', jsonb_build_array(
        jsonb_build_object('aggregate', jsonb_build_array(
                               jsonb_build_object('op', 'min', 'field', $1 || '_low', 'as', 'low'), jsonb_build_object('op', 'max', 'field', $1 || '_high', 'as', 'high')),
                           'groupby', jsonb_build_array($1 || '_segment', $1 || '_name')),
        jsonb_build_object('calculate', format('datum.%1$s_segment === null ? datum.%1$s_name : datum.%1$s_segment', $1), 'as', 'number'),
        '{"calculate": "(datum.low + datum.high) / 2", "as": "middle"}'::jsonb,
        jsonb_build_object('calculate', $4::text, 'as', 'edge')),
    'mark', jsonb_build_object('type', 'text', 'dx', $5, 'align', $6, 'fontWeight', 600),
    'encoding', jsonb_build_object('x', $2 || '{"field": "edge"}', 'y', $3 || '{"field": "middle"}', 'text', '{"field": "number"}'::jsonb));

COMMENT ON FUNCTION segment_internal.chart_flow_numbers IS 'Internal: their numbers beside them, as a layer.';

CREATE FUNCTION segment_internal.chart_flow(m segment_internal.catalog_model) RETURNS jsonb
LANGUAGE sql STABLE
BEGIN ATOMIC
    WITH names AS (
        SELECT s.* FROM segment_internal.chart_segments($1, true) s
    ), hues AS (
        SELECT segment_internal.chart_hues($1, true) #> '{color}' AS color
    ), scales AS (
        SELECT h.color || '{"field": "from_name"}' || segment_internal.painted('{"condition": {"test": "datum.from_segment === null", "value": "var(--soft)"}}') AS from_color,
               h.color || '{"field": "to_name"}' || segment_internal.painted('{"condition": {"test": "datum.to_segment === null", "value": "var(--soft)"}}') AS to_color,
               jsonb_build_object('type', 'quantitative', 'axis', NULL, 'scale', jsonb_build_object(
                   'reverse', true, 'nice', false, 'zero', true, 'domain', jsonb_build_array(0, segment_internal.flow_height($1, 16)))) AS y,
               '{"type": "quantitative", "axis": null, "scale": {"domain": [0, 1], "nice": false}}'::jsonb AS x
          FROM hues h
    )
    SELECT jsonb_build_object(
               'data', segment_internal.chart_data((
                   SELECT jsonb_agg(jsonb_build_object(
                              'from_segment', f.from_segment, 'to_segment', f.to_segment, 'rows', f.rows, 'share', f.share,
                              'from_name', coalesce(b.name, 'New'), 'to_name', coalesce(a.name, 'Gone'),
                              'from_low', f.from_low, 'from_high', f.from_high, 'to_low', f.to_low, 'to_high', f.to_high) ORDER BY f.from_segment, f.to_segment)
                     FROM segment_internal.flow($1, 16) f
                     LEFT JOIN names b ON b.segment = f.from_segment
                     LEFT JOIN names a ON a.segment = f.to_segment)),
               'width', 'container', 'height', coalesce(segment_internal.flow_height($1, 16), 60) + 60,
               'layer', jsonb_build_array(
                   -- bands are drawn through 21 points
                   jsonb_build_object(
                       'transform', '[{"calculate": "datum.from_segment + \"-\" + datum.to_segment", "as": "band"}, {"calculate": "sequence(0, 21)", "as": "step"}, {"flatten": ["step"]},
                                      {"calculate": "0.02 + 0.96 * datum.step / 20", "as": "x"},
                                      {"calculate": "datum.step * datum.step / 400 * (3 - datum.step / 10)", "as": "way"},
                                      {"calculate": "datum.from_low + (datum.to_low - datum.from_low) * datum.way", "as": "low"},
                                      {"calculate": "datum.from_high + (datum.to_high - datum.from_high) * datum.way", "as": "high"}]'::jsonb,
                       'mark', '{"type": "area", "opacity": 0.45, "orient": "vertical"}'::jsonb,
                       'encoding', jsonb_build_object(
                           'x', s.x || '{"field": "x"}', 'y', s.y || '{"field": "low"}', 'y2', '{"field": "high"}'::jsonb, 'detail', '{"field": "band"}'::jsonb, 'color', s.from_color,
                           'tooltip', '[{"field": "from_name", "title": "From"}, {"field": "to_name", "title": "To"},
                                        {"field": "rows", "type": "quantitative", "title": "Customers", "format": ","},
                                        {"field": "share", "type": "quantitative", "title": "Share of those before", "format": ".1%"}]'::jsonb)),
                   segment_internal.chart_flow_side('from', s.x, s.y, s.from_color, 0),
                   segment_internal.chart_flow_side('to', s.x, s.y, s.to_color, 0.98),
                   segment_internal.chart_flow_numbers('from', s.x, s.y, 0, -8, 'right'),
                   segment_internal.chart_flow_numbers('to', s.x, s.y, 1, 8, 'left')))
      FROM scales s;
END;

COMMENT ON FUNCTION segment_internal.chart_flow IS 'Internal: bands from the segments before the last run to those after it, for Vega-Lite.';
