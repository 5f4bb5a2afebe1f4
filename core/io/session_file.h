#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/config/experiment.h"
#include "core/io/checkpoint.h"
#include "core/io/session.h"
#include "core/tensor/parameter_layout.h"

// A session: all open runs with their pasts, and what was looked at (FORMATS.md 2). The file is the shown run's training state, which
// anything reads that reads checkpoints; the rest lies beside it.

namespace lab {

struct SessionRun {
    struct Origin {
        std::string parent;  ///< its name
        std::int64_t step = 0;

        bool operator==(const Origin&) const = default;
    };
    std::string name;
    std::optional<Origin> origin;  ///< of a branch
    Experiment experiment;         ///< resolved; paths relative to the session's file
    KeptTokenizer tokenizer;
    std::shared_ptr<const ParameterLayout> layout;
    TrainingStatePtr present;
    SessionPast past;
    Metadata notes;  ///< what the window remembers of it
};

struct SessionFile {
    std::string file;  ///< for messages
    std::vector<SessionRun> runs;
    std::size_t shown = 0;
    std::string window;  ///< JSON: what was looked at; empty when unknown
};

/// What a person is told before a session is opened; read from the file's beginning alone.
struct SessionSummary {
    std::string name;  ///< of the shown run
    std::int64_t step = 0;
    std::int64_t steps = 0;  ///< of the training
    std::size_t runs = 0;
    bool isSession = false;  ///< false: a training state without a past
};

using LayoutOf = std::function<std::shared_ptr<const ParameterLayout>(const Experiment&)>;

/// All or nothing. Throws InputError when it cannot be written.
void writeSession(const std::filesystem::path& path, const SessionFile& session, const Metadata& extra = {});

bool isSession(const CheckpointFile& checkpoint);
/// The session in a file that was read. Throws InputError naming the file and the place.
SessionFile sessionOf(const CheckpointFile& checkpoint, const LayoutOf& layoutOf);
/// The same, but a run that is not sound costs no other: `lost` hears of it. Throws when none is left.
SessionFile soundRunsOf(const CheckpointFile& checkpoint, const LayoutOf& layoutOf, std::vector<Message>& lost);

/// Throws InputError naming the file when its header cannot be read; that the rest is whole is found when it is opened.
SessionSummary readSessionSummary(const std::filesystem::path& path);

}  // namespace lab
