#include "core/data/tasks/tasks.h"

namespace lab {

std::vector<int> copyAnswer(std::vector<int> x, int) {
    return x;
}

}  // namespace lab
