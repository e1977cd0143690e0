#!/usr/bin/perl
#
# Whatever befalls the workers of a fit and their shared memory, the result is the same or one clean
# error, and nothing is left behind.
#
# A server of its own, whose dynamic shared memory lies in files of its data directory, where nobody
# else's is.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib $Bin;
use Session qw(wait_until);
use Test::More;

my $bin = "$ENV{PGHOST}/bin";
my $base = tempdir('/tmp/segment.workers.XXXXXX', CLEANUP => 1);
my @as_server = $> == 0 ? qw(runuser -u postgres --) : ();
my $running = 0;
END { stop_server() if $running }

system('chown', 'postgres', $base) if $> == 0;
chmod 0755, $base;
run(@as_server, "$bin/initdb", '-D', "$base/data", '-U', 'postgres', qw(-A trust -E UTF8 --locale=C --no-sync));
$ENV{PGHOST} = $base;
delete $ENV{PGDATABASE};
start_server('mmap');

# Large enough for workers: 240,000 rows of 6 columns.

query(q{CREATE EXTENSION segment;
	CREATE TABLE crowd AS
	SELECT i AS id, hashint4(i) % 1000 + 3000 * (i % 4) AS a, hashint4(i + 1000000) % 1000 AS b,
	       hashint4(i + 2000000) % 1000 AS c, hashint4(i + 3000000) % 1000 AS d,
	       hashint4(i + 4000000) % 1000 AS e, hashint4(i + 5000000) % 1000 AS f
	  FROM generate_series(1, 240000) AS i;
	ALTER TABLE crowd ADD PRIMARY KEY (id);
	ANALYZE crowd;
	CREATE VIEW few AS SELECT * FROM crowd WHERE id <= 20000;
	CREATE VIEW divided AS SELECT id, 1 / (id - 200000) AS a, b, c, d, e, f FROM crowd;
	CREATE VIEW negative AS SELECT id, a, b, c, d, e, CASE id WHEN 200000 THEN -5 ELSE f + 1000 END AS f FROM crowd;
	CREATE VIEW endless AS SELECT id, a, b, c, d, e, CASE id WHEN 200000 THEN 'infinity' ELSE f::float8 END AS f FROM crowd});
query('CREATE VIEW large AS SELECT c.id, ' . join(', ', map { "(a + id % $_)::float8 AS x$_" } 1 .. 60)
	. ' FROM crowd AS c WHERE id <= 60000');

use constant WORKERS => q{SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; SET parallel_tuple_cost = 0;
	SET max_parallel_workers_per_gather = 2; SET segment.max_parallel_workers = 2; SET segment.work_mem = '64MB';};
my $fit = fit('crowd');
my $notice = qr/NOTICE:  00000: no parallel worker was free.*HINT:  [^\n]*max_parallel_workers/s;
my $before = segments();

# Workers that are not to be had.

my $result = query(WORKERS . $fit);
like($result, qr/^240000\|[\d.]+\|/, 'with workers');
is(query(WORKERS . "SET segment.max_parallel_workers = 0; $fit"), $result, 'without: the same, and no notice');
my $alone = query(WORKERS . "SET max_parallel_workers = 0; $fit");
like($alone, $notice, 'max_parallel_workers = 0: a notice names the setting');
is(figures($alone), $result, 'and the figures are the same');
like(query(WORKERS . 'SET segment.work_mem = 0; SET segment.max_parallel_workers = 0;' . fit('large')),
	qr/^NOTICE:  00000: 60000 rows take 28 MB of memory, more than segment\.work_mem allows: [^\n]* sample of \d+ rows .*HINT:  [^\n]*segment\.work_mem.*\n60000\|/s,
	'a sample is announced');

query(WORKERS . fit($_)) for qw(few large);
query(WORKERS . 'SET segment.work_mem = 0;' . fit('large'));
is(left_behind(), '', 'neither few rows nor many leave a segment');

# Errors in a worker, caught and not.

my %errors = (
	divided => ['22012', fit('divided')],
	negative => ['22003', fit('negative', q{, transform => 'log1p', features => '{f}'})],
	endless => ['22003', fit('endless')]);
for my $view (sort keys %errors)
{
	my ($state, $statement) = @{ $errors{$view} };
	my $output = query(WORKERS . "SET parallel_leader_participation = off; $statement");
	is(messages($output), 1, "$view: one error");
	like($output, qr/^ERROR:  $state: /, "$view: its SQLSTATE");

	(my $perform = $statement) =~ s/^SELECT/PERFORM/;
	(my $again = $fit) =~ s/SELECT (.*?) FROM/SELECT $1 INTO r FROM/;
	$output = query(WORKERS . qq{SET client_min_messages = notice; DO \$\$
		DECLARE r record;
		BEGIN
			BEGIN
				$perform;
				RAISE NOTICE 'no error';
			EXCEPTION WHEN SQLSTATE '$state' THEN
				RAISE NOTICE 'caught, % workers', (SELECT count(*) FROM pg_stat_activity WHERE leader_pid = pg_backend_pid());
			END;
			$again;
			RAISE NOTICE '%', r;
		END \$\$});
	like($output, qr/caught, 0 workers/, "$view: caught");
	(my $row = "($result)") =~ tr/|/,/;
	like($output, qr/\Q$row\E/, "$view: then the next fit in the same transaction");
}
is(left_behind(), '', 'no segment is left');

# A worker that is killed: first any, then one of the team.

for my $settings ('', 'SET max_parallel_workers_per_gather = 0;')
{
	my $session = Session->new;
	$session->ask(WORKERS . $settings);
	$session->send(fit('crowd', ', n_init => 1000, tol => 0'));
	my $killed = query(q{DO $$
		DECLARE
			killed boolean := false;
		BEGIN
			-- a worker that is ending anyway does not notice, or has gone, of which one is warned
			SET LOCAL client_min_messages = error;
			LOOP
				PERFORM pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'parallel worker' LIMIT 1;
				killed := killed OR FOUND;
				PERFORM pg_sleep(0.005);
				PERFORM pg_stat_clear_snapshot();
				EXIT WHEN killed AND NOT EXISTS (SELECT FROM pg_stat_activity WHERE state = 'active' AND pid = } . $session->pid . q{);
			END LOOP;
		END $$});
	my $output = $session->answer;
	is($killed, '', 'a worker is killed');
	is(messages($output), 1, 'one error') or diag($output);
	like($output, qr/^ERROR:  .*administrator command|^ERROR:  .*parallel worker/, 'that says so');
	is($session->ask(q{SELECT count(*) FROM pg_stat_activity WHERE leader_pid = pg_backend_pid()}), 0,
		'the other workers are gone');
	is(without_groups($session->ask($fit)), $result, 'the session goes on');
}
is(left_behind(), '', 'no segment is left');

# Two at once.

my @sessions = map { Session->new } 1 .. 2;
$_->send(WORKERS . fit('crowd', undef, "model => 'of_' || pg_backend_pid()")) for @sessions;
is(without_groups($_->answer), $result, 'two fits at once') for @sessions;
@sessions = ();

# Cancelled at many moments.

my ($cancelled, $wrong) = (0, '');
my $slow = fit('crowd', ', n_init => 12, tol => 0, max_iter => 40', q{model => 'cancelled'});
for (my $timeout = 10; $cancelled < 40; $timeout = $timeout * 1.15 + 1)
{
	my $output = query(WORKERS . "SET statement_timeout = '${timeout}ms'; $slow",
		q{SELECT count(*) FROM pg_stat_activity WHERE leader_pid = pg_backend_pid()},
		q{SELECT count(*) FROM pg_class WHERE relname LIKE 'cancelled%'});
	last if $output !~ /canceling statement/;
	$cancelled++;
	$wrong ||= $output if messages($output) != 1 || $output !~ /^ERROR:  57014: .*\n0\n0$/s;
}
is($wrong, '', 'a cancelled fit is one error and leaves neither worker nor relation');
cmp_ok($cancelled, '>', 5, 'at many moments');
is(left_behind(), '', 'no segment is left');

# An elbow of so many clusterings that the server has not as many segments at a time.

like(query(WORKERS . q{SELECT count(*) FROM segment_elbow('crowd', 1, 150, features => '{a,b}', n_init => 1, max_iter => 1)}),
	qr/^150$/, 'a long elbow');
stop_server();

# No workers at all, and hardly any shared memory.

start_server('mmap', '-c max_worker_processes=0');
$alone = query(WORKERS . $fit);
like($alone, $notice, 'max_worker_processes = 0: a notice names the setting');
is(figures($alone), $result, 'and the figures are the same');
stop_server();

SKIP:
{
	my @tiny = ('unshare', '-m', 'sh', '-c', 'mount -t tmpfs -o size=3m,mode=1777 tmpfs /dev/shm && exec "$@"', 'sh');
	skip('this user cannot give a server a /dev/shm of its own', 4) if system("@tiny[0 .. 1] sh -c 'mount -t tmpfs tmpfs /dev/shm' 2>/dev/null") != 0;
	start_server('posix', '', @tiny);
	open my $file, '<', "$base/data/postmaster.pid" or die "no server: $!\n";
	chomp(my $pid = <$file>);
	my $shm = "/proc/$pid/root/dev/shm";
	my $files = () = glob("$shm/*");

	# not WORKERS: PostgreSQL's own queries of the job have no memory for parallel plans either
	$alone = query(q{SET segment.max_parallel_workers = 2; SET segment.work_mem = '64MB';} . $fit);
	like($alone, qr/^NOTICE:  00000: one process does all the work: .*HINT:  [^\n]*shared memory/s,
		'little shared memory: a notice');
	is(messages($alone), 1, 'and only one');
	is(figures($alone), $result, 'and the figures are the same');
	wait_until(sub { (() = glob("$shm/*")) == $files });
	is(scalar(() = glob("$shm/*")), $files, 'no segment is left');
	stop_server();
}

done_testing();

sub fit
{
	my ($source, $options, $model) = @_;
	return sprintf q{SELECT rows_used, inertia, silhouette, davies_bouldin, iterations FROM segment_kmeans('%s', 20, key => '{id}', assignment => 'none', replace => true, %s%s)},
	  $source, $model // q{model => 'fit'}, $options // ', n_init => 3';
}

# How many messages these are.
sub messages
{
	return scalar(() = $_[0] =~ /^(?:ERROR|FATAL|WARNING|NOTICE)/mg);
}

# The last line, without what was said before.
sub figures
{
	return (split /\n/, $_[0])[-1];
}

sub segments
{
	return join ' ', sort map { s{.*/}{}r } glob("$base/data/pg_dynshmem/*");
}

# Segments that were not there before; a session that has ended may need a moment to go.
sub left_behind
{
	wait_until(sub { segments() eq $before });
	return segments() eq $before ? '' : segments();
}

sub start_server
{
	my ($memory, $options, @wrapper) = @_;
	run(@wrapper, @as_server, "$bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-l', "$base/log", '-o',
		"-c listen_addresses= -c unix_socket_directories=$base -c port=$ENV{PGPORT} -c fsync=off"
		  . " -c dynamic_shared_memory_type=$memory " . ($options // ''), 'start');
	$running = 1;
}

sub stop_server
{
	$running = 0;
	run(@as_server, "$bin/pg_ctl", '-D', "$base/data", '-s', '-w', '-m', 'fast', 'stop');
	open my $log, '<', "$base/log" or die "no log: $!\n";
	is(join('', grep { /terminated by signal|PANIC:|TRAP:/ } <$log>), '', 'no process crashed');
}

sub run
{
	my @command = @_;
	system('sh', '-c', 'cd / && exec "$@" >/dev/null', 'sh', @command) == 0 or BAIL_OUT("cannot run @command");
}

sub query
{
	my @statements = map { s/'/'\\''/gr } @_;
	my $output = qx(psql -XAtq -v VERBOSITY=verbose @{[map { "-c '$_'" } @statements]} 2>&1);
	$output =~ s/^(?:LOCATION|CONTEXT):.*\n//mg;
	chomp $output;
	return without_groups($output);
}

# The rows of crowd have no groups that k-means finds, which a fit says.
sub without_groups
{
	return $_[0] =~ s/^NOTICE:  (?:00000: )?no clear groups.*\n(?:DETAIL:.*\n)?(?:HINT:.*\n)?//mgr;
}
