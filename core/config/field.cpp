#include "core/config/field.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/base/utf8.h"

namespace lab {
namespace {

constexpr double largestInt = std::numeric_limits<int>::max();

std::string inQuotes(std::string_view text) {
    constexpr std::size_t longest = 60;
    return '"' + std::string(text.substr(0, longest)) + (text.size() > longest ? "..." : "") + '"';
}

[[noreturn]] void refuse(const FieldInfo& field, const Message& got) {
    throw InputError(field.path, Message(LAB_TEXT("config", "expected %1, got %2")).arg(kindText(field.kind)).arg(got));
}

/// "1, 2.5 3" with or without brackets.
std::optional<std::vector<double>> parseList(std::string_view text) {
    text = trimmed(text);
    if (text.starts_with('[') && text.ends_with(']')) text = text.substr(1, text.size() - 2);
    std::vector<double> values;
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = std::min(text.find_first_of(", \t"), text.size());
        const auto value = parseReal(text.substr(0, end));
        if (!value) return std::nullopt;
        values.push_back(*value);
        text = trimmed(text.substr(end));
        if (text.starts_with(',')) text.remove_prefix(1);
    }
    return values;
}

/// "norm, output"
std::vector<std::string> parseNames(std::string_view text) {
    std::vector<std::string> names;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find(','), text.size());
        if (const std::string_view name = trimmed(text.substr(0, end)); !name.empty()) names.emplace_back(name);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return names;
}

std::optional<FieldValue> parseValue(FieldKind kind, std::string_view text) {
    switch (kind) {
        case FieldKind::boolean:
            if (text == "true" || text == "false") return FieldValue(text == "true");
            return std::nullopt;
        case FieldKind::integer:
            if (const auto value = parseInteger(text)) return FieldValue(*value);
            return std::nullopt;
        case FieldKind::real:
            if (const auto value = parseReal(text)) return FieldValue(*value);
            return std::nullopt;
        case FieldKind::list:
            if (auto value = parseList(text)) return FieldValue(std::move(*value));
            return std::nullopt;
        case FieldKind::names:
            return FieldValue(parseNames(text));
        case FieldKind::choice:
        case FieldKind::text:
            return FieldValue(std::string(text));
    }
    return std::nullopt;
}

void requireChoice(const FieldInfo& field, const std::string& value) {
    if (std::ranges::find(field.choices, value) != field.choices.end()) return;
    throw InputError(field.path, Message(LAB_TEXT("config", "%1 is not one of %2")).arg(inQuotes(value)).arg(listed(field.choices)));
}

/// The member's type must be able to hold it; what makes sense is the business of problemsOf.
void requireRepresentable(const FieldInfo& field, std::int64_t value) {
    const bool natural = field.limits.max > largestInt;  // seeds are 64-bit and unsigned
    const bool fits = natural ? value >= 0 : value >= std::numeric_limits<int>::min() && value <= std::numeric_limits<int>::max();
    if (!fits) throw InputError(field.path, outOfRange(std::to_string(value), field.limits));
}

}  // namespace

Message outOfRange(std::string value, const Limits& limits) {
    return Message(LAB_TEXT("config", "%1 is out of range; must be %2")).arg(std::move(value)).arg(limits.text());
}

bool FieldInfo::isDerived(const Experiment& experiment) const {
    return presence == Presence::derived && std::holds_alternative<std::monostate>(get(experiment));
}

bool FieldInfo::isMissing(const Experiment& experiment) const {
    if (presence != Presence::required || !isApplicable(experiment)) return false;
    const FieldValue value = get(experiment);
    if (const auto* list = std::get_if<std::vector<double>>(&value)) return list->empty();
    if (const auto* word = std::get_if<std::string>(&value)) return word->empty();
    return std::holds_alternative<std::monostate>(value);
}

std::string FieldInfo::text(const Experiment& experiment) const {
    return fieldText(get(experiment));
}

std::string FieldInfo::defaultText() const {
    return fieldText(defaultValue);
}

void FieldInfo::setText(Experiment& experiment, std::string_view text) const {
    const std::string_view value = kind == FieldKind::text ? text : trimmed(text);
    const bool absent = value.empty() && std::holds_alternative<std::monostate>(defaultValue);
    if (absent) return put(experiment, FieldValue());
    const auto parsed = parseValue(kind, value);
    if (!parsed) refuse(*this, value.empty() ? Message(LAB_TEXT("config", "nothing")) : Message::verbatim(inQuotes(value)));
    setValue(experiment, *parsed);
}

void FieldInfo::setValue(Experiment& experiment, const FieldValue& value) const {
    const auto* integer = std::get_if<std::int64_t>(&value);
    if (kind == FieldKind::real && integer) return put(experiment, static_cast<double>(*integer));
    const bool matches = kind == FieldKind::boolean   ? std::holds_alternative<bool>(value)
                         : kind == FieldKind::integer ? integer != nullptr
                         : kind == FieldKind::real    ? std::holds_alternative<double>(value)
                         : kind == FieldKind::list    ? std::holds_alternative<std::vector<double>>(value)
                         : kind == FieldKind::names   ? std::holds_alternative<std::vector<std::string>>(value)
                                                      : std::holds_alternative<std::string>(value);
    if (!matches) refuse(*this, Message::verbatim(inQuotes(fieldText(value))));
    if (kind == FieldKind::choice) requireChoice(*this, std::get<std::string>(value));
    if (kind == FieldKind::text && !isUtf8(std::get<std::string>(value)))
        throw InputError(path, LAB_TEXT("config", "this text is not UTF-8"));
    if (integer) requireRepresentable(*this, *integer);
    put(experiment, value);
}

std::string fieldText(const FieldValue& value) {
    struct Writer {
        std::string operator()(std::monostate) const { return {}; }
        std::string operator()(bool b) const { return b ? "true" : "false"; }
        std::string operator()(std::int64_t i) const { return std::to_string(i); }
        std::string operator()(double x) const { return numberText(x); }
        std::string operator()(const std::string& word) const { return word; }
        std::string operator()(const std::vector<double>& list) const {
            std::string text;
            for (std::size_t i = 0; i < list.size(); ++i) text += (i == 0 ? "" : ", ") + numberText(list[i]);
            return text;
        }
        std::string operator()(const std::vector<std::string>& names) const {
            std::string text;
            for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
            return text;
        }
    };
    return std::visit(Writer(), value);
}

SourceText kindText(FieldKind kind) {
    switch (kind) {
        case FieldKind::boolean:
            return LAB_TEXT("config", "true or false");
        case FieldKind::integer:
            return LAB_TEXT("config", "an integer");
        case FieldKind::real:
            return LAB_TEXT("config", "a number");
        case FieldKind::choice:
            return LAB_TEXT("config", "one of its names");
        case FieldKind::text:
            return LAB_TEXT("config", "a text");
        case FieldKind::list:
            return LAB_TEXT("config", "a list of numbers");
        case FieldKind::names:
            return LAB_TEXT("config", "a list of names");
    }
    assert(false);
    return {};
}

}  // namespace lab
