#pragma once

#include "core/base/files.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "tests/core/pretrained/pretrained_cases.h"

namespace lab::testing {

/// That of tests/reference/pretrained/`name`.
inline PieceTokenizer tokenizerOfCase(const std::string& name) {
    return {readFile(pretrainedFolder / name / "tokenizer.json"), name};
}

}  // namespace lab::testing
