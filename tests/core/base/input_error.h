#pragma once

#include <functional>
#include <string>

#include "core/base/errors.h"

namespace lab {

/// The sentence with which `action` is refused; nothing when it is not.
inline std::string messageOf(const std::function<void()>& action) {
    try {
        action();
    } catch (const InputError& error) {
        return error.what();
    }
    return {};
}

}  // namespace lab
