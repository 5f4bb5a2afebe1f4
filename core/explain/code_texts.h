#pragma once

#include <string_view>
#include <vector>

namespace lab::explain {

/// resources/code/LANGUAGE/FILE.py, compiled in, or the marked regions of one of our own sources (language "cpp").
struct CodeText {
    std::string_view language, file, text;
};

const std::vector<CodeText>& codeTexts();

}  // namespace lab::explain
