#pragma once

#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "core/learn/expression.h"
#include "core/moments/run_moment.h"
#include "core/stream/attribution.h"
#include "core/stream/circuit_graph.h"
#include "core/stream/patching.h"

namespace lab {

/// What expressions may ask of the residual stream of one input at one moment of a run (StreamFunction), passes kept: who asks for all
/// heads one after the other pays for their own passes alone. For one thread at a time.
class StreamFacts {
public:
    StreamFacts(RunMoment moment, Input input);
    ~StreamFacts();

    /// Throws InputError as core/stream does, and for positions, heads, parts and tokens that are not there.
    double value(StreamFunction function, const std::vector<Facts::Argument>& arguments) const;

private:
    class Asked;
    struct Change {
        int position = 0, changed = 0, token = 0;
        bool intoClean = false;
        auto operator<=>(const Change&) const = default;
    };

    const StreamStates& states() const;
    int likeliest(const std::vector<float>& logits, int position) const;
    const Patching& patching(const Change& change) const;
    const Attribution& taken(const LogitQuestion& question) const;
    StreamHead headOf(int layer, int head) const;

    double answer(Asked& asked) const;
    double target(Asked& asked) const;
    double token(Asked& asked) const;
    double read(Asked& asked) const;
    double place(Asked& asked) const;
    double lens(Asked& asked) const;
    double decided(Asked& asked) const;
    double headWrites(Asked& asked) const;
    double headWritesFrom(Asked& asked) const;
    double partWrites(Asked& asked) const;
    double allWrite(Asked& asked) const;
    double corruptedAnswer(Asked& asked) const;
    template <PatchPart part>
    double recoveredAt(Asked& asked) const;
    double recoveredHead(Asked& asked) const;
    double lostHead(Asked& asked) const;
    double recoveredPath(Asked& asked) const;
    double composition(Asked& asked) const;

    RunMoment m_moment;
    Input m_input;
    StreamRuns m_runs;
    mutable std::optional<StreamStates> m_states;
    mutable std::optional<std::pair<LogitQuestion, Attribution>> m_taken;  ///< the last one
    mutable std::map<Change, std::unique_ptr<const Patching>> m_patchings;
    mutable std::map<std::pair<int, int>, CircuitGraph> m_graphs;  ///< by the blocks
};

}  // namespace lab
