#!/usr/bin/perl
#
# The extension can be made, and used, in databases of other encodings: all that it installs is plain ASCII.

use strict;
use warnings;
use Test::More;

$ENV{PGCLIENTENCODING} = 'UTF8';

for my $encoding (qw(LATIN1 EUC_JP SQL_ASCII))
{
	my $database = 'segment_' . lc $encoding;
	query('postgres', "DROP DATABASE IF EXISTS $database");
	query('postgres', "CREATE DATABASE $database TEMPLATE template0 ENCODING '$encoding' LC_COLLATE 'C' LC_CTYPE 'C'");
	is(query($database, 'CREATE EXTENSION segment'), '', "$encoding: the extension is made");
	my $word = $encoding eq 'EUC_JP' ? '日本' : 'café';
	query($database, qq{
		CREATE TABLE visits(id integer PRIMARY KEY, spend float8, "$word" text);
		INSERT INTO visits SELECT i, i % 4 * 100 + i % 3, '$word' || i % 2 FROM generate_series(1, 400) i;
		SELECT segment_kmeans('visits', 4, features => '{spend,$word}')});
	like(query($database, q{SELECT segment_report('visits')}), qr/\Q$word=${word}1\E/, "$encoding: a report");
	is(query($database, q{SELECT count(*) FROM segment_charts() c WHERE segment_chart('visits', c.chart) IS NULL}), '0', "$encoding: charts");
	query('postgres', "DROP DATABASE $database");
}

done_testing();

sub query
{
	my ($database, $statement) = @_;
	open my $psql, '-|', qw(psql -XAtq -d), $database, '-c', 'SET client_min_messages = warning',
	  '-c', $statement
	  or die "cannot run psql: $!\n";
	local $/;
	my $output = <$psql>;
	close $psql;
	$output =~ s/\n\z//;
	return $output;
}
