#pragma once

#include <string>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// A file that an experiment reads, and the key that names it.
struct DataFile {
    const char* key;
    std::string path;
};

/// All of them; what comes with the program, or lies in one place for all experiments of a user, is none.
std::vector<DataFile> dataFilesOf(const Experiment& experiment);

}  // namespace lab
