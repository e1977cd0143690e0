#!/usr/bin/perl
#
# Models survive pg_dump and restore, with their relations, labels and scoring.

use strict;
use warnings;
use Test::More;

my $source = $ENV{PGDATABASE};

query($source, q{
	CREATE SCHEMA shop;
	CREATE TABLE shop.visits(id integer PRIMARY KEY, "Spend" float8, visits integer);
	INSERT INTO shop.visits SELECT i, i % 4 * 100 + i % 3, i % 4 FROM generate_series(1, 400) i;
	SELECT segment_kmeans('shop.visits', 4, algorithm => 'bisecting', history => true);
	UPDATE shop.visits SET visits = 3, "Spend" = 300 WHERE id % 40 = 1; DELETE FROM shop.visits WHERE id = 2;
	SELECT segment_rescore('visits');
	SELECT segment_label('visits', 2, 'Regulars');
	SELECT segment_refresh('visits', only_if_drift => true);
	SELECT segment_live_view('visits');
	CREATE TEMPORARY TABLE passing AS TABLE shop.visits;
	SELECT segment_kmeans('passing', 2, key => '{id}')});

# what cannot be restored, by accident or not, keeps nothing else from it
like(query($source, q{
	CREATE TABLE shop.orders AS SELECT id AS customer, id % 7 AS amount FROM shop.visits;
	CREATE VIEW shop.sums AS SELECT v.id, v.visits, sum(o.amount) AS amount FROM shop.visits v JOIN shop.orders o ON o.customer = v.id GROUP BY v.id;
	CREATE MATERIALIZED VIEW shop.late_sums AS SELECT v.id, v.visits, sum(o.amount) AS amount FROM shop.visits v JOIN shop.orders o ON o.customer = v.id GROUP BY v.id;
	CREATE VIEW shop.over_late_sums AS SELECT * FROM shop.late_sums;
	CREATE FUNCTION shop.late() RETURNS TABLE (id integer, visits integer) LANGUAGE sql
		BEGIN ATOMIC SELECT v.id, v.visits FROM shop.visits v JOIN shop.orders o ON o.customer = v.id GROUP BY v.id; END;
	CREATE VIEW shop.late_rows AS SELECT * FROM shop.late();
	SELECT segment_kmeans(('shop.' || s)::regclass, 2, key => '{id}') FROM unnest('{sums,late_sums,over_late_sums,late_rows}'::text[]) s;
	SELECT segment_kmeans('shop.visits', 2, model => m) FROM unnest('{gone,on_temporary,on_index}'::text[]) m;
	CREATE FUNCTION pg_temp.spoil(model text, change text) RETURNS void LANGUAGE sql AS $$
		SELECT segment_internal.keep_run(jsonb_populate_record(m, change::jsonb || '{"run": 2}'), jsonb_populate_record(r, '{"run": 2}'), '{}',
			ARRAY(SELECT jsonb_populate_record(c, '{"run": 2}') FROM segment_internal.catalog_centroid c WHERE c.model_id = m.model_id),
			ARRAY(SELECT jsonb_populate_record(p, '{"run": 2}') FROM segment_internal.catalog_profile p WHERE p.model_id = m.model_id), '{}')
		  FROM segment_internal.catalog_model m JOIN segment_internal.catalog_run r USING (model_id, run) WHERE m.name = $1 $$;
	CREATE TEMPORARY TABLE mine();
	SELECT pg_temp.spoil('gone', '{"source": "3999999999"}'), pg_temp.spoil('on_temporary', '{"source": "mine"}'),
	       pg_temp.spoil('on_index', '{"source": "shop.visits_pkey"}');
	SELECT segment_internal.dumped(m) FROM segment_internal.catalog_model m WHERE m.name = 'on_temporary'}),
	qr/^f\z/m, 'a model that names a temporary table is not dumped');

my @figures = (
	'SELECT md5(string_agg(p::text, $$,$$ ORDER BY segment)) FROM shop.visits_profile p',
	'SELECT md5(string_agg(a::text, $$,$$ ORDER BY id)) FROM shop.visits_assignment a',
	'SELECT md5(string_agg(m::text, $$,$$ ORDER BY id)) FROM shop.visits_members m',
	'SELECT md5(string_agg(c::text, $$,$$)) FROM segment_centroids($$visits$$) c',
	'SELECT string_agg(t::text, $$,$$) FROM segment_tree($$visits$$) t',
	'SELECT md5(string_agg(segment_score($$visits$$, v)::text, $$,$$ ORDER BY id)) FROM shop.visits v',
	'SELECT md5(string_agg(c::text, $$,$$ ORDER BY id)) FROM shop.visits_changes c',
	'SELECT string_agg(m::text, $$,$$) FROM segment_migration($$visits$$) m',
	'SELECT string_agg(t::text, $$,$$) FROM segment_transitions($$visits$$) t',
	'SELECT string_agg(d::text, $$,$$) FROM segment_drift($$visits$$) d',
	'SELECT drift_verdict, drift, drift_of, drift_at FROM segment_status WHERE model = $$visits$$',
	'SELECT md5(string_agg(v::text, $$,$$ ORDER BY id)) FROM shop.visits_live v',
	'SELECT model, changes FROM segment_models WHERE model = $$visits$$',
	'SELECT model, source, k, inertia FROM segment_runs WHERE model = $$visits$$');
my @before = map { query($source, $_) } @figures;

query('postgres', 'DROP DATABASE IF EXISTS segment_restored');
query('postgres', 'CREATE DATABASE segment_restored');
my $dump = qx(pg_dump $source);
my ($models) = $dump =~ /^COPY segment_internal.catalog_model \(.*?\n(.*?)^\\\.$/ms;
is(join(' ', sort map { (split /\t/)[1] } split /\n/, $models), 'gone on_temporary sums visits', 'the models that can be restored, also those whose source is gone by now');
is(qx(pg_dump $source | psql -Xq -v ON_ERROR_STOP=1 segment_restored 2>&1 >/dev/null), '',
	'the dump restores without a message');
is(query('segment_restored', $figures[$_]), $before[$_], $figures[$_]) for 0 .. $#figures;
is(query('segment_restored', q{SELECT count(*) FROM segment_internal.catalog_model WHERE name = 'passing'}), '0',
	'a model of a temporary table stays behind');
is(query('segment_restored', q{SELECT run FROM segment_refresh('visits')}), '3',
	'a restored model can be refreshed');
is(query('segment_restored', q{SELECT (segment_rollback('visits', 1)).k_reason}), 'rolled back to run 1',
	'and taken back to a run from before the dump');
is(query('segment_restored', q{SELECT count(*) = sum((l.segment = a.segment)::integer) FROM shop.visits_live l JOIN shop.visits_assignment a USING (id)}), 't',
	'which its live view scores by');
is(query('segment_restored', q{SELECT segment_prune('visits', 1)}), '3', 'with earlier runs to forget');
is(query('segment_restored', q{SELECT model FROM segment_kmeans('shop.visits', 2, model => 'other')}), 'other',
	'and others fitted beside it');

query('postgres', 'DROP DATABASE segment_restored');
query($source, q{SELECT segment_drop('visits'); DROP SCHEMA shop CASCADE});
done_testing();

sub query
{
	my ($database, $statement) = @_;
	open my $psql, '-|', qw(psql -XAtq -d), $database, '-c', 'SET client_min_messages = warning',
	  '-c', $statement
	  or die "cannot run psql: $!\n";
	local $/;
	my $output = <$psql>;
	close $psql;
	$output =~ s/\n\z//;
	return $output;
}
