# A server of a test's own, with the extension that test/cluster has installed, for faults that others
# shall not see.  PGHOST and PGDATABASE lead to it from then on.

package Server;

use strict;
use warnings;
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(sleep time);

my @servers;
my $installation;    # of the server that the environment named at first
my @as_server = $> == 0 ? qw(runuser -u postgres --) : ();

# config: lines for postgresql.conf; wrapper: a command that runs the one behind it;
# stopped: do not start it.
sub new
{
	my ($class, %options) = @_;
	my $self = bless { bin => "$ENV{PGHOST}/bin", wrapper => [], owner => $$, %options }, $class;
	$self->{bin} = $installation //= $self->{bin};
	my $base = $self->{base} = tempdir('/tmp/segment.faults.XXXXXX', CLEANUP => 1);

	system('chown', 'postgres', $base) if $> == 0;
	chmod 0755, $base;
	$self->run(@as_server, "$self->{bin}/initdb", '-D', "$base/data", '-U', 'postgres', qw(-A trust -E UTF8 --locale=C --no-sync));
	$self->configure(<<"END" . ($self->{config} // ''));
listen_addresses = ''
unix_socket_directories = '$base'
port = $ENV{PGPORT}
fsync = off
autovacuum = off
max_connections = 20
END
	@ENV{qw(PGHOST PGDATABASE)} = ($base, 'postgres');
	push @servers, $self;
	return $self->{stopped} ? $self : $self->start;
}

# What a private /dev/shm takes, or nothing where this user may have none.
sub private_memory
{
	my ($size) = @_;
	my @wrapper = ('unshare', '-m', 'sh', '-c',
		'mount -t tmpfs -o size=' . ($size // '1g') . ',mode=1777 tmpfs /dev/shm && exec "$@"', 'sh');
	return system(@wrapper, 'true') == 0 ? @wrapper : () if $> == 0;
	return;
}

# What runs a command as the user of the server.
sub as_server
{
	return @as_server;
}

sub configure
{
	my ($self, $lines) = @_;
	open my $out, '>>', "$self->{base}/data/postgresql.conf" or BAIL_OUT("cannot write the settings: $!");
	print $out $lines;
	close $out;
}

sub start
{
	my ($self, $options) = @_;
	$self->run(@{ $self->{wrapper} }, @as_server, "$self->{bin}/pg_ctl", '-D', "$self->{base}/data", qw(-s -w -l),
		"$self->{base}/log", '-o', $options // '', 'start');
	$self->{running} = 1;
	return $self;
}

sub stop
{
	my ($self, $mode) = @_;
	$self->{running} = 0;
	$self->run(@as_server, "$self->{bin}/pg_ctl", '-D', "$self->{base}/data", qw(-s -w -m), $mode // 'fast', 'stop');
}

# Ended by a signal, a test ends as by itself.
$SIG{$_} = sub { exit 1 } for qw(HUP INT TERM);

# Servers that still run when the test ends, in whatever way.
END
{
	local $?;
	$_->stop('immediate') for grep { $_->{running} && $_->{owner} == $$ } @servers;
}

sub postmaster
{
	my ($self) = @_;
	open my $file, '<', "$self->{base}/data/postmaster.pid" or BAIL_OUT("no server: $!");
	chomp(my $pid = <$file>);
	return $pid;
}

# How many files of dynamic shared memory there are.
sub segments
{
	my ($self) = @_;
	my $shm = '/proc/' . $self->postmaster . '/root/dev/shm';
	return scalar(() = (glob("$self->{base}/data/pg_dynshmem/*"), @{ $self->{wrapper} } ? glob("$shm/*") : ()));
}

# Lines of the log that tell of a crash.
sub crashes
{
	my ($self) = @_;
	open my $log, '<', "$self->{base}/log" or BAIL_OUT("no log: $!");
	return join '', grep { /terminated by signal|PANIC:|TRAP:|XX000/ } <$log>;
}

# Runs statements, in a transaction if they stand in one string, and returns what psql prints.
sub query
{
	my ($self, @statements) = @_;
	my @commands = map { ('-c', "'" . s/'/'\\''/gr . "'") } 'SET client_min_messages = warning', @statements;
	my $output = qx(psql -XAtq -v VERBOSITY=verbose @commands 2>&1);
	$output =~ s/^(?:LOCATION|CONTEXT|QUERY|STATEMENT):.*\n//mg;
	chomp $output;
	return $output;
}

# Waits until the query answers so; the answer it has in the end.
sub wait_for
{
	my ($self, $query, $expected) = @_;
	my $end = time + 60;
	my $answer;
	until (($answer = $self->query($query)) eq $expected || time > $end) { sleep 0.02 }
	return $answer;
}

sub run
{
	my ($self, @command) = @_;
	system('sh', '-c', 'cd / && exec "$@" >/dev/null', 'sh', @command) == 0 or BAIL_OUT("cannot run @command");
}

1;
