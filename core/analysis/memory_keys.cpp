#include "core/analysis/memory_keys.h"

namespace lab {

bool isMemory(const Visibility& visibility, int i, int j, int length) {
    return visibility.detaches() && visibility.mayAttend(i, j, length) && visibility.detached(i, j, length);
}

std::vector<int> segmentStarts(const Visibility& visibility, int length) {
    std::vector<int> starts;
    for (int i = 1; i < length; ++i)
        if (isMemory(visibility, i, i - 1, length)) starts.push_back(i);
    return starts;
}

}  // namespace lab
