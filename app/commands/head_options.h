#pragma once

#include "app/commands/arguments.h"
#include "core/base/errors.h"
#include "core/moments/head_choice.h"

namespace lab {

/// --layer, --head and --block.
std::vector<Option> headOptions();
HeadChoice headChoice(const Arguments& arguments);

/// "head: ..." as it is called on the command line, "--head: ..."; what is about something else stays as it is.
InputError asOption(const InputError& error);

/// What core refuses is said in the words of the command line.
template <class Act>
auto withOptionNames(Act act) {
    try {
        return act();
    } catch (const InputError& error) {
        throw asOption(error);
    }
}

}  // namespace lab
