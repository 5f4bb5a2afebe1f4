#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/message.h"
#include "core/config/experiment.h"

// A grid of experiments (FORMATS.md 7).

namespace lab {

/// One key of the grid and the values it runs through.
struct GridKey {
    std::string path;                 ///< "model.attention.form"
    std::vector<std::string> values;  ///< as JSON: "\"kv\"", "64", "{\"kind\":\"full\"}"
    std::vector<std::string> cells;   ///< the same as a table shows them: "kv", "64"

    bool operator==(const GridKey&) const = default;
};

/// The product of the keys' values over a base; run 0 has the first value of each, the last key runs fastest.
struct Sweep {
    std::string name;
    std::string about;
    Experiment base;  ///< with what `set` changes; derived values absent
    std::vector<GridKey> grid;
    std::filesystem::path folder;  ///< data paths are relative to it; empty = the working folder

    int runCount() const;
    /// The index of each key's value in a run, in the keys' order.
    std::vector<std::size_t> places(int run) const;
};

/// Reads a grid. `folder` is what its paths are relative to. Throws InputError with the place for everything that is wrong with it, also
/// with any one of its experiments, so that a sweep does not fail after hours.
Sweep parseSweep(std::string_view json, const std::filesystem::path& folder);
/// The same from a file or, when there is none, of a sweep that comes with the program. The message names the file.
Sweep sweepNamed(const std::string& fileOrName);

/// The experiment of a run; not resolved.
Experiment experimentOf(const Sweep& sweep, int run);
/// The run's cells, one a key: "qkv", "1".
std::vector<std::string> cellsOf(const Sweep& sweep, int run);
/// "task.kind = sort, training.seed = 1"
std::string describeRun(const Sweep& sweep, int run);
/// "run 3 (task.kind = sort, training.seed = 1)", in front of what is wrong with it.
Message placeOfRun(const Sweep& sweep, int run);

/// What all its runs are trained by; nothing: some by this loss, some by that.
std::optional<LossKind> lossOf(const Sweep& sweep);

/// As a file that parseSweep reads back: the base in full.
std::string writeSweep(const Sweep& sweep);

/// The sweep as it must read in another folder: relative data paths keep leading to the same files.
Sweep relocated(Sweep sweep, const std::filesystem::path& to);

/// The first thing that makes them two grids ("model.d_model is 64 there and 32 here"); empty when all their runs are the same. Names and
/// what is only for a window do not count.
Message differenceOf(const Sweep& there, const Sweep& here);

/// A sweep that comes with the program: resources/sweeps/NAME.json, compiled in.
struct BuiltInSweep {
    std::string_view name;
    std::string_view json;
};
const std::vector<BuiltInSweep>& builtInSweeps();

}  // namespace lab
