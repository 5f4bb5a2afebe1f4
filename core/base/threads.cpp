#include "core/base/threads.h"

#include <latch>
#include <thread>
#include <vector>

namespace lab {

int threadsToBeHad(int wanted) {
    std::latch all(1);
    std::vector<std::jthread> others;  // joined before the latch goes
    int had = 1;
    while (had < wanted && addThread(others, [&all] { all.wait(); })) ++had;
    all.count_down();
    return had;
}

}  // namespace lab
