#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "core/base/errors.h"

// What the harnesses have in common. A harness reads one input with one parser: what is wrong with it has to be said by an InputError;
// another exception, a sanitizer's complaint, more than a second or 512 MB is a mistake of the program.

namespace lab::fuzz {

/// False when it is refused in the program's way; other exceptions come through.
template <class Act>
bool accepted(Act act) {
    try {
        act();
        return true;
    } catch (const InputError&) {
        return false;
    }
}

/// Ends the program, saying so, unless it holds.
void require(bool holds, std::string_view sentence);

/// The parts of an input that has several, which lines "===" divide; the last ones are empty where it has fewer.
std::vector<std::string_view> parted(std::string_view bytes, std::size_t parts);

/// A folder in memory, of this process alone.
const std::filesystem::path& scratch();
/// A file there with these bytes.
std::filesystem::path fileOf(std::string_view bytes, const char* name);

}  // namespace lab::fuzz
