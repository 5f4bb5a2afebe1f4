#pragma once

#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>

#include "core/base/message.h"

namespace lab {

/// Bad input from outside the program: a file, a flag, a typed value. It is one sentence for the user that names the thing and the place
/// ("model.num_kv_heads: 3 does not divide num_heads 4"); what() says it in English. Bugs are assertions instead.
class InputError : public std::runtime_error {
public:
    explicit InputError(Message sentence);
    /// "place: what"; a place is a key, a file, an option.
    InputError(std::string place, Message what) : InputError(located(std::move(place), std::move(what))) {}
    InputError(Message place, Message what) : InputError(located(std::move(place), std::move(what))) {}

    const Message& message() const { return *m_message; }

private:
    std::shared_ptr<const Message> m_message;  ///< shared: copying an exception must not throw
};

/// What an exception says: its sentence when it carries one, else its text as it is.
Message messageOf(const std::exception& error);

/// Training produced a number that is not finite. The state before the step is kept.
class DivergenceError : public std::runtime_error {
public:
    DivergenceError(std::int64_t step, Message tensor);

    std::int64_t step() const { return m_step; }
    /// The first bad tensor in layout order: "loss" or "gradient of encoder.0.attention.key.weight".
    const Message& tensor() const { return m_message->arguments().back(); }
    const Message& message() const { return *m_message; }

private:
    explicit DivergenceError(std::int64_t step, std::shared_ptr<const Message> message);

    std::int64_t m_step;
    std::shared_ptr<const Message> m_message;
};

}  // namespace lab
