-- The colours of charts are those of the report: its style sheet, which make puts here, is the one place where they stand.

CREATE FUNCTION segment_internal.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN $css$
@report.css@
$css$;

COMMENT ON FUNCTION segment_internal.report_style IS 'Internal: the style sheet of the report.';

CREATE FUNCTION segment_internal.color(name text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN substring(segment_internal.report_style() FROM '--' || $1 || ':(#[0-9a-f]+)');

COMMENT ON FUNCTION segment_internal.color IS 'Internal: the light colour of a variable of the style sheet: #rrggbb.';

CREATE FUNCTION segment_internal.painted(spec text) RETURNS jsonb
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    name text;
BEGIN
    FOR name IN SELECT DISTINCT m[1] FROM regexp_matches(spec, 'var\(--(\w+)\)', 'g') m LOOP
        spec := replace(spec, 'var(--' || name || ')', segment_internal.color(name));
    END LOOP;
    RETURN spec::jsonb;
END
$$;

COMMENT ON FUNCTION segment_internal.painted IS 'Internal: a specification with the colours of the variables that it names as var(--name).';

CREATE FUNCTION segment_internal.chart_palette() RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN ARRAY(SELECT segment_internal.color('s' || n) FROM generate_series(1, 9) n ORDER BY n);

COMMENT ON FUNCTION segment_internal.chart_palette IS 'Internal: the colours of segments: of the first eight, and the grey of all others.';
