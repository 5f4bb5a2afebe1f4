#pragma once

#include "server/routes/memory_body.h"

namespace lab::server {

/// A memory at work, moment by moment: after every update of all units, of one unit at a time after every sweep.
struct RecallRequest {
    MemoryChoice choice;
    StoredMemory stored;
    std::vector<double> cue;
    int steps = mostSweeps;  ///< sweeps, or updates of all units, at the most
    bool flips = false;      ///< also each flip of a classical net
};
Json recallJson(const RecallRequest& request);

}  // namespace lab::server
