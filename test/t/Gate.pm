# Holds a job at a place until it is let go: at a row of its source, which asks for an advisory lock in the phase that
# test.hold names; between its statements, by an event trigger; at its commit, by a deferred trigger of a table.

package Gate;

use strict;
use warnings;
use Session;
use Time::HiRes qw(sleep);

# What a test's tables and views need, for a superuser to create.
use constant OBJECTS => q{
	CREATE FUNCTION wait_at(place text) RETURNS integer LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
	BEGIN
		IF place = current_setting('test.hold', true) THEN
			PERFORM pg_advisory_lock_shared(1);
			PERFORM pg_advisory_unlock_shared(1);
		END IF;
		RETURN 0;
	END $$;
	CREATE FUNCTION wait_in_phase() RETURNS integer LANGUAGE sql STABLE PARALLEL SAFE AS
		'SELECT public.wait_at((SELECT max(phase) FROM public.segment_progress))';
	CREATE FUNCTION wait_at_row() RETURNS trigger LANGUAGE plpgsql AS
		'BEGIN PERFORM public.wait_at(tg_argv[0]); RETURN NEW; END';
	CREATE FUNCTION wait_at_command() RETURNS event_trigger LANGUAGE plpgsql AS $$
	BEGIN
		PERFORM public.wait_at('indexing') FROM public.segment_progress WHERE phase = 'indexing';
		PERFORM public.wait_at('recording') WHERE tg_tag = 'CREATE VIEW';
	END $$;
	CREATE EVENT TRIGGER wait ON ddl_command_end EXECUTE FUNCTION wait_at_command();
	CREATE TABLE last_words(i integer);
	CREATE CONSTRAINT TRIGGER wait AFTER INSERT ON last_words DEFERRABLE INITIALLY DEFERRED
		FOR EACH ROW EXECUTE FUNCTION wait_at_row('committing');};

use constant WAITING => q{SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND NOT granted};

sub new
{
	return bless {}, shift;
}

sub close
{
	my ($self) = @_;
	$self->open;
	$self->{session} = Session->new;
	$self->{session}->ask('SELECT pg_advisory_lock(1)');
	$self->{looker} = Session->new;
}

# The session that had the lock may be gone, after a crash.
sub open
{
	my ($self) = @_;
	delete @$self{qw(session looker)};
}

# A transaction that goes up to its end; begun in a session that is to be held.
sub transaction
{
	my ($place, $statement, $settings) = @_;
	return "BEGIN; SET LOCAL test.hold = '$place'; " . ($settings // '') . " INSERT INTO last_words VALUES (1); $statement; COMMIT";
}

# The process that waits, once the session has come to the place; nothing if it never does.
sub hold
{
	my ($self, $session, $place, $statement) = @_;
	$self->close;
	$session->send(transaction($place, $statement));
	for (1 .. 3000)
	{
		my $pid = $self->{looker}->ask(WAITING);
		return $pid if $pid ne '';
		sleep 0.02;
	}
	return;
}

1;
