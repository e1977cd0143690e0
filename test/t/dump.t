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
	SELECT segment_kmeans('shop.visits', 4);
	SELECT segment_label('visits', 2, 'Regulars');
	CREATE TEMPORARY TABLE passing AS TABLE shop.visits;
	SELECT segment_kmeans('passing', 2, key => '{id}')});

my @figures = (
	'SELECT md5(string_agg(p::text, $$,$$ ORDER BY segment)) FROM shop.visits_profile p',
	'SELECT md5(string_agg(a::text, $$,$$ ORDER BY id)) FROM shop.visits_assignment a',
	'SELECT md5(string_agg(m::text, $$,$$ ORDER BY id)) FROM shop.visits_members m',
	'SELECT md5(string_agg(c::text, $$,$$)) FROM segment_centroids($$visits$$) c',
	'SELECT md5(string_agg(segment_score($$visits$$, v)::text, $$,$$ ORDER BY id)) FROM shop.visits v',
	'SELECT model, source, k, inertia FROM segment_runs WHERE model = $$visits$$');
my @before = map { query($source, $_) } @figures;

query('postgres', 'DROP DATABASE IF EXISTS segment_restored');
query('postgres', 'CREATE DATABASE segment_restored');
is(qx(pg_dump $source | psql -Xq -v ON_ERROR_STOP=1 segment_restored 2>&1 >/dev/null), '',
	'the dump restores without a message');
is(query('segment_restored', $figures[$_]), $before[$_], $figures[$_]) for 0 .. $#figures;
is(query('segment_restored', q{SELECT count(*) FROM segment_internal.catalog_model WHERE name = 'passing'}), '0',
	'a model of a temporary table stays behind');
is(query('segment_restored', q{SELECT run FROM segment_refresh('visits')}), '2',
	'a restored model can be refreshed');
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
