#pragma once

#include <string>

#include "app/commands/command.h"
#include "core/config/field.h"

// What the program says of itself: help, the manual page (manual.h) and the completion (completion.h) are made of these tables.

namespace lab {

/// A word of a list, and what it means.
struct Described {
    std::string name, meaning;
};

/// What the program is, in a sentence.
std::string programSummary();
/// Ways to call it: what follows its name.
std::vector<Described> programUsages();
/// Options that belong to no command.
std::vector<Option> programOptions();
std::vector<Described> exitStatuses();
/// Variables of the environment that are respected.
std::vector<Described> environmentVariables();
/// Presets, and what is to be seen in each.
std::vector<Described> namedExperiments();
/// The same of experiments on a text of one's own.
std::vector<Described> namedRecipes();
/// What a key takes, its choices or its kind with limits, and what holds when it is absent.
std::string valuesOf(const FieldInfo& field);

/// attention-lab --help
std::string programHelp();
/// attention-lab COMMAND --help
std::string commandHelp(const Command& command);

}  // namespace lab
