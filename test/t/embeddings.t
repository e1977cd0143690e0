#!/usr/bin/perl
#
# What a fit says of vectors: of lengths that count in distances, and of rows that have none.

use strict;
use warnings;
use Test::More;

my $table = "embeddings_$$";
my $lengths = qr/the vectors of "v" have lengths from 1.00 to 2.00: distances compare lengths as well as directions\n/
  . qr/HINT:  If only directions mean something, as in most embeddings, use distance => 'cosine'\.\n/;

plan skip_all => 'the server has no pgvector'
  if psql(q{SELECT count(*) FROM pg_available_extensions WHERE name = 'vector'}) eq "0\n";

psql(qq{
	CREATE EXTENSION IF NOT EXISTS vector;
	CREATE TABLE $table AS SELECT i AS id, ARRAY[(i % 2)::integer, (1 - i % 2) * (1 + i % 4 / 2)]::vector AS v FROM generate_series(1, 40) i;
	ALTER TABLE $table ADD PRIMARY KEY (id)});
like(fit(''), qr/^NOTICE:  $lengths/m, 'lengths from 1 to 2');
unlike(fit(q{, distance => 'cosine'}), qr/lengths from/, 'directions alone');
psql("UPDATE $table SET v = l2_normalize(v)");
unlike(fit(''), qr/lengths from|no vector/, 'all of length 1');
psql("UPDATE $table SET v = NULL WHERE id = 7");
like(fit(''), qr/^NOTICE:  rows that have no vector in "v" are left out\nHINT:  With missing => 'mean' they get the mean of all vectors\.\n/m, 'a row without one');
unlike(fit(q{, missing => 'mean'}), qr/no vector/, 'with the mean of all');
psql("DROP TABLE $table");
done_testing();

sub fit
{
	my ($options) = @_;
	return psql("SET client_min_messages = notice; BEGIN; SELECT segment_kmeans('$table', 2, '{v}'$options); ROLLBACK");
}

# what a session prints, notices and errors included
sub psql
{
	my ($statement) = @_;
	open my $psql, '-|' or exec 'sh', '-c', 'exec psql -XAtq -c "SET client_min_messages = warning" -c "$0" 2>&1', $statement;
	local $/;
	my $output = <$psql> // '';
	close $psql or die "failed: $statement\n$output";
	return $output;
}
