#!/usr/bin/perl
#
# No room: on the disk, for temporary files, in memory, or for another kind of shared memory.  An error says so once,
# nothing is left of the job, and the space is free again.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib $Bin;
use Server;
use Session;
use Test::More;

my $small = tempdir('/tmp/segment.small.XXXXXX', CLEANUP => 1);
my $owner = $> == 0 ? getpwnam('postgres') : $>;
my @mounted = ('unshare', '-m', 'sh', '-c', "mount -t tmpfs -o size=12m,mode=0700,uid=$owner tmpfs $small && exec \"\$@\"", 'sh');
@mounted = () if $> != 0 || system(@mounted, 'true') != 0;

my $server = Server->new(wrapper => \@mounted);
$server->query(q{
	CREATE EXTENSION segment;
	CREATE TABLE crowd AS
	SELECT i AS id, i % 4 * 500 + hashint4(i) % 200 AS x, hashint4(i + 7) % 1000 AS y, hashint4(i + 77) % 1000 AS z
	  FROM generate_series(1, 200000) AS i;
	ALTER TABLE crowd ADD PRIMARY KEY (id);
	ANALYZE crowd;
	CREATE VIEW few AS SELECT * FROM crowd WHERE id <= 20000;
	CREATE SEQUENCE reads;
	CREATE FUNCTION raise(state text) RETURNS integer LANGUAGE plpgsql AS
		$$BEGIN PERFORM nextval('public.reads'); RAISE 'no room' USING ERRCODE = state; END$$;
	CREATE VIEW full_disk AS SELECT id, CASE id WHEN 15000 THEN raise('53100') ELSE x END AS x, y FROM few;
	CREATE VIEW full_memory AS SELECT id, CASE id WHEN 15000 THEN raise('53200') ELSE x END AS x, y FROM few;
	CREATE FUNCTION orphans() RETURNS bigint LANGUAGE sql AS $$
		SELECT count(*)
		  FROM (SELECT 'base/' || oid FROM pg_database WHERE datname = current_database()) d (path),
		       pg_ls_dir(d.path) AS file, pg_stat_file(d.path || '/' || file) AS s
		 WHERE file ~ '^[0-9]+([._].*)?$' AND s.size > 0
		   AND pg_filenode_relation(0, substring(file from '^[0-9]+')::oid) IS NULL$$});
my $few = fit('few');
my $many = fit('crowd', ', n_init => 1');
my %figures = map { $_ => $server->query($_) } $few, $many;
like($figures{$many}, qr/^200000\|4\|/, 'room enough');
$server->query('SELECT segment_drop(model) FROM segment_models; CHECKPOINT');

# A small disk

SKIP:
{
	skip('this user cannot mount a small disk', 13) if !@mounted;
	is($server->query("CREATE TABLESPACE small LOCATION '$small'"), '', 'a disk of 12 MB');
	my $used = used();
	for my $settings ('', 'SET segment.max_parallel_workers = 2; ')
	{
		my $output = $server->query("${settings}SET default_tablespace = small; $many");
		like($output, qr/^ERROR:  53100: .*No space left on device/, 'a full disk: the error of PostgreSQL');
		is(errors($output), 1, 'once');
		is(nothing_left(), '0|0|0', 'nothing is left');
		$server->query('CHECKPOINT');
		cmp_ok(used(), '<=', $used + 64, 'and the disk is free again');
	}
	is($server->query("SET default_tablespace = small; $few"), $figures{$few}, 'a smaller fit has room');
	like($server->query(q{SET temp_tablespaces = small; SET maintenance_work_mem = '1MB'; SET segment.work_mem = '64MB'; CREATE TEMPORARY TABLE filler AS SELECT * FROM crowd; } . $many),
		qr/^ERROR:  53100: /, 'temporary files have no room either');
	is(nothing_left(), '1|0|0', 'nothing more is left');
	is($server->query('SELECT segment_drop(model) FROM segment_models'), '', 'a model can be dropped');
}

# A limit of temporary files

my $output = $server->query(q{SET temp_file_limit = '100kB'; SET maintenance_work_mem = '1MB'; SET segment.work_mem = '64MB'; } . $many);
like($output, qr/^ERROR:  53400: temporary file size exceeds "?temp_file_limit/, 'the limit of temporary files is kept');
is(nothing_left(), '0|0|0', 'nothing is left');

# Errors of the class that says that room is short, which are no business of ours

for my $view (qw(full_disk full_memory))
{
	$server->query(q{SELECT setval('reads', 1, false)});
	like($server->query('SET segment.max_parallel_workers = 2; ' . fit($view)), qr/^ERROR:  53[12]00: no room$/m, "$view: raised in the source");
	is($server->query('SELECT last_value FROM reads'), 1, 'and read once');
	is(nothing_left(), '0|0|0', 'nothing is left');
}

# A limit of memory on the session's process

SKIP:
{
	skip('there is no prlimit', 5) if system('prlimit --version >/dev/null 2>&1') != 0;
	for my $workers (0, 2)
	{
		my $session = Session->new;
		$session->ask("SET client_min_messages = warning; SET segment.work_mem = '1GB'; SET segment.max_parallel_workers = $workers");
		$session->ask(fit('few'));
		my $limit = limit_memory($session, 2);
		$output = $session->ask(fit('crowd', ', n_init => 1'));
		like($output, qr/ERROR:  out of memory/, "$workers workers, hardly any memory: an error");
		is(errors($output), 1, 'once');
		limit_memory($session);
		is($session->ask($many), $figures{$many}, 'the session goes on once it may have more');
		$session->ask('SELECT segment_drop(model) FROM segment_models');
		is(nothing_left(), '0|0|0', 'nothing is left');
	}
}
is($server->query('CHECKPOINT; SELECT orphans()'), 0, 'no file is left of what was made');
is($server->crashes, '', 'nothing crashed');

# The other kinds of shared memory

$server->stop;
for my $kind (qw(sysv mmap))
{
	$server->start("-c dynamic_shared_memory_type=$kind");
	is($server->query('SET segment.max_parallel_workers = 2; SET min_parallel_table_scan_size = 0; SET parallel_setup_cost = 0; '
		  . fit('crowd', ', n_init => 1, replace => true')), $figures{$many}, "shared memory of the kind $kind: the same figures");
	$server->stop;
}
done_testing();

sub fit
{
	my ($source, $options) = @_;
	return sprintf q{SELECT rows_used, k, inertia, silhouette FROM segment_kmeans('%s', 4, key => '{id}'%s)}, $source, $options // '';
}

sub errors
{
	return scalar(() = $_[0] =~ /^(?:ERROR|FATAL|WARNING|NOTICE)/mg);
}

# Models, tables of no model, and temporary files.
sub nothing_left
{
	return $server->query(q{SELECT (SELECT count(*) FROM segment_models),
		(SELECT count(*) FROM pg_class c WHERE relkind <> 'c' AND relnamespace = 'public'::regnamespace AND relname ~ '_(assignment|profile|members)$|^segment_fresh'
			AND NOT EXISTS (SELECT FROM segment_models m WHERE c.relname ^@ m.model)),
		(SELECT count(*) FROM pg_ls_tmpdir()) + coalesce((SELECT count(*) FROM pg_tablespace t, pg_ls_tmpdir(t.oid) WHERE spcname = 'small'), 0)});
}

# Kilobytes on the small disk.
sub used
{
	my $pid = $server->postmaster;
	my ($line) = qx(nsenter -t $pid -m df -k --output=used $small) =~ /(\d+)/;
	return $line;
}

# Lets the session's process have so many megabytes more than it has, or as many as it wants.
sub limit_memory
{
	my ($session, $more) = @_;
	my $pid = $session->pid;
	my $bytes = 'unlimited';

	if (defined $more)
	{
		open my $status, '<', "/proc/$pid/status" or die "no process $pid: $!\n";
		my ($size) = join('', <$status>) =~ /^VmSize:\s+(\d+) kB/m;
		$bytes = ($size + $more * 1024) * 1024;
	}
	system(Server::as_server(), 'prlimit', "--pid=$pid", "--as=$bytes:") == 0 or diag("no limit for $pid");
}
