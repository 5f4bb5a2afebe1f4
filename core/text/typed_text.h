#pragma once

#include <filesystem>
#include <string_view>

namespace lab {

/// Keeps a text that a person typed, so that a run can name it: as a file of `folder`, which is made if need be, called by its first words
/// and its SHA-256 ("the-old-house-1f3a90c2.txt"). The same text is kept once. Throws InputError when it cannot be written.
std::filesystem::path keepTypedText(const std::filesystem::path& folder, std::string_view text);

}  // namespace lab
