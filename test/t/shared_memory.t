#!/usr/bin/perl
#
# What processes of a fit share is gone after it, however it ended, and grows neither with the number
# of fits in one call nor with PostgreSQL's ways to provide it.  On a server of its own, whose segments of
# dynamic shared memory are files that SQL can count.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib $Bin;
use Session qw(wait_until);
use Test::More;

my $installation = $ENV{PGHOST};
$ENV{PGDATABASE} = 'postgres';
my $base = tempdir('/tmp/segment.memory.XXXXXX', CLEANUP => 1);
my @as_server = $> == 0 ? qw(runuser -u postgres --) : ();

system('chown', 'postgres', $base) if $> == 0;
chmod 0755, $base;
run("$installation/bin/initdb", '-D', "$base/data", '-U', 'postgres', '-A', 'trust', '--no-sync');
append("$base/data/postgresql.conf", <<"END");
unix_socket_directories = '$base'
listen_addresses = ''
port = $ENV{PGPORT}
dynamic_shared_memory_type = mmap
max_connections = 10
max_wal_senders = 0
parallel_leader_participation = off
parallel_setup_cost = 0
parallel_tuple_cost = 0
min_parallel_table_scan_size = 0
segment.max_parallel_workers = 2
END
start('');
query(q{
	CREATE EXTENSION segment;
	CREATE TABLE few AS SELECT i AS id, sin(i) AS x, cos(i * 1.7) AS y FROM generate_series(1, 20000) i;
	CREATE TABLE many AS SELECT i AS id, sin(i) AS x, cos(i * 1.7) AS y FROM generate_series(1, 60000) i;
	CREATE VIEW broken AS SELECT id, x / (id - 50001) AS x, y FROM many;
	ANALYZE few;
	ANALYZE many});
like(query('EXPLAIN SELECT sum(x) FROM few'), qr/Gather/, 'PostgreSQL plans parallel scans');

# The first round brings what the server itself keeps.
round($_) for 'first', 'second';
my $kept = segments();
round('third');
is(segments(), $kept, 'no segment stays behind');

# The server above has slots for some 170 segments.
unlike(query(q{SELECT max(k) FROM segment_elbow('many', 2, 60, features => '{x,y}', n_init => 1)}),
	qr/one process/, 'fits for many k take no more segments than one');

# Few rows, which need no sample, but much work for each.
query(q{CREATE TABLE wide AS SELECT i AS id, } . join(', ', map { "sin(i * $_.7) AS f$_" } 1 .. 30) .
	q{ FROM generate_series(1, 20000) i; ANALYZE wide});
my $wide = q{SELECT segment_kmeans('wide', 50, key => '{id}', n_init => 1, max_iter => 5, replace => true) IS NOT NULL;
	SELECT inertia FROM segment_models WHERE model = 'wide'; SELECT md5(array_agg(p ORDER BY segment)::text) FROM wide_profile p};
my $profile = query("SET segment.max_parallel_workers = 0; $wide");
like($profile, qr/^t\n[\d.]+\n[0-9a-f]{32}$/m, 'a profile without workers');
is(query($wide), $profile, 'and with workers');

my $fit = q{SELECT k, inertia, silhouette FROM segment_kmeans('many', 5, key => '{id}', replace => true)};
my $figures = query($fit);
stop('fast');
start('-c min_dynamic_shared_memory=32MB');
is(query($fit), $figures, "the same figures in memory of the server's reserve, attempt $_") for 1 .. 3;
done_testing();

END
{
	stop('immediate') if -f "$base/data/postmaster.pid";
}

# fits that end well, and in other ways
sub round
{
	my ($name) = @_;
	is(query(q{SELECT rows_used FROM segment_kmeans('few', 3, key => '{id}', replace => true)}), '20000',
		"$name round: all rows are in the sample");
	is(query(q{SET segment.work_mem = '64kB'; SELECT rows_used FROM segment_kmeans('many', 3, key => '{id}', replace => true)}),
		'60000', 'rows and a sample of them');
	like(query(q{SELECT segment_kmeans('broken', 3, key => '{id}')}), qr/division by zero/, 'an error in the middle');
	like(query(q{SET statement_timeout = '150ms';
		SELECT segment_elbow('many', 2, 30, features => '{x,y}')}), qr/statement timeout/, 'a cancel');
	is(query(q{DO $do$ BEGIN PERFORM segment_kmeans('broken', 3, key => '{id}');
		EXCEPTION WHEN division_by_zero THEN NULL; END $do$}), '', 'an error that is caught');
}

# Once the processes of the last query are gone; they let go of shared memory before that.
sub segments
{
	wait_until(sub {
		query(q{SELECT NOT EXISTS (SELECT FROM pg_stat_activity
			WHERE pid <> pg_backend_pid() AND backend_type IN ('client backend', 'parallel worker'))}) eq 't';
	}) or diag('processes remain');
	return query(q{SELECT count(*) FROM pg_ls_dir('pg_dynshmem')});
}

sub start
{
	my ($options) = @_;
	run("$installation/bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-l', "$base/log", '-o', $options, 'start');
}

sub stop
{
	my ($mode) = @_;
	run("$installation/bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-m', $mode, 'stop');
}

sub run
{
	my @command = @_;
	system(@as_server, 'sh', '-c', 'cd / && exec "$@" >/dev/null', 'sh', @command) == 0
	  or BAIL_OUT("cannot run @command");
}

sub append
{
	my ($file, $text) = @_;
	open my $out, '>>', $file or BAIL_OUT("cannot write $file: $!");
	print $out $text;
	close $out;
}

sub query
{
	my ($statement) = @_;
	$statement =~ s/'/'\\''/g;
	my $output = qx(psql -h $base -d postgres -XAtq -c '$statement' 2>&1);
	chomp $output;
	return $output;
}
