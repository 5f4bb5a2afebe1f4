#pragma once

#include "core/base/errors.h"

namespace lab {

/// A file or folder that cannot be written: the fault of a disk or a permission, whoever asked for it.
class WriteError : public InputError {
public:
    using InputError::InputError;
};

}  // namespace lab
