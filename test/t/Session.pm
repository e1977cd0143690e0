# A session that stays: it is sent statements and asked for their output.  And wait_until(), for what other
# processes do in their own time.

package Session;

use strict;
use warnings;
use Exporter qw(import);
use IPC::Open2;
use Time::HiRes qw(sleep);

our @EXPORT_OK = qw(wait_until);

sub new
{
	my ($class, $user) = @_;
	my $self = bless {}, $class;
	open2($self->{out}, $self->{in},
		'exec psql -XAtq -v VERBOSITY=terse 2>&1' . (defined $user ? " -U $user" : ''));
	$self->{pid} = $self->ask('SELECT pg_backend_pid()');
	return $self;
}

sub pid
{
	my ($self) = @_;
	return $self->{pid};
}

sub send
{
	my ($self, $statements) = @_;
	print { $self->{in} } "$statements;\n\\echo -- done\n";
	$self->{in}->flush;
}

sub answer
{
	my ($self) = @_;
	my $answer = '';
	while (defined(my $line = readline $self->{out}))
	{
		last if $line eq "-- done\n";
		$answer .= $line;
	}
	chomp $answer;
	return $answer;
}

sub ask
{
	my ($self, $statements) = @_;
	$self->send($statements);
	return $self->answer;
}

# Looks until it is true, and returns that; after two minutes of waiting, whatever it is.
sub wait_until
{
	my ($look) = @_;
	my $answer;
	for (1 .. 6_000)
	{
		last if $answer = $look->();
		sleep 0.02;
	}
	return $answer;
}

1;
