#pragma once

#include <string>

namespace lab {

/// With letters and their marks as one character where there is one (Unicode's NFC): é is one word, however it was typed. Text that is not
/// UTF-8 stays as it is.
std::string composedText(std::string text);

}  // namespace lab
