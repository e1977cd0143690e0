-- The tree of a bisecting model, as an indented list.

CREATE FUNCTION segment_internal.report_tree(m segment_internal.catalog_model) RETURNS text
LANGUAGE sql STABLE
BEGIN ATOMIC
    SELECT CASE WHEN EXISTS (SELECT FROM segment_internal.catalog_node n WHERE n.model_id = ($1).model_id AND n.run = ($1).run) THEN
           (SELECT segment_internal.section('tree', 'The segments as a tree',
               segment_internal.html('All customers were split in two, then again and again the part whose customers differ most. A side says in what the two parts differ most, '
               'and where the middle between them is: a few customers may be beyond it. segment_cut() gives fewer segments of the same tree.'),
               '<ol class="tree">' || E'\n' || string_agg(format(E'<li class="d%s">%s%s <span class="size">%s, %s</span></li>\n', least(t.depth, 9),
                   segment_internal.html(segment_internal.capitalize(coalesce(t.side, 'all customers'))),
                   coalesce(': ' || segment_internal.chip(t.segment) || ' <bdi>' || segment_internal.html(s.label) || '</bdi>', ''),
                   segment_internal.percent(t.share), segment_internal.count(t.rows)), '' ORDER BY t.ordinality) || E'</ol>\n')
              FROM segment_internal.tree($1) WITH ORDINALITY t
              LEFT JOIN segment_internal.catalog_segment s ON s.model_id = ($1).model_id AND s.segment = t.segment
            HAVING count(*) > 1) END;
END;

COMMENT ON FUNCTION segment_internal.report_tree IS 'Internal: the section of the tree, as HTML; NULL of a model that has none.';
