#pragma once

#include <initializer_list>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/limits.h"
#include "core/base/message.h"

// Numbers that belong to a kind (a task's k, a pattern's window) rather than to the experiment: the row declares them, the experiment keeps
// their values, and the visitor makes JSON, form, validation and help of the declaration.

namespace lab {

/// One number of a kind. Rows that share a key share the declaration.
struct ParameterSpec {
    std::string_view key;
    SourceText help;
    Limits limits;
    std::optional<double> standard;  ///< empty: it has to be given
    bool integer = true;
    std::string_view label = {};  ///< when it is not the key
    double usual = 0;             ///< stands for it where kinds are laid beside each other and nobody chose; 0: the least allowed
};

/// What it is where nobody chose.
double usualOf(const ParameterSpec& spec);

/// Values that were given, by key.
class Parameters {
public:
    Parameters() = default;
    /// {{"window", 3}, {"globals", 2}}
    Parameters(std::initializer_list<std::pair<std::string_view, double>> values) {
        for (const auto& [key, value] : values) set(key, value);
    }
    std::optional<double> find(std::string_view key) const;
    /// The given value, else the standard one; a parameter that has to be given is there in a valid experiment.
    double operator[](const ParameterSpec& spec) const;
    void set(std::string_view key, double value);
    void reset(std::string_view key);
    bool operator==(const Parameters&) const = default;

private:
    std::vector<std::pair<std::string_view, double>> m_values;  ///< by key; keys are those of specs, which live for ever
};

}  // namespace lab
