#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace lab {

/// The numbers of one vector as a person types them, parted by blanks, commas or bars: "0.62 1.1", "(0.62, ?)". "?" is the 0 of what is
/// asked. Throws InputError with one sentence.
std::vector<float> typedVector(std::string_view text, int numbers);
/// Vectors parted by semicolons or ends of lines, one behind the other.
std::vector<float> typedVectors(std::string_view text, int numbers);
/// As many pixels, 0 to 255.
std::vector<std::uint8_t> typedPixels(std::string_view text, int pixels);

/// What is typed for a vector: "0.62 -1.1"; `open`: so many of its last numbers are asked.
std::string writtenVector(const std::vector<float>& numbers, int open = 0);

}  // namespace lab
