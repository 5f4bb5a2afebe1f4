#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/pictures/picture_set.h"

// The format of MNIST, IDX: two zero bytes, the type of the numbers (8: bytes), how many dimensions there are, the size of each (32 bits,
// most significant byte first), the numbers.

namespace lab {

/// A file's numbers, which stay where they are.
struct IdxFile {
    std::vector<int> sizes;  ///< of each dimension, 1 at least
    std::string_view bytes;  ///< their product of them
};

/// Of an unpacked file with so many dimensions. Throws InputError naming `file` and the byte where it goes wrong; nothing is allocated by
/// what a header says.
IdxFile idxFile(std::string_view bytes, int dimensions, const std::string& file);

/// Pictures and their labels, each file packed by gzip or not. Throws InputError naming the file.
PictureSet pictureSetOf(std::string pictures, const std::string& picturesName, std::string labels, const std::string& labelsName);

}  // namespace lab
