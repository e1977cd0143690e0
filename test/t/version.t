#!/usr/bin/perl
#
# One version: what segment.control says is what META.json, the change log and the server say.

use strict;
use warnings;
use JSON::PP qw(decode_json);
use Test::More;

my ($version) = slurp('segment.control') =~ /^default_version = '(\d+\.\d+\.\d+)'$/m;
my $meta = decode_json(slurp('META.json'));

ok($version, 'segment.control has a semantic version');
is($meta->{version}, $version, 'META.json: version of the distribution');
is($meta->{provides}{segment}{version}, $version, 'META.json: version of the extension');
like(slurp('CHANGELOG.md'), qr/^## .*\b\Q$version\E\b/m, 'CHANGELOG.md has an entry');
my $installed = `psql -XAtc "SELECT extversion FROM pg_extension WHERE extname = 'segment'"`;
chomp $installed;
is($installed, $version, 'the server has installed it');

done_testing();

sub slurp
{
	my ($file) = @_;
	open my $in, '<', $file or return '';
	local $/;
	return scalar <$in>;
}
