#include "core/pictures/idx.h"

#include <algorithm>

#include "tests/fuzz/harness.h"

namespace lab::fuzz {

/// Two bytes: how many of the others are the pictures; the rest are the labels.
void idx(std::string_view bytes) {
    if (bytes.size() < 2) return;
    const auto byte = [&bytes](std::size_t at) { return std::size_t{static_cast<unsigned char>(bytes[at])}; };
    const std::size_t length = byte(0) << 8 | byte(1);
    bytes.remove_prefix(2);
    const std::string pictures(bytes.substr(0, length)), labels(bytes.substr(std::min(length, bytes.size())));
    PictureSet set;
    if (!accepted([&] { set = pictureSetOf(pictures, "pictures", labels, "labels"); })) return;
    const auto size = static_cast<std::size_t>(set.width) * static_cast<std::size_t>(set.height);
    require(set.pixels.size() == size * static_cast<std::size_t>(set.count()), "there are the pixels of all pictures");
}

}  // namespace lab::fuzz
