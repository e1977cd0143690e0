-- Small figures that take care of what doubles cannot hold, and the nearest of several names.

CREATE FUNCTION segment_internal.index(mean float8, population_mean float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_index';

COMMENT ON FUNCTION segment_internal.index IS
'Internal: a mean as a percentage of the mean of all rows; NULL where that is 0 or the result is beyond a double; 0 below 1e-100.';

CREATE FUNCTION segment_internal.z(mean float8, population_mean float8, population_stddev float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_z';

COMMENT ON FUNCTION segment_internal.z IS
'Internal: how many standard deviations of all rows a mean is above the mean of all rows; NULL where they do not vary or the result is beyond a double; 0 below 1e-100.';

CREATE FUNCTION segment_internal.part(value float8, lower float8, upper float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_part';

COMMENT ON FUNCTION segment_internal.part IS
'Internal: where a value is between two others, 0 at the lower one, 1 at the upper one; NULL where these are the same.';

CREATE FUNCTION segment_internal.apart(one float8, other float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_apart';

COMMENT ON FUNCTION segment_internal.apart IS 'Internal: how far two values are apart; Infinity beyond a double.';

CREATE FUNCTION segment_internal.whisker(quartile float8, other float8, extreme float8) RETURNS float8
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_whisker';

COMMENT ON FUNCTION segment_internal.whisker IS
'Internal: where a box plot''s whisker ends: 1.5 interquartile ranges beyond a quartile, away from the other one, but no further than the extreme value; NULL where that is no finite number.';

CREATE FUNCTION segment_internal.closest(name text, candidates text[]) RETURNS text
LANGUAGE c IMMUTABLE PARALLEL SAFE STRICT AS 'MODULE_PATHNAME', 'segment_internal_closest';

COMMENT ON FUNCTION segment_internal.closest IS
'Internal: the candidate nearest to name by edit distance, for hints; NULL if none comes near.';
