#pragma once

#include "core/pretrained/stored_tensors.h"

namespace lab {

/// How a kind of tensor of GGUF lies in its file, by the number that files have for it; null: not read.
const NumberFormat* blockFormat(std::uint32_t kind);

/// "F32, F16, ..".
std::string blockFormatNames();

}  // namespace lab
