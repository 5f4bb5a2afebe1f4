#include "core/data/tasks/tasks.h"

namespace lab {

std::vector<int> repeatAnswer(std::vector<int> x, int) {
    if (x.empty()) return x;
    x.erase(x.begin());
    x.push_back(-1);
    return x;
}

}  // namespace lab
