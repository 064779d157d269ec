# The records of sisimai for each file named on standard input, one line of tab-separated fields per record.
use strict;
use warnings;
use Sisimai;

while (my $file = <STDIN>) {
    chomp $file;
    my $records = eval { Sisimai->rise($file, 'delivered' => 1) } || [];
    print join("\t", $file, $_->action, $_->hardbounce, $_->reason), "\n" for @$records;
}
