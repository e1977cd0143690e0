-- The report: one HTML page, complete in itself. Each section is a function that returns its part of the page; charts
-- are SVG in its text. Everything that comes from data passes segment_internal.html().
--
-- Charts never say a thing by colour alone: segments have their numbers. Colours are variables of the style sheet, for
-- light and dark, and told apart by colour-blind readers (after the palette of M. Okabe and K. Ito, 2008). There are
-- eight; further segments, the smallest of a first fit, are grey and have a pattern instead.
--
-- What leads to decisions stands open, how the model was made is folded (<details>): on paper what is folded is left out.

CREATE FUNCTION segment_internal.html(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN replace(replace(replace(replace(replace(regexp_replace($1, '[\x01-\x1f\x7f]+', ' ', 'g'),
           '&', '&amp;'), '<', '&lt;'), '>', '&gt;'), '"', '&quot;'), '''', '&#39;');

COMMENT ON FUNCTION segment_internal.html IS 'Internal: a text as it may stand between tags and in attributes of HTML.';

CREATE FUNCTION segment_internal.sentence_html(words text) RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN regexp_replace(segment_internal.html(segment_internal.capitalize($1)), '&quot;(.*?)&quot;', '&quot;<bdi>\1</bdi>&quot;', 'g');

COMMENT ON FUNCTION segment_internal.sentence_html IS 'Internal: a sentence as HTML, in which what is quoted may run from right to left.';

CREATE FUNCTION segment_internal.counted(n bigint, noun text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN segment_internal.count($1) || ' ' || $2 || CASE WHEN $1 = 1 THEN '' ELSE 's' END;

COMMENT ON FUNCTION segment_internal.counted IS 'Internal: "1 segment", "2 segments".';

CREATE FUNCTION segment_internal.section(id text, heading text, lead text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<section id="%1$s" aria-labelledby="%1$s-heading">\n<h2 id="%1$s-heading">%2$s</h2>\n', $1, $2)
    || coalesce('<p class="lead">' || $3 || E'</p>\n', '') || $4 || E'</section>\n';

COMMENT ON FUNCTION segment_internal.section IS 'Internal: a section of the report, of HTML.';

CREATE FUNCTION segment_internal.folded(summary text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<details>\n<summary>%s</summary>\n', $1) || $2 || E'</details>\n';

COMMENT ON FUNCTION segment_internal.folded IS 'Internal: HTML that is folded behind a line of it.';

CREATE FUNCTION segment_internal.folded_section(id text, heading text, lead text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<section id="%1$s" class="fold" aria-labelledby="%1$s-heading">\n', $1)
    || segment_internal.folded(format('<h2 id="%s-heading">%s</h2>', $1, $2), coalesce('<p class="lead">' || $3 || E'</p>\n', '') || $4)
    || E'</section>\n';

COMMENT ON FUNCTION segment_internal.folded_section IS 'Internal: a section of the report, folded behind its heading.';

CREATE FUNCTION segment_internal.svg(id text, title text, description text, width integer, height integer, class text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<svg role="img" class="%6$s" viewBox="0 0 %4$s %5$s" aria-labelledby="%1$s-title" aria-describedby="%1$s-desc">'
              '<title id="%1$s-title">%2$s</title><desc id="%1$s-desc">%3$s</desc>',
              $1, segment_internal.html($2), segment_internal.html($3), $4, $5, $6) || $7 || E'</svg>\n';

COMMENT ON FUNCTION segment_internal.svg IS 'Internal: a chart with its title and its description; width and height are those of its coordinates.';

CREATE FUNCTION segment_internal.scroll(label text, body text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format(E'<div class="scroll" role="region" tabindex="0" aria-label="%s">\n<p class="hint">It goes on to the right &rarr;</p>\n', segment_internal.html($1))
    || $2 || E'</div>\n';

COMMENT ON FUNCTION segment_internal.scroll IS 'Internal: something wide, which scrolls in itself on a narrow screen, and then says so.';

CREATE FUNCTION segment_internal.position(value float8, lower float8, upper float8, first float8, last float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN round(($4 + ($5 - $4) * coalesce(segment_internal.part(least(greatest($1, $2), $3), $2, $3), 0.5))::numeric, 1)::text;

COMMENT ON FUNCTION segment_internal.position IS 'Internal: the coordinate of a value where lower is at first and upper at last.';

CREATE FUNCTION segment_internal.ticks(lower float8, upper float8, most integer) RETURNS float8[]
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
BEGIN ATOMIC
    -- multiples of 1, 2 or 5 times a power of ten, and so few that they fit
    SELECT CASE WHEN segment_internal.apart($1, $2) BETWEEN 2e-100 AND 2e100 AND greatest(abs($1), abs($2)) / ($2 - $1) < 1e6
                THEN (SELECT ARRAY(SELECT n * s.step::float8 FROM generate_series(ceil($1::numeric / s.step), floor($2::numeric / s.step)) n)
                        FROM (SELECT f * power(10::numeric, floor(log(($2 - $1)::numeric))::integer + e) AS step
                                FROM unnest('{1,2,5}'::numeric[]) f, generate_series(-1, 1) e) s
                       WHERE floor($2::numeric / s.step) - ceil($1::numeric / s.step) < $3
                       ORDER BY s.step LIMIT 1)
                ELSE '{}' END;
END;

COMMENT ON FUNCTION segment_internal.ticks IS 'Internal: at most so many round numbers from lower to upper.';

CREATE FUNCTION segment_internal.tick(value float8, kind text DEFAULT 'number') RETURNS text
LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
RETURN CASE WHEN $2 = 'date' THEN left(segment_internal.day($1), 7)
            WHEN $2 = 'share' THEN round((100 * $1)::numeric) || '%'
            WHEN $2 = 'year' THEN round($1::numeric)::text
            WHEN abs($1) >= 1e15 THEN btrim(to_char($1::numeric, '9.9EEEE'))
            WHEN abs($1) >= 1e12 THEN trim_scale(round(($1 / 1e12)::numeric, 2)) || 'T'
            WHEN abs($1) >= 1e9 THEN trim_scale(round(($1 / 1e9)::numeric, 2)) || 'B'
            WHEN abs($1) >= 1e6 THEN trim_scale(round(($1 / 1e6)::numeric, 2)) || 'M'
            WHEN abs($1) >= 1e4 THEN trim_scale(round(($1 / 1e3)::numeric, 1)) || 'k'
            WHEN abs($1) < 1e-4 AND $1 <> 0 THEN btrim(to_char($1::numeric, '9.9EEEE'))
            WHEN $1 = 0 THEN '0'
            ELSE trim_scale(round($1::numeric, greatest(0, 2 - floor(log(abs($1)))::integer)))::text END;

COMMENT ON FUNCTION segment_internal.tick IS 'Internal: a number on an axis or in a small cell: three digits.';

CREATE FUNCTION segment_internal.hue(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN $1 BETWEEN 1 AND 8 THEN 's' || $1 ELSE 's9 p' || ($1 + 3) % 4 END;

COMMENT ON FUNCTION segment_internal.hue IS 'Internal: the classes of a segment: one of eight colours, or grey with one of four patterns.';

CREATE FUNCTION segment_internal.chip(segment integer) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<span class="chip %s">%s</span>', segment_internal.hue($1), $1);

COMMENT ON FUNCTION segment_internal.chip IS 'Internal: the number of a segment on its colour.';

CREATE FUNCTION segment_internal.bar(share float8, class text) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN format('<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true"><path class="rail" d="M0 5H100"/>'
              '<path class="%s" d="M0 5H%s"/></svg>', $2, round((100 * least(greatest(coalesce($1, 0), 0), 1))::numeric, 1));

COMMENT ON FUNCTION segment_internal.bar IS 'Internal: a share as a bar beside its number.';

-- Tables: heads that begin with # are those of numbers; cells are HTML.
CREATE FUNCTION segment_internal.row(heads text[], cells text[], class text DEFAULT NULL) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT format(E'<tr%s>%s</tr>\n', coalesce(' class="' || $3 || '"', ''), string_agg(format(
               CASE WHEN u.n = 1 THEN '<th scope="row"><bdi>%s</bdi></th>' WHEN $1[u.n] LIKE '#%' THEN '<td class="n">%s</td>' ELSE '<td>%s</td>' END,
               coalesce(u.cell, '&ndash;')), '' ORDER BY u.n))
      FROM unnest($2) WITH ORDINALITY u (cell, n);
END;

COMMENT ON FUNCTION segment_internal.row IS 'Internal: a row of a table, the first cell its head; NULL is a dash.';

CREATE FUNCTION segment_internal.table(caption text, heads text[], rows text, class text DEFAULT '') RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE
BEGIN ATOMIC
    SELECT segment_internal.scroll($1, format(
               E'<table class="%s"><caption>%s</caption>\n<thead><tr>%s</tr></thead>\n<tbody>\n%s</tbody></table>\n', $4, segment_internal.html($1),
               string_agg(format('<th scope="col"%s>%s</th>', CASE WHEN u.head LIKE '#%' THEN ' class="n"' ELSE '' END, ltrim(u.head, '#')), '' ORDER BY u.n), $3))
      FROM unnest($2) WITH ORDINALITY u (head, n);
END;

COMMENT ON FUNCTION segment_internal.table IS 'Internal: a table of rows of segment_internal.row().';
