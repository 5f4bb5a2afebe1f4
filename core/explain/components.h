#pragma once

#include <string>
#include <vector>

#include "core/base/message.h"
#include "core/config/experiment.h"
#include "core/explain/walk.h"

namespace lab::explain {

/// A component that a model of this program can have.
struct Component {
    std::string id;       ///< "model.position.kind=rope", "model.num_kv_heads"
    Message group;        ///< "Positions"
    Message name;         ///< "rope", "grouped-query attention"
    Message sentence;     ///< what it is
    std::string formula;  ///< written as the walk's
    std::string source;   ///< who and when; empty: nobody in particular
    std::string key;      ///< the setting that switches it; empty: every model has it
    std::string choice;   ///< what that is set to; empty: a number or a switch
    std::string stage;    ///< of a walk, where it is explained; empty: of none
    bool used = false;    ///< by this experiment
};

/// All of the program's, in groups, in the order of the way forward; `experiment` resolved.
std::vector<Component> components(const Experiment& experiment);

/// The stage of a walk that explains it; empty: none does.
std::string stageOf(const Walk& walk, const Component& component);

/// Settings whose every choice is a component.
std::vector<std::string> componentKeys();

}  // namespace lab::explain
