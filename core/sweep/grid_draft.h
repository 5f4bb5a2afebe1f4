#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/sweep/sweep.h"

// A grid as a person types it: an experiment, keys, and the values of each.

namespace lab {

struct DraftKey {
    std::string path;    ///< "model.d_model"
    std::string values;  ///< "16, 32, 64"; integers also "1..5"
};

struct GridDraft {
    std::string name;
    Experiment base;
    std::vector<DraftKey> keys;
    std::filesystem::path folder;  ///< data paths are relative to it; empty = the working folder
    std::string about;
};

/// Whether a grid may run through a key by typed values: lists and texts for people cannot.
bool canBeTyped(const std::string& path);

/// What is wrong with one key of the draft by itself, in a sentence without its path; empty when nothing is.
Message problemOfKey(const GridDraft& draft, std::size_t key);

/// How many runs the keys make; nothing when one of them cannot be read.
std::optional<std::int64_t> runCountOf(const GridDraft& draft);

/// The sweep. Throws InputError with the place for everything that is wrong, also with any one of its experiments.
Sweep sweepOfDraft(const GridDraft& draft);

/// The draft that makes this sweep again; nothing when it runs through something that cannot be typed (a section, a list).
std::optional<GridDraft> draftOf(const Sweep& sweep);

/// What a results file is for a sweep that would be written to it.
struct ResultsState {
    bool exists = false;
    int finished = 0;  ///< runs of this sweep that are in it
    Message problem;   ///< why it cannot be written: of another grid, no sweep's results, written by another process
};
ResultsState resultsState(const Sweep& sweep, const std::filesystem::path& csv);

/// Whether a JSON file says that it is a sweep; false for everything that cannot be read.
bool isSweepFile(const std::filesystem::path& path);

}  // namespace lab
