#include "core/base/errors.h"

#include <utility>

namespace lab {

DivergenceError::DivergenceError(std::int64_t step, std::string tensor)
    : std::runtime_error("Step " + std::to_string(step) + ": " + tensor + " is not finite."), m_step(step), m_tensor(std::move(tensor)) {}

}  // namespace lab
