#!/usr/bin/perl
#
# Models survive every way to copy a database or to upgrade a server, with their relations, labels, owners
# and scoring.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib $Bin;
use Server;
use Test::More;

use constant FIGURES => (
	'SELECT md5(string_agg(p::text, $$,$$ ORDER BY segment)) FROM shop.visits_profile p',
	'SELECT md5(string_agg(a::text, $$,$$ ORDER BY id)) FROM shop.visits_assignment a',
	'SELECT md5(string_agg(m::text, $$,$$ ORDER BY id)) FROM shop.visits_members m',
	'SELECT md5(string_agg(a::text, $$,$$ ORDER BY id)) FROM shop.seen_assignment a',
	'SELECT md5(string_agg(c::text, $$,$$ ORDER BY m, c::text)) FROM unnest($${visits,seen,own}$$::text[]) m, segment_centroids(m) c',
	'SELECT md5(string_agg(segment_score(m, v)::text, $$,$$ ORDER BY m, id)) FROM unnest($${visits,seen}$$::text[]) m, shop.visits v',
	'SELECT string_agg(to_jsonb(r)::text, $$,$$ ORDER BY model, run) FROM segment_runs r',
	'SELECT string_agg(to_jsonb(m)::text, $$,$$ ORDER BY model) FROM segment_models m',
	'SELECT string_agg(s::text, $$,$$ ORDER BY segment) FROM shop.own_profile s',
	'SET ROLE analyst; SELECT string_agg(model, $$,$$ ORDER BY model) FROM segment_models');

# each on a copy alone, for it changes the models
use constant CHANGES => (
	q{SELECT run, k, rows_used, inertia FROM segment_refresh('visits')},
	q{SELECT run, k, rows_used, inertia FROM segment_refresh('seen')},
	q{SET ROLE analyst; SELECT run, k, rows_used, inertia FROM segment_refresh('own')},
	q{SELECT label FROM shop.visits_profile WHERE segment = 2},
	q{SELECT model, k, inertia FROM segment_kmeans('shop.visits', 2, model => 'other')},
	q{DROP VIEW shop.best; SELECT count(segment_drop(model)::text) FROM segment_models});

my $server = Server->new;
my $dumps = tempdir('/tmp/segment.dumps.XXXXXX', CLEANUP => 1);

$server->query(q{
	CREATE EXTENSION segment;
	CREATE ROLE analyst LOGIN;
	CREATE SCHEMA shop;
	CREATE TABLE shop.visits(id integer PRIMARY KEY, "Spend" float8, visits integer);
	INSERT INTO shop.visits SELECT i, i % 4 * 100 + i % 3, i % 4 FROM generate_series(1, 400) i;
	GRANT ALL ON SCHEMA shop TO analyst;
	GRANT SELECT ON shop.visits TO analyst;
	SELECT segment_kmeans('shop.visits', 4);
	SELECT segment_refresh('visits');
	SELECT segment_label('visits', 2, 'Regulars', 'who come back');
	SELECT segment_kmeans('shop.visits', 3, model => 'seen', assignment => 'view');
	CREATE VIEW shop.best AS SELECT * FROM shop.visits_members WHERE segment = 1;
	CREATE TEMPORARY TABLE passing AS TABLE shop.visits;
	SELECT segment_kmeans('passing', 2, key => '{id}')});
$server->query(q{SET ROLE analyst; SELECT segment_kmeans('shop.visits', 2, model => 'own', features => '{Spend}')});
my @figures = map { figure('postgres', $_) } FIGURES;
like($figures[-1], qr/^own$/, 'models are fitted');
unlike("@figures", qr/ERROR/, 'and seen');

# A copy made from a template changes as the others have to.

run('template', 'createdb -T postgres changed');
my @changes = map { figure('changed', $_) } CHANGES;
like($changes[0], qr/^3\|4\|400\|/, 'and refreshed');
is($changes[-1], 4, 'and dropped');
unlike("@changes", qr/ERROR/, 'without an error');

my %copies = (
	'plain SQL' => [ 'pg_dump postgres | psql -Xq -o /dev/null -v ON_ERROR_STOP=1 copy' ],
	'-Fc, -j2' => [ "pg_dump -Fc -f $dumps/c postgres", "pg_restore -e -j2 -d copy $dumps/c" ],
	'-Fd, -j2' => [ "pg_dump -Fd -j2 -f $dumps/d postgres", "pg_restore -e -j2 -d copy $dumps/d" ],
	'schema, then data' => [
		"pg_dump -Fc -s -f $dumps/s postgres", "pg_dump -Fc -a -f $dumps/a postgres",
		"pg_restore -e -j2 -d copy $dumps/s", "pg_restore -e -j2 -d copy $dumps/a" ]);
for my $way (sort keys %copies)
{
	run($way, 'createdb -T template0 copy', @{ $copies{$way} });
	compare($way, 'copy');
	run($way, 'dropdb copy');
}

# Another server, with the roles.

my $other = Server->new;
run('pg_dumpall', "pg_dumpall -h $server->{base} | sed '/^CREATE ROLE postgres;/d' | psql -Xq -o /dev/null -v ON_ERROR_STOP=1");
compare('pg_dumpall', 'postgres');
$other->stop;

# An upgrade, to the same version for want of another: what it does with catalogs and files is the same.

$server->stop;
my $upgraded = Server->new(stopped => 1);
$upgraded->run(Server::as_server(), 'sh', '-c', 'cd "$1" && shift && exec "$@"', 'sh', $upgraded->{base}, "$upgraded->{bin}/pg_upgrade",
	'-b', $upgraded->{bin}, '-B', $upgraded->{bin}, '-d', "$server->{base}/data", '-D', "$upgraded->{base}/data",
	'-s', $upgraded->{base}, '-U', 'postgres');
$upgraded->start;
compare('pg_upgrade', 'postgres');
done_testing();

# What has been copied shows the same, and changes in the same way.
sub compare
{
	my ($way, $database) = @_;
	is(figure($database, (FIGURES)[$_]), $figures[$_], "$way: " . (FIGURES)[$_]) for 0 .. $#figures;
	is(figure($database, (CHANGES)[$_]), $changes[$_], "$way: " . (CHANGES)[$_]) for 0 .. $#changes;
	is(figure($database, q{SELECT count(*) FROM segment_internal.catalog_model}), 0,
		"$way: nothing is left, and the model of a temporary table stayed behind");
}

sub figure
{
	my ($database, $query) = @_;
	local $ENV{PGDATABASE} = $database;
	return $server->query($query);
}

sub run
{
	my ($way, @commands) = @_;
	is(qx(cd / && { $_; } 2>&1), '', "$way: " . s/ .*//r) for @commands;
}
