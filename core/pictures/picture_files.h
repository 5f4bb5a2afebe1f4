#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/watched_reading.h"
#include "core/pictures/picture_set.h"

namespace lab {

/// What a folder of IDX files holds.
struct PictureFiles {
    PictureSet train;
    PictureSet test;                   ///< none where there is but one pair of files
    std::vector<std::string> classes;  ///< their names in the order of the labels, without blanks; none where nothing says them

    /// Of train and test: the largest label and one.
    int numClasses() const;
};

/// Reads what task.path of `images` names: a folder with the four files of MNIST (train-images-idx3-ubyte, train-labels-idx1-ubyte,
/// t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte; each may end with .gz, and have .idx for -idx), and beside them, if it is there,
/// classes.txt, one name a line; or one file of pictures, whose name has "images" and "idx3" where that of its labels has "labels" and
/// "idx1"; or `fashion-mnist`. A path is relative to `folder`. Throws InputError naming the file.
PictureFiles readPictureFiles(const std::string& path, const std::filesystem::path& folder, const Watch& watch = {});

/// Where Debian's package has Fashion-MNIST.
std::filesystem::path fashionMnistFolder();

}  // namespace lab
