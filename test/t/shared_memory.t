#!/usr/bin/perl
#
# What processes of a fit share lies in few segments, is gone after it, however it ended, and grows neither
# with the number of fits in one call nor with PostgreSQL's ways to provide it.  Only where it cannot be had
# does a fit begin anew without.  On a server of its own, whose segments of dynamic shared memory are files
# that can be counted.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib $Bin;
use List::Util qw(max);
use POSIX qw(WNOHANG);
use Session qw(wait_until);
use Test::More;
use Time::HiRes qw(sleep);

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

# Few rows, which need no sample, but much work for each.
query(q{CREATE TABLE wide AS SELECT i AS id, } . join(', ', map { "sin(i * $_.7) AS f$_" } 1 .. 30) .
	q{ FROM generate_series(1, 20000) i; ANALYZE wide});
my $wide = q{SELECT run > 0 FROM segment_kmeans('wide', 50, key => '{id}', n_init => 1, max_iter => 5, replace => true);
	SELECT inertia FROM segment_models WHERE model = 'wide'; SELECT md5(array_agg(p ORDER BY segment)::text) FROM wide_profile p};
my $profile = query("SET segment.max_parallel_workers = 0; $wide");
like($profile, qr/^t\n[\d.]+\n[0-9a-f]{32}$/m, 'a profile without workers');
is(query($wide), $profile, 'and with workers');

# 16 segments at most, those of the session and of PostgreSQL's own queries among them, whatever a fit is like.
query(q{CREATE TABLE kinds AS SELECT id, x, CASE id % 3 WHEN 0 THEN 'a' WHEN 1 THEN 'b' ELSE 'c' END AS kind FROM few;
	CREATE VIEW large AS SELECT i AS id, } . join(', ', map { "i % $_ AS f$_" } 11 .. 70) . q{ FROM generate_series(1, 60000) i;
	CREATE VIEW underrated AS SELECT i AS id, sin(i) AS x, cos(i * 1.7) AS y FROM generate_series(1, (SELECT 300000)) i});
my $none = q{assignment => 'none', replace => true};
few_segments('few rows', qq{SELECT segment_kmeans('few', 3, key => '{id}', $none)});
few_segments('more rows than a sample', qq{SELECT segment_kmeans('many', 8, key => '{id}', $none)});
few_segments('many features and clusters', qq{SELECT segment_kmeans('wide', 50, key => '{id}', n_init => 3, max_iter => 20, $none)});
few_segments('weights', qq{SELECT segment_kmeans('wide', 20, key => '{id}', sample_weight => 'id', n_init => 3, max_iter => 20, $none)});
few_segments('categories', qq{SELECT segment_kmeans('kinds', 3, key => '{id}', features => '{x,kind}', $none)});
few_segments('beyond memory', qq{SET segment.work_mem = '64kB'; SELECT segment_kmeans('large', 8, key => '{id}', n_init => 3, max_iter => 5, $none)});
few_segments('many more rows than are planned', qq{SELECT segment_kmeans('underrated', 3, key => '{id}', $none)});
few_segments('fits for many k', q{SELECT max(k) FROM segment_elbow('many', 2, 60, features => '{x,y}', n_init => 1)});
few_segments('a look', q{SELECT count(*) FROM segment_describe('wide')});
few_segments('a look at pairs', q{SELECT count(*) FROM segment_correlation('wide', method => 'spearman')});

# Four fits beside a parallel hash join, on a server that has room for some 170 segments.
my ($alone) = query(qq{SELECT inertia FROM segment_kmeans('wide', 20, key => '{id}', model => 'alone', $none)}) =~ /([\d.]+)\z/;
my $only_hash = 'SET enable_mergejoin = off; SET enable_nestloop = off;';
my $join = 'SELECT count(*) FROM many a JOIN many b ON a.id = b.id;';
like(query("$only_hash EXPLAIN $join"), qr/Parallel Hash Join/, 'PostgreSQL joins in parallel');
my @fits = map { client(qq{SELECT inertia FROM segment_kmeans('wide', 20, key => '{id}', model => 'of_$_', $none)}) } 1 .. 4;
my @joins = map { client($only_hash . $join x 10) } 1 .. 2;
is(answer($_) =~ s/^(?:NOTICE:  no (?:parallel worker was free|clear groups)|DETAIL:  Simplified|HINT:).*\n//gmr, $alone, 'one of four fits at once') for @fits;
is(answer($_), join("\n", (60000) x 10), 'joins beside them') for @joins;

# An error of that class which is not ours is the user's to see, unchanged, after the rows of one attempt.
for my $state (qw(53100 53200 53000))
{
	query(qq{CREATE OR REPLACE FUNCTION spoil(i integer) RETURNS integer LANGUAGE plpgsql AS \$f\$
		BEGIN
			IF nextval('public.calls') = 15000 THEN
				RAISE EXCEPTION 'spoilt' USING ERRCODE = '$state';
			END IF;
			RETURN i;
		END \$f\$;
		CREATE OR REPLACE FUNCTION spoil_in_parallel(i integer) RETURNS integer LANGUAGE plpgsql PARALLEL SAFE AS \$f\$
		BEGIN
			IF i = 15000 THEN
				RAISE EXCEPTION 'spoilt' USING ERRCODE = '$state';
			END IF;
			RETURN i;
		END \$f\$;
		CREATE SEQUENCE IF NOT EXISTS calls;
		CREATE OR REPLACE VIEW spoilt AS SELECT spoil(id::integer) AS id, x, y FROM few;
		CREATE OR REPLACE VIEW spoilt_in_parallel AS SELECT spoil_in_parallel(id::integer) AS id, x, y FROM few});
	query(q{SELECT setval('calls', 1, false)});
	is(query(q{SELECT segment_kmeans('spoilt', 3, key => '{id}')}, 'sqlstate'), "ERROR:  $state", "an error $state of a function");
	is(query(q{SELECT last_value FROM calls}), 15000, 'which was called once for each row');
	is(query(q{SELECT segment_kmeans('spoilt_in_parallel', 3, key => '{id}')}, 'sqlstate'), "ERROR:  $state", 'the same in a worker');
}

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

# Counted by the job, and among the server's files.
sub few_segments
{
	my ($name, $statement) = @_;
	my $before = files();
	my $client = client("SET client_min_messages = debug1; $statement");
	my $most = 0;
	my $running = 1;
	while ($running)
	{
		my $files = files() - $before;
		$most = $files if $files > $most;
		sleep 0.002;
		$running = waitpid($client->{pid}, WNOHANG) == 0;
	}
	my $output = answer($client);
	my @counts = $output =~ /at most (\d+) segments of shared memory/g;
	cmp_ok(scalar(@counts), '>', 0, "$name: shares memory") or diag($output);
	cmp_ok(max(0, @counts), '<=', 12, "$name: few segments");
	cmp_ok($most, '<=', 16, "$name: no more than 16 files");
	unlike($output, qr/ERROR|one process/, "$name: no error");
}

sub files
{
	return scalar(() = glob("$base/data/pg_dynshmem/mmap.*"));
}

# A statement that runs beside others.
sub client
{
	my ($statement) = @_;
	my $file = File::Temp->new;
	my $pid = fork // BAIL_OUT('cannot fork');
	if ($pid == 0)
	{
		open STDOUT, '>', $file->filename;
		open STDERR, '>&', \*STDOUT;
		exec qw(psql -h), $base, qw(-d postgres -XAtq -c), $statement;
	}
	return { pid => $pid, file => $file };
}

sub answer
{
	my ($client) = @_;
	waitpid $client->{pid}, 0;
	open my $in, '<', $client->{file}->filename or BAIL_OUT("no output: $!");
	local $/ = undef;
	chomp(my $output = <$in> // '');
	$output =~ s/\n\z//;
	return $output;
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
	my ($statement, $verbosity) = (@_, 'default');
	$statement =~ s/'/'\\''/g;
	my $output = qx(psql -h $base -d postgres -XAtq -v VERBOSITY=$verbosity -c '$statement' 2>&1);
	chomp $output;
	return $output;
}
