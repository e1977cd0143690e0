-- The style sheet: make puts report.css here.

CREATE FUNCTION segment_internal.report_style() RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN $css$
@report.css@
$css$;

COMMENT ON FUNCTION segment_internal.report_style IS 'Internal: the style sheet of the report.';
