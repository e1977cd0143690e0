-- Findings.

CREATE FUNCTION segment_internal.report_findings(m segment_internal.catalog_model, effects segment_internal.effect[], value text, worth segment_internal.worth[])
RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT segment_internal.section('findings', 'Findings', NULL,
               format(E'<ul class="findings">\n%s%s</ul>\n',
                      (SELECT string_agg(format(E'<li>%s.</li>\n', segment_internal.html(i.insight)), '' ORDER BY i.n)
                         FROM segment_internal.model_insights($1, $2) WITH ORDINALITY i (topic, insight, n)),
                      (SELECT format(E'<li>"%s" is %s of the customers and brings %s of %s.</li>\n', segment_internal.html(v.label),
                                     segment_internal.percent(v.share), segment_internal.percent(v.value_share), segment_internal.html($3))
                         FROM unnest($4) v
                        WHERE v.value_share IS NOT NULL
                        ORDER BY v.value_share / nullif(v.share, 0) DESC NULLS LAST, v.segment LIMIT 1)));
END;

COMMENT ON FUNCTION segment_internal.report_findings IS 'Internal: the section of findings, as HTML.';
