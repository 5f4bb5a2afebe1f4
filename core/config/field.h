#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/base/limits.h"
#include "core/base/message.h"

namespace lab {

struct Experiment;

/// The value of one key: nothing (a derived or missing value), a truth value, an integer, a real, a text or choice, a list of reals or
/// names.
using FieldValue = std::variant<std::monostate, bool, std::int64_t, double, std::string, std::vector<double>, std::vector<std::string>>;

enum class FieldKind { boolean, integer, real, choice, text, list, names };

/// What happens when the key is absent.
enum class Presence {
    optional,  ///< the default holds
    derived,   ///< worked out from other keys (resolved())
    required   ///< no default: where the key applies it must be given
};

/// One key of the experiment: what it is called, what it means, and how to read and write it without knowing its type.
struct FieldInfo {
    std::string path;   ///< "model.attention.pos_dim"
    std::string label;  ///< in no language: the key itself, or its parent's for keys called `kind`: "pos_dim", "pattern"
    std::string group;  ///< "experiment" (name and about), "task", "model", "training"
    Message help;       ///< what it is, its formula, its source
    FieldKind kind = FieldKind::integer;
    Presence presence = Presence::optional;
    bool common = false;               ///< shown first; the rest is folded
    std::vector<std::string> choices;  ///< of a choice
    Limits limits;                     ///< of an integer, a real or each value of a list
    FieldValue defaultValue;

    std::function<bool(const Experiment&)> applies;
    std::function<FieldValue(const Experiment&)> get;
    /// Takes a value of the field's own kind, in the range of the member's type.
    std::function<void(Experiment&, const FieldValue&)> put;

    /// Whether the chosen kinds use this key; one that is not used is kept and ignored.
    bool isApplicable(const Experiment& experiment) const { return !applies || applies(experiment); }
    /// Whether its value is absent and will be worked out.
    bool isDerived(const Experiment& experiment) const;
    /// Absent where it has to be given.
    bool isMissing(const Experiment& experiment) const;
    bool isDefault(const Experiment& experiment) const { return get(experiment) == defaultValue; }

    /// The value as one types it; "" when absent. With `resolved()` of the experiment this shows derived values too.
    std::string text(const Experiment& experiment) const;
    std::string defaultText() const;
    /// Reads a typed value; an empty text makes an optional value absent again. Throws InputError ("training.steps: expected an
    /// integer, got abc"). Limits are not checked here but by problemsOf().
    void setText(Experiment& experiment, std::string_view text) const;
    /// As setText for a value that has a type; throws InputError when the type or the choice is wrong. An integer serves as a real.
    void setValue(Experiment& experiment, const FieldValue& value) const;
};

/// "12", "0.5", "true", "sliding-window", "1, 1.5, 2", "norm, output"; "" for nothing.
std::string fieldText(const FieldValue& value);

/// "an integer", "true or false", ...
SourceText kindText(FieldKind kind);

/// "0 is out of range; must be at least 1".
Message outOfRange(std::string value, const Limits& limits);

}  // namespace lab
