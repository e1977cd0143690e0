#!/usr/bin/perl
#
# The documentation is true: every example in README.md and doc/*.md runs, and prints what it shows.
#
#   ```sql        runs; an error fails, unless the block after it shows that error
#   ```py         runs as the next cell of the file's notebook, in Debian's Python
#   ```text       right after an sql or a py block: what that block prints
#   =# statement; in any other block: runs, and prints the lines up to the next prompt
#   $ make demo   is the output of the demo, a line "..." standing for any number of lines
#   ```sh         is for a machine of the reader's: bash can read it
#
# doc/faq.md shows SQLSTATEs, so its psql is verbose. ```python runs in test/t/clients.t, with an engine; ```ini is a file. Nothing else is known.
#
# What the README's examples print, shown or not, fits a terminal of 160 columns, but for notices.
#
# The examples of a file run in order in a database of their own, which has the extension and the
# demo's table customers; each is a session, in a directory that files may be written to
# and that has the repository's test/.  A file that creates the extension vector is skipped where pgvector is
# not there.  Output is compared without times and column widths.
# pg_cron is no part of these examples: a stand-in executes at once what one schedules, but for a CALL, which
# has to commit and stands there once more by itself. test/t/schedule.t has pg_cron.

use strict;
use warnings;
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use IPC::Open2;
use Test::More;

my $database = "segment_docs_$$";
my $scratch = tempdir(CLEANUP => 1);
symlink abs_path('test'), "$scratch/test" or die "cannot link: $!\n";
my $stand_in = <<'END';
CREATE SCHEMA cron;
CREATE FUNCTION cron.schedule(name text, schedule text, command text) RETURNS bigint LANGUAGE plpgsql AS
$$BEGIN IF command !~ '^CALL' THEN EXECUTE command; END IF; RETURN 1; END$$;
END

delete @ENV{qw(CSV KEEP PGOPTIONS)};
my @roles = roles();

my $template = "${database}_customers";
create_database($template, 'template1', 'CREATE EXTENSION segment;' . $stand_in);
is(scalar qx(test/demo/load test/data/marketing.csv customers), qq(2,240 customers, 29 columns, key "ID" (--key)\n),
	"the demo's table loads");
my ($pgvector) = run_psql("\\pset format unaligned\n\\pset tuples_only on\nSELECT count(*) FROM pg_available_extensions WHERE name = 'vector';");
my ($notebook, $from_cell, $to_cell);
my $python = '/usr/bin/python3';
my $modules = system("$python -c 'import pandas, psycopg, sklearn' 2>/dev/null") == 0;

for my $file ('README.md', glob 'doc/*.md')
{
	my @examples = examples($file);
	SKIP: {
		skip "$file: needs pgvector", scalar @examples
		  if $pgvector == 0 && grep { $_->{statements} =~ /CREATE EXTENSION.* vector\b/ } @examples;
		create_database($database, $template, '');
		run($_) for @examples;
		close_notebook();
		drop_database($database);
	}
	for my $demo (grep { $_->{kind} eq 'demo' } @examples)
	{
		create_database($database, 'template1', '');
		check_demo($demo);
		drop_database($database);
	}
}
drop_database($template);
is(join(' ', roles()), join(' ', @roles), 'no roles are left');
check_reference();
done_testing();

# An example: its place for the test's name, the statements, and the output if any is shown.
sub examples
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	my (@examples, $block, $previous);

	while (my $line = <$in>)
	{
		if ($block)
		{
			if ($line !~ /^```\s*$/)
			{
				$block->{text} .= $line;
				next;
			}
			if ($block->{language} eq 'text' && $previous)
			{
				$previous->{output} = $block->{text};
				undef $previous;
			}
			else
			{
				push @examples, examples_of($block);
				$previous = $block->{language} =~ /^(?:sql|py)$/ ? $examples[-1] : undef;
			}
			undef $block;
		}
		elsif ($line =~ /^```(\w*)\s*$/)
		{
			$block = { language => $1, place => "$file:$.", text => '' };
		}
		elsif ($line =~ /\S/)
		{
			undef $previous;
		}
	}
	die "$file ends within a block\n" if $block;
	return @examples;
}

sub examples_of
{
	my ($block) = @_;
	my ($place, $text) = @$block{qw(place text)};

	return { kind => $block->{language}, place => $place, statements => $text } if $block->{language} =~ /^(?:sql|py|sh)$/;
	die "$place: how does $block->{language} run?\n" if $block->{language} !~ /^(?:text|console|python|ini|)$/;
	return { kind => 'demo', place => $place, statements => '', output => $text =~ s/^\$ make demo\n//r }
	  if $text =~ /^\$ make demo$/m;
	my (undef, @prompts) = split /^=# /m, $text;
	return map {
		my ($statements, $output) = /^(.*?;)[ \t]*\n(.*)\z/s
		  or die "$place: no semicolon ends the statement $_\n";
		{ kind => 'sql', place => $place, statements => "$statements\n", output => $output };
	} @prompts;
}

sub run
{
	my ($example) = @_;
	my ($kind, $place, $statements) = @$example{qw(kind place statements)};

	if ($kind eq 'sh')
	{
		open my $bash, '|-', qw(bash -n) or die "cannot run bash: $!\n";
		print $bash $statements;
		ok(close $bash, "$place: bash can read it");
	}
	check($example, run_psql($statements, $place =~ m{^doc/faq} ? qw(-v VERBOSITY=verbose) : ())) if $kind eq 'sql';
	SKIP: {
		last SKIP if $kind ne 'py';
		skip "$place: needs python3-pandas, -psycopg and -sklearn", 1 if !$modules;
		check($example, run_cell($statements));
	}
}

sub check
{
	my ($example, $output, $status) = @_;
	my ($title) = $example->{statements} =~ /^(?!\s*--)\s*(\S.{0,59})/m;
	my $name = "$example->{place}: " . ($title // 'nothing to run');

	if (defined $example->{output})
	{
		is(normalized($output), normalized($example->{output}), $name);
	}
	else
	{
		is($status, 0, $name) or diag($output);
	}
	fits("$output\n" . ($example->{output} // ''), $name) if $example->{place} =~ /^README/;
}

sub fits
{
	my ($text, $name) = @_;
	utf8::decode($text);
	my @wide = grep { length > 160 && !/^(?:NOTICE|DETAIL|HINT):/ } split /\n/, $text;
	utf8::encode($_) for @wide;
	is(join("\n", @wide), '', "$name: at most 160 columns");
}

sub check_demo
{
	my ($example) = @_;
	my $output = normalized(scalar qx(PGDATABASE=$database test/demo/run 2>&1));
	my $pattern = join '.*', map { quotemeta } split /^\.\.\.\n/m, normalized($example->{output}), -1;

	like($output, qr/\A$pattern\z/s, "$example->{place}: make demo");
	fits($example->{output}, "$example->{place}: make demo");
}

# The reference has every function, type, relation and setting that is not internal; make installcheck uses every
# function and relation of these.
sub check_reference
{
	create_database($database, 'template1', 'CREATE EXTENSION segment');
	my ($names) = run_psql(<<'END');
\pset format unaligned
\pset tuples_only on
SELECT segment_nearest('{1}', '{{1}}') \g /dev/null
SELECT name, bool_or(used) FROM (SELECT CASE 'segment_internal'::regnamespace WHEN coalesce(p.pronamespace, c.relnamespace, t.typnamespace) THEN NULL
               ELSE coalesce(p.proname, c.relname, t.typname) END, p.oid IS NOT NULL OR c.oid IS NOT NULL
          FROM pg_depend d
          JOIN pg_extension e ON d.refclassid = 'pg_extension'::regclass AND e.oid = d.refobjid
          LEFT JOIN pg_proc p ON d.classid = 'pg_proc'::regclass AND p.oid = d.objid
          LEFT JOIN pg_class c ON d.classid = 'pg_class'::regclass AND c.oid = d.objid
          LEFT JOIN pg_type t ON d.classid = 'pg_type'::regclass AND t.oid = d.objid AND t.typrelid = 0
         WHERE d.deptype = 'e' AND e.extname = 'segment'
         UNION ALL
        SELECT name, false FROM pg_settings WHERE name LIKE 'segment.%') o (name, used)
 WHERE name !~ '^_'
 GROUP BY name
 ORDER BY name;
END
	my $reference = slurp('doc/reference.md');
	my $installcheck = slurp('test/sql/public.sql');
	my @names = map { [ split /[|]/ ] } split ' ', $names;
	cmp_ok(scalar @names, '>', 40, 'names are found');
	is(join(' ', grep { $reference !~ /\b\Q$_\E\b/ } map { $_->[0] } @names), '', 'the reference leaves nothing out');
	is(join(' ', grep { $installcheck !~ /\b\Q$_\E\b/ } map { $_->[0] } grep { $_->[1] eq 't' } @names),
		'', 'make installcheck leaves nothing out');
	drop_database($database);
}

sub slurp
{
	my ($file) = @_;
	open my $in, '<', $file or die "cannot read $file: $!\n";
	local $/;
	return scalar <$in>;
}

sub normalized
{
	my ($text) = @_;
	for ($text)
	{
		s/^LOCATION:.*\n//gm;
		s/^segment \S+ on PostgreSQL [\w.]+/segment on PostgreSQL/;
		s/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\S*/TIMESTAMP/g;
		s/\b\d\d:\d\d:\d\d(?:\.\d+)?/ELAPSED/g;
		s/^([-+]+)$/$1 =~ s{-+}{-}gr/gem;
		s/[ \t]+/ /g;
		s/^ | $//gm;
		s/\n{2,}/\n/g;
		s/\A\n+//;
		s/\n*\z/\n/;
	}
	return $text;
}

# Creates a database and connects what follows to it.
sub create_database
{
	my ($name, $template, $statements) = @_;
	system(qw(psql -X -q -d postgres -c), "CREATE DATABASE $name TEMPLATE $template") == 0 or die "cannot create a database\n";
	$ENV{PGDATABASE} = $name;
	return if $statements eq '';
	my ($output, $status) = run_psql("SET client_min_messages = warning; $statements");
	die $output if $status != 0;
}

# Roles belong to all databases: those that examples created go with the last database that uses them.
sub drop_database
{
	my ($name) = @_;
	$ENV{PGDATABASE} = 'postgres';
	my %known = map { $_ => 1 } @roles;
	my @created = map { '"' . s/"/""/gr . '"' } grep { !$known{$_} } roles();
	my ($output, $status) =
	  run_psql(join "\n", "DROP DATABASE $name;", map { "DROP ROLE $_;" } @created);
	die $output if $status != 0;
}

sub roles
{
	return split /\n/, qx(psql -XAtq -d postgres -c 'SELECT rolname FROM pg_roles ORDER BY 1');
}

# What a session prints, errors and notices included, and its exit status.
sub run_psql
{
	my ($statements, @options) = @_;
	pipe my $read, my $write or die "cannot make a pipe: $!\n";
	my $psql = open my $out, '-|';
	defined $psql or die "cannot fork: $!\n";
	if (!$psql)
	{
		close $write;
		open STDIN, '<&', $read or die "cannot redirect: $!\n";
		open STDERR, '>&', \*STDOUT or die "cannot redirect: $!\n";
		chdir $scratch or die "cannot change to $scratch: $!\n";
		exec qw(psql -X -q -v ON_ERROR_STOP=1 -v SHOW_CONTEXT=never -P pager=off -P footer=off), @options;
	}
	close $read;
	print $write $statements;
	close $write;
	my $output = do { local $/; <$out> };
	close $out;
	return ($output // '', $?);
}

# What a cell of Python prints, and whether it failed. The cells of a file share their variables, as in a notebook.

sub run_cell
{
	my ($cell) = @_;
	$notebook //= open2($from_cell, $to_cell, $python, '-c', <<'END');
import contextlib, io, sys, traceback
variables = {}
for size in sys.stdin.buffer:
    output, failed = io.StringIO(), 0
    with contextlib.redirect_stdout(output):
        try:
            exec(sys.stdin.buffer.read(int(size)), variables)
        except Exception:
            failed = 1
            print(traceback.format_exc())
    text = output.getvalue().encode()
    sys.stdout.buffer.write(b'%d %d\n' % (len(text), failed) + text)
    sys.stdout.buffer.flush()
END
	printf $to_cell "%d\n%s", length $cell, $cell;
	$to_cell->flush;
	local $SIG{ALRM} = sub { die "a cell does not end: $cell\n" };
	alarm 120;
	my ($size, $failed) = split ' ', readline($from_cell) // die "Python has ended\n";
	my $output;
	read $from_cell, $output, $size;
	alarm 0;
	return ($output, $failed);
}

sub close_notebook
{
	return if !$notebook;
	close $to_cell;
	waitpid $notebook, 0;
	undef $notebook;
}
