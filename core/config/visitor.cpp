#include "core/config/visitor.h"

#include <algorithm>
#include <numeric>

#include "core/base/errors.h"
#include "core/config/field_list.h"
#include "core/config/retired_keys.h"

namespace lab {
namespace {

/// Levenshtein's distance, for 'did you mean'.
std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 0; i < a.size(); ++i) {
        std::size_t diagonal = row[0]++;
        for (std::size_t j = 0; j < b.size(); ++j) {
            const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
            diagonal = row[j + 1];
            row[j + 1] = std::min({replaced, diagonal + 1, row[j] + 1});
        }
    }
    return row.back();
}

std::string_view lastKey(std::string_view path) {
    return path.substr(path.rfind('.') + 1);
}

/// How far a wrong path is from one that exists; a right key in the wrong place is close, a slip of one letter closer.
std::size_t pathDistance(std::string_view wrong, std::string_view path) {
    const std::size_t whole = distance(wrong, path);
    const std::size_t key = distance(lastKey(wrong), lastKey(path)) * 2 + 2;
    const bool part = lastKey(wrong).size() > 3 && lastKey(path).ends_with(lastKey(wrong));  // heads, num_heads
    return std::min({whole, key, part ? std::size_t{2} : whole});
}

/// The closest path of a key or section; empty when none is close.
std::string suggestion(const FieldTable& table, std::string_view wrong) {
    if (wrong.size() > 100) return {};
    std::string_view best;
    std::size_t least = 3 + wrong.size() / 5;
    for (const FieldInfo& field : table) {
        const std::string_view path = field.path;
        for (std::size_t end = path.find('.');; end = path.find('.', end + 1)) {
            const std::string_view candidate = path.substr(0, end);
            const std::size_t d = pathDistance(wrong, candidate);
            if (d < least) {
                least = d;
                best = candidate;
            }
            if (end == std::string_view::npos) break;
        }
    }
    return std::string(best);
}

void addNames(FieldList& list) {
    list.add("name", [](auto& e) -> auto& { return e.name; },
             {.help = LAB_TEXT("help", "What the experiment is called in menus and tables.")});
    list.add("about", [](auto& e) -> auto& { return e.about; }, {.help = LAB_TEXT("help", "One sentence that says what to look at.")});
}

std::vector<FieldInfo> allFields() {
    FieldList list;
    addNames(list);
    addTaskFields(list);
    addModelFields(list);
    addTrainingFields(list);
    return list.take();
}

}  // namespace

void FieldList::append(std::string path, FieldSpec spec, FieldInfo info) {
    const std::size_t dot = path.find('.');
    info.group = dot == std::string::npos ? "experiment" : path.substr(0, dot);
    info.label = spec.label.empty() ? std::string(lastKey(path)) : std::move(spec.label);
    info.path = std::move(path);
    info.help = std::move(spec.help);
    info.limits = spec.limits;
    info.applies = std::move(spec.applies);
    info.presence = spec.presence;
    info.common = spec.common;
    info.defaultValue = info.get(Experiment());
    m_fields.push_back(std::move(info));
}

void FieldList::appendParameter(const std::string& section, const ParameterSpec& spec, FieldSpec says, FieldInfo info) {
    std::string path = section + "." + std::string(spec.key);
    if (std::ranges::find(m_fields, path, &FieldInfo::path) != m_fields.end()) return;
    says.help = spec.help;
    says.limits = spec.limits;
    says.presence = spec.standard ? Presence::optional : Presence::required;
    says.label = std::string(spec.label);
    info.kind = spec.integer ? FieldKind::integer : FieldKind::real;
    append(std::move(path), std::move(says), std::move(info));
}

FieldValue FieldList::parameterValue(const Parameters& parameters, const ParameterSpec& spec) {
    const std::optional<double> given = parameters.find(spec.key);
    const std::optional<double> value = given ? given : spec.standard;
    if (!value) return {};
    return spec.integer ? FieldValue(static_cast<std::int64_t>(*value)) : FieldValue(*value);
}

void FieldList::putParameter(Parameters& parameters, const ParameterSpec& spec, const FieldValue& value) {
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        parameters.set(spec.key, static_cast<double>(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
        parameters.set(spec.key, *real);
    } else {
        parameters.reset(spec.key);
    }
}

const FieldInfo* FieldTable::find(std::string_view path) const {
    if (path == "model.attention.kernel.kind") path = "model.attention.kernel";
    const auto it = std::ranges::find(m_fields, path, &FieldInfo::path);
    return it == m_fields.end() ? nullptr : &*it;
}

const FieldInfo& FieldTable::at(std::string_view path) const {
    if (const FieldInfo* field = find(path)) return *field;
    const std::string close = suggestion(*this, path);
    throw InputError(std::string(path), close.empty() ? Message(LAB_TEXT("config", "unknown key"))
                                                      : Message(LAB_TEXT("config", "unknown key; did you mean %1?")).arg(close));
}

bool FieldTable::isSection(std::string_view path) const {
    const auto holds = [path](std::string_view key) {
        return key.size() > path.size() && key[path.size()] == '.' && key.starts_with(path);
    };
    return std::ranges::any_of(m_fields, holds, &FieldInfo::path) || std::ranges::any_of(retiredKeys(), holds);
}

std::size_t FieldTable::indexOf(std::string_view path) const {
    const FieldInfo* field = find(path);
    return field ? static_cast<std::size_t>(field - m_fields.data()) : m_fields.size();
}

const FieldTable& fieldTable() {
    static const FieldTable table(allFields());
    return table;
}

std::vector<std::string> differences(const Experiment& a, const Experiment& b) {
    std::vector<std::string> paths;
    for (const FieldInfo& field : fieldTable()) {
        if (field.get(a) != field.get(b)) paths.push_back(field.path);
    }
    return paths;
}

}  // namespace lab
