#!/usr/bin/perl
#
# Sources outside the database, postgres_fdw to this very server and file_fdw on a CSV file, give the model
# that their rows in a table give; and a source that others change during a fit is the one that the fit found.

use strict;
use warnings;
use File::Temp qw(tempdir);
use FindBin qw($Bin);
use lib $Bin;
use Session qw(wait_until);
use Test::More;

my $database = "segment_sources_$$";
my $dir = tempdir('/tmp/segment.sources.XXXXXX', CLEANUP => 1);
my @data_columns = qw(id x y b joined town marks);
my $columns = 'id integer, x float8, y numeric, b boolean, joined date, town text, marks real[]';

my $missing = query(q{SELECT string_agg(n, ' and ') FROM unnest('{postgres_fdw,file_fdw}'::text[]) AS n WHERE n NOT IN (SELECT name FROM pg_available_extensions)});
plan skip_all => "the server has no $missing" if $missing ne '';

chmod 0755, $dir;
query("CREATE DATABASE $database");
$ENV{PGDATABASE} = $database;
query(qq{
	CREATE EXTENSION segment; CREATE EXTENSION postgres_fdw; CREATE EXTENSION file_fdw;
	CREATE TABLE plain ($columns, PRIMARY KEY (id));
	INSERT INTO plain
	SELECT i, hashint4(i) % 1000 + 5000 * (i % 3), CASE WHEN i % 50 <> 0 THEN (hashint4(i + 7777) % 100) / 7.0 END, i % 2 = 0,
	       date '2020-01-01' + abs(hashint4(i + 9999)) % 1000, (ARRAY['Rome', 'Oslo', 'a=b,c', NULL])[1 + i % 4], ARRAY[i % 7, i % 11, nullif(i % 13, 0)]
	  FROM generate_series(1, 600) AS i;
	CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
	CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '$ENV{PGHOST}', port '$ENV{PGPORT}', dbname '$database', fetch_size '70');
	CREATE USER MAPPING FOR CURRENT_USER SERVER loop OPTIONS (user '$ENV{PGUSER}');
	CREATE FOREIGN TABLE far ($columns) SERVER loop OPTIONS (table_name 'plain');
	CREATE FOREIGN TABLE csv ($columns) SERVER files OPTIONS (filename '$dir/plain.csv', format 'csv', header 'true', delimiter '|')});
write_csv(query('SELECT * FROM plain ORDER BY id'));

# The same model from all of them.

my $expected = journey('plain');
like($expected, qr/^600\|[\d.]+\n600\|\w{32}\n600\n/, 'a table');
is(journey('far'), $expected, 'postgres_fdw');
is(journey('far', q{, assignment => 'view'}), $expected, 'postgres_fdw, scored when read');
is(journey('csv'), $expected, 'file_fdw');
is(journey('csv', q{, assignment => 'view'}), $expected, 'file_fdw, scored when read');
write_csv(reverse query('SELECT * FROM plain ORDER BY x'));
is(journey('csv'), $expected, 'file_fdw, lines in another order');

query(qq{
	CREATE VIEW joined_up AS SELECT f.id, f.x, c.y, f.b, c.joined, f.town, c.marks FROM far AS f JOIN csv AS c USING (id);
	CREATE TABLE ours ($columns) PARTITION BY RANGE (id);
	CREATE TABLE ours_here (joined date, marks real[], y numeric, town text, gone text, b boolean, x float8, id integer NOT NULL);
	ALTER TABLE ours_here DROP gone;
	ALTER TABLE ours ATTACH PARTITION ours_here FOR VALUES FROM (0) TO (200);
	INSERT INTO ours_here (id, x, y, b, joined, town, marks) SELECT * FROM plain WHERE id < 200;
	CREATE VIEW rest AS SELECT * FROM plain WHERE id >= 200;
	CREATE FOREIGN TABLE ours_there PARTITION OF ours DEFAULT SERVER loop OPTIONS (table_name 'rest');
	CREATE MATERIALIZED VIEW copied AS SELECT * FROM far;
	CREATE UNIQUE INDEX ON copied (id)});
is(journey('joined_up'), $expected, 'a view that joins both');
is(journey('ours'), $expected, 'a partition here, a partition there');
is(journey('copied'), $expected, 'a materialized view of a foreign table');

# A foreign table has no key of its own.

like(query(q{SELECT segment_kmeans('far', 3)}),
	qr/^ERROR:  42P16: relation "far" has no usable key\n.*HINT:  Name the key columns with key/s, 'a key must be named');
query('ALTER TABLE plain DROP CONSTRAINT plain_pkey; INSERT INTO plain SELECT * FROM plain WHERE id = 9');
like(query(q{SELECT segment_kmeans('far', 3, key => '{id}')}),
	qr/^ERROR:  23505: key \(id\) of relation "far" is not unique\nDETAIL:  Key \(id\)=\(9\) is duplicated\.\n/, 'and hold');
query(q{DELETE FROM plain WHERE ctid IN (SELECT max(ctid) FROM plain WHERE id = 9); ALTER TABLE plain ADD PRIMARY KEY (id)});

# What happens there shows in the next refresh; when there is nothing any more, the model remains.

query(q{SELECT segment_kmeans(source, 3, key => '{id}', features => '{x,y,b,joined,town,marks}') FROM unnest('{far,csv}'::regclass[]) AS source});
query('DELETE FROM plain WHERE id > 500; UPDATE plain SET x = 0 WHERE id = 1');
is(query(q{SELECT rows_used FROM segment_refresh('far'); SELECT count(*) FROM far_assignment; SELECT count(*) FROM far_members}),
	"500\n500\n500", 'refreshed');
my $figures = q{SELECT md5(string_agg(p::text, ',' ORDER BY segment)) FROM far_profile AS p;
	SELECT count(segment_predict('far', p)) FROM plain AS p; SELECT run, count(*) FROM segment_runs JOIN far_assignment ON true WHERE model = 'far' AND run = 2 GROUP BY run};
my $before = query($figures);
like($before, qr/^\w{32}\n500\n2\|500$/, 'with figures');
query('ALTER TABLE plain RENAME TO moved; CREATE VIEW plain AS SELECT id, x / (id - 400) AS x, y, b, joined, town, marks FROM moved');
like(query(q{SELECT segment_refresh('far')}), qr/^ERROR:  22012: division by zero\n/, 'an error over there is the error here');
query('DROP VIEW plain');
like(query(q{SELECT segment_refresh('far')}), qr/^ERROR:  42P01: relation "public\.plain" does not exist\n/, 'nothing there any more');
query('ALTER TABLE moved RENAME TO plain');
is(query($figures), $before, 'the model is as it was');

write_csv(query('SELECT * FROM plain ORDER BY id'), '501|nonsense|1|t|2020-01-01|Rome|{1,2,3}');
like(query(q{SELECT segment_refresh('csv')}), qr/^ERROR:  22P02: invalid input syntax for type double precision: "nonsense"\nCONTEXT:  COPY csv, line 502, column x: "nonsense"/,
	'a bad line is named');
unlink "$dir/plain.csv";
like(query(q{SELECT segment_refresh('csv')}), qr/^ERROR:  58P01: could not open file "\Q$dir\E\/plain\.csv" for reading/, 'a file that is gone');
is(query(q{SELECT count(*) FROM csv_assignment; SELECT sum(rows) FROM csv_profile; SELECT segment_drop('csv'), segment_drop('far')}), "600\n600\n|",
	'the model can be read, and dropped');

# Others change the source while it is read.  The view waits for a lock with each read.

query(q{CREATE VIEW held AS SELECT p.* FROM plain AS p, (SELECT pg_advisory_lock_shared(42) IS NULL AS waited OFFSET 0) AS w});
my $numbers = q{, features => '{x,y,joined}'};
$expected = fit('plain', $numbers);
my $keeper = Session->new;
my $fitter = Session->new;
$keeper->ask('SELECT pg_advisory_lock(42)');
$fitter->ask('SET client_min_messages = warning');
$fitter->send(fit_statement('held', $numbers));
wait_until(sub { query('SELECT count(*) FROM pg_locks WHERE locktype = $$advisory$$ AND NOT granted AND pid = ' . $fitter->pid) })
  or BAIL_OUT('the fit never read its source');
is(query(q{DELETE FROM plain WHERE id > 300; UPDATE plain SET x = 10 * id; INSERT INTO plain SELECT 1000 + id, x FROM plain WHERE id < 10}), '', 'rows change during a fit');
for my $statement ('TRUNCATE plain', 'ALTER TABLE plain DROP joined CASCADE', 'DROP TABLE plain CASCADE')
{
	like(query("SET lock_timeout = '50ms'; $statement"), qr/^ERROR:  55P03: /, "it keeps others from $statement");
}
$keeper->ask('SELECT pg_advisory_unlock(42)');
is($fitter->answer, $expected, 'the fit is of the rows that there were');
is(query('SELECT count(*), max(id) FROM held_assignment'), '500|500', 'so is the assignment');
is(query('SELECT count(*) FROM held_members'), '300', 'members are live');
is(query(q{SELECT rows_used FROM segment_refresh('held'); SELECT count(*) FROM held_assignment; SELECT count(*) FROM held_members}),
	"309\n309\n309", 'the next refresh knows them');

undef $keeper;
undef $fitter;
$ENV{PGDATABASE} = 'postgres';
query("DROP DATABASE $database WITH (FORCE)");
done_testing();

# What there is to be done with a source, and its figures.
sub journey
{
	my ($source, $options) = @_;
	my $segments = q{SELECT count(*), md5(string_agg(format('%s %s %s %s', id, segment, distance, margin), ',' ORDER BY id)) FROM trip_members;}
	  . qq{SELECT count(*) FROM $source AS s JOIN trip_members AS m ON m.id = s.id AND m.segment = segment_predict('trip', s);};
	return query(fit_statement($source, q{, model => 'trip'} . ($options // '')) . ";$segments"
		  . q{SELECT rows_used, inertia FROM segment_refresh('trip');} . $segments
		  . qq{SELECT * FROM segment_describe('$source', '{x,y,b,joined,town,marks}');}
		  . qq{SELECT k, inertia FROM segment_elbow('$source', 2, 3, features => '{x,y,b,joined,town,marks}');}
		  . q{SELECT segment_drop('trip')});
}

sub fit_statement
{
	my ($source, $options) = @_;
	$options = ($options // '') =~ /features/ ? $options : q{, features => '{x,y,b,joined,town,marks}'} . ($options // '');
	return "SELECT rows_used, inertia FROM segment_kmeans('$source', 3, key => '{id}'$options)";
}

sub fit
{
	return query(fit_statement(@_));
}

sub write_csv
{
	open my $out, '>', "$dir/plain.csv" or die "cannot write $dir/plain.csv: $!\n";
	print $out join('|', @data_columns), "\n", map { "$_\n" } map { split /\n/ } @_;
	close $out or die "cannot write $dir/plain.csv: $!\n";
}

# What a session prints, errors included; of several rows a line each.
sub query
{
	my ($statement) = @_;
	open my $psql, '-|' or exec 'sh', '-c', 'exec psql -XAtq -v VERBOSITY=verbose -v SHOW_CONTEXT=errors -c "SET client_min_messages = warning" -c "$0" 2>&1', $statement;
	local $/;
	my $output = <$psql>;
	close $psql;
	$output =~ s/^LOCATION:.*\n//mg;
	$output =~ s/\n\z//;
	return wantarray ? split(/\n/, $output) : $output;
}
