#pragma once

#include <span>

#include "core/base/message.h"
#include "core/config/experiment.h"

// What the catalogue says of each component beside its row's name; not for others than the explainer's own files.

namespace lab::explain {

struct ComponentGroup {
    const char* id;
    SourceText name;
};

struct ComponentRow {
    const char* group;
    const char* key;
    const char* choice;  ///< of the key; empty: a part with a name of its own
    SourceText name;
    SourceText sentence;  ///< empty: the choice's help
    const char* formula;
    const char* source;
    const char* stage;
    bool (*used)(const Experiment&) = nullptr;  ///< of parts; null: always
};

std::span<const ComponentGroup> componentGroups();
std::span<const ComponentRow> componentRows();

}  // namespace lab::explain
