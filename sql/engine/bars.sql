-- Bars of characters beside figures, at most 20 wide and in ASCII, which every encoding and terminal has.

CREATE FUNCTION segment_internal.text_bar(value float8, largest float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
RETURN repeat('#', round(20 * segment_internal.part($1, 0, $2))::integer);

COMMENT ON FUNCTION segment_internal.text_bar IS
'Internal: a bar as long as a value, which is not below 0, is beside the largest one; NULL where that is 0.';

CREATE FUNCTION segment_internal.text_bar_beside(value float8, largest float8) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT CASE WHEN $1 < 0 THEN lpad(repeat('-', n), 9) || '|' ELSE repeat(' ', 9) || '|' || repeat('+', n) END
      FROM (SELECT round(9 * coalesce(segment_internal.part(abs($1), 0, $2), 0))::integer AS n) s;
END;

COMMENT ON FUNCTION segment_internal.text_bar_beside IS
'Internal: a bar to the left (-) or the right (+) of a line, for a value below or above 0, as long as it is beside the largest one, whatever the sign.';

CREATE FUNCTION segment_internal.text_box(quantiles float8[]) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE STRICT
BEGIN ATOMIC
    SELECT overlay(repeat(' ', p[2]) || repeat('-', p[3] - p[2]) || repeat('=', p[5] - p[3] + 1) || repeat('-', p[6] - p[5])
                   PLACING '|' FROM p[4] + 1)
      FROM (SELECT array_agg(round(19 * coalesce(segment_internal.part(q, $1[1], $1[7]), 0))::integer ORDER BY n) AS p
              FROM unnest($1) WITH ORDINALITY u (q, n)
            HAVING bool_and((abs(q) < 'Infinity') IS TRUE)) s;
END;

COMMENT ON FUNCTION segment_internal.text_box IS
'Internal: a box plot of seven quantiles in ascending order, from the first to the last: a line from the second to the sixth, a box from the third to the fifth, and a mark at the fourth; NULL where one is missing or infinite.';
