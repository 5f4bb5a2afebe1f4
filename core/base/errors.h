#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace lab {

/// Bad input from outside the program: a file, a flag, a typed value. what() is one sentence for the user that names the thing
/// and the place ("model.num_kv_heads: 3 does not divide num_heads 4"). Bugs are assertions instead.
class InputError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Training produced a number that is not finite. The state before the step is kept.
class DivergenceError : public std::runtime_error {
public:
    DivergenceError(std::int64_t step, std::string tensor);

    std::int64_t step() const { return m_step; }
    /// The first bad tensor in layout order: "loss" or "gradient of encoder.0.attention.key.weight".
    const std::string& tensor() const { return m_tensor; }

private:
    std::int64_t m_step;
    std::string m_tensor;
};

}  // namespace lab
