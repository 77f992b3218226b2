// The cases of the test vectors that are made to be slow.
#pragma once

namespace handfast::bench {

// One line with the slowest of them. Says so if the vectors are not there.
void print_pathological();

}  // namespace handfast::bench
