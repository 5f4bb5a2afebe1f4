#pragma once

#include <filesystem>
#include <functional>
#include <string>

namespace lab {

/// Told from time to time which share of a work is done, 0 to 1; false ends the work, which then throws. Empty: nobody watches.
using Watch = std::function<bool(double share)>;

/// Throws InputError of the file when the watch wants no more of it.
void tellWatch(const Watch& watch, double share, const std::string& file);

/// A part of a watched work: its shares are told as those from `from` to `to` of the whole. Outlives no `watch`.
Watch partOfWatch(const Watch& watch, double from, double to);

/// readFile (core/base/files.h) of what may be large.
std::string readFile(const std::filesystem::path& path, const Watch& watch);

}  // namespace lab
