#!/usr/bin/perl
#
# A refresh costs what changed: of rows that have not, no tuple is written and hardly any WAL, whatever
# stopped the fit, and however the segments are made; of few that have, little.
#
# Ten sets of data, each refreshed ten times.  Pages are not logged whole, for how many pages of the system's catalog
# are touched for the first time after a checkpoint is not ours to say, and differs between versions.

use strict;
use warnings;
use FindBin qw($Bin);
use lib $Bin;
use Server;
use Test::More;

use constant MOST_WAL => 40_000;    # bytes, of a refresh that finds nothing new
use constant REFRESHES => 10;

# Groups are read from a table that is made for them, and so is their assignment: rows of the system's catalog.
use constant MOST_WAL_OF_TABLES => 60_000;

my $server = Server->new(config => "wal_level = replica\nfull_page_writes = off\nmax_wal_size = 4GB\n");
$server->query(q{CREATE EXTENSION segment});

# Values without groups, so that the fit goes on for long: sums of hashes are nearly normal.
my $noise = q{(hashint8extended(i, %1$s) / 2^63 + hashint8extended(i, %1$s + 1) / 2^63 + hashint8extended(i, %1$s + 2) / 2^63)};
my ($x, $y, $z) = map { sprintf $noise, $_ } 10, 20, 30;
my $blobs = "i % 4 * 3 + $x AS x, i % 4 * (i % 3) + $y AS y, $z AS z";

# name, the source, its key, arguments of the fit
my @models = (
	['found', $blobs, 'id', 'k => 4'],
	['stopped_by_tol', "$x AS x, $y AS y, $z AS z", 'id', 'k => 7, tol => 0.01'],
	['stopped_by_max_iter', "$x AS x, $y AS y, $z AS z", 'id', 'k => 7, max_iter => 3, n_init => 1'],
	['cosine', "$x AS x, $y AS y, $z AS z", 'id', q{k => 5, distance => 'cosine', scaling => 'none'}],
	['weighted', "$blobs, 1 + i % 3 AS w", 'id', q{k => 5, sample_weight => 'w'}],
	['bisecting', $blobs, 'id', q{k => 5, algorithm => 'bisecting'}],
	['trimmed', $blobs, 'id', q{k => 4, "trim" => 0.02}],
	['sized', $blobs, 'id', 'k => 5, min_share => 0.12, max_share => 0.3'],
	['grouped', "$blobs, CASE i % 3 WHEN 0 THEN 'north' WHEN 1 THEN 'south' END AS region", 'id', q{k => 3, group_by => '{region}'}],
	['of_two_columns', "$blobs, md5(i::text) AS name", 'name,id', 'k => 4'],
);

for my $model (@models)
{
	my ($name, $columns, $key, $arguments) = @$model;
	my $table = $name eq 'of_two_columns' ? 'PARTITION BY HASH (id)' : '';
	$server->query("CREATE TABLE source AS SELECT i AS id, $columns FROM generate_series(1, 6000) i",
		'CREATE TABLE ' . "$name (LIKE source) $table",
		$table ? map { "CREATE TABLE ${name}_$_ PARTITION OF $name FOR VALUES WITH (MODULUS 2, REMAINDER $_)" } 0, 1 : (),
		"INSERT INTO $name SELECT * FROM source", 'DROP TABLE source',
		"SELECT segment_kmeans('$name', model => '$name', key => '{$key}', features => '{x,y,z}', $arguments)");
	my $tuples = "SELECT md5(string_agg(format('%s %s %s', a.ctid, a.xmin, a), ',' ORDER BY a.ctid)) FROM ${name}_assignment a";
	my $before = $server->query($tuples);
	my @wal = map { wal_of($name) } 1 .. REFRESHES;
	is($server->query($tuples), $before, "$name: no tuple is written");
	my $most = MOST_WAL + ($name eq 'grouped' ? MOST_WAL_OF_TABLES : 0);
	is(scalar(grep { /^\d+$/ && $_ < $most } @wal), REFRESHES, "$name: nor much WAL: @wal");
}

# One row in a hundred changed, among others that are new or gone.

$server->query('CREATE TABLE before AS SELECT *, ctid AS place FROM found_assignment',
	'UPDATE found SET x = x + 1, z = z - 1 WHERE id % 101 = 0', 'DELETE FROM found WHERE id IN (7, 8)',
	'INSERT INTO found SELECT -id, x, y, z FROM found WHERE id IN (9, 10)');
my $few = wal_of('found');
is($server->query(q{SELECT count(*) FILTER (WHERE b.id IS NULL), count(*) FILTER (WHERE a.id IS NULL) FROM found_assignment a FULL JOIN before b USING (id)}),
	'2|2', 'rows come and go');
my $written = $server->query('SELECT count(*) FROM found_assignment a JOIN before b USING (id) WHERE a.ctid <> b.place');
cmp_ok($written, '>=', 50, 'those that changed are written');
cmp_ok($written, '<=', 180, "and few others of 6000: $written in all");
cmp_ok($few, '<', MOST_WAL + $server->query(q{SELECT pg_total_relation_size('found_assignment')}), "and WAL is that of the run, and of the pages once: $few");

done_testing();

# Refreshes a model, and says how many bytes of WAL that took.
sub wal_of
{
	my ($model) = @_;
	my $before = $server->query('SELECT pg_current_wal_insert_lsn()');
	my $outcome = $server->query("DO \$\$ BEGIN PERFORM segment_refresh('$model'); END \$\$");
	return $outcome || $server->query("SELECT pg_current_wal_insert_lsn() - '$before'");
}
