#include <algorithm>

#include "core/data/tasks/tasks.h"

namespace lab {

std::vector<int> swapAnswer(std::vector<int> x, int) {
    std::rotate(x.begin(), x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2), x.end());
    return x;
}

}  // namespace lab
