#include "core/sweep/grid_draft.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/number_text.h"
#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/sweep/sweep_json.h"
#include "core/sweep/sweep_results.h"

namespace lab {
namespace {

constexpr std::int64_t longestRange = 10000;

std::string jsonOf(const FieldValue& value) {
    if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
    if (const auto* real = std::get_if<double>(&value)) return numberText(*real);
    if (const auto* text = std::get_if<std::string>(&value)) return jsonText(*text);
    return "null";
}

std::vector<std::string> splitAtCommas(const std::string& text) {
    std::vector<std::string> parts;
    std::size_t begin = 0;
    while (begin <= text.size()) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        parts.emplace_back(trimmed(std::string_view(text).substr(begin, end - begin)));
        begin = end + 1;
    }
    return parts;
}

/// "1..5" for integers; nothing when it is no range.
std::vector<std::string> rangeOf(const FieldInfo& field, const std::string& text) {
    const std::size_t dots = text.find("..");
    if (field.kind != FieldKind::integer || dots == std::string::npos) return {};
    const auto first = parseInteger(std::string_view(text).substr(0, dots)), last = parseInteger(std::string_view(text).substr(dots + 2));
    if (!first || !last || *last < *first) throw InputError(Message(LAB_TEXT("sweep", "%1 is no range; write it as 1..5")).arg(text));
    if (*last - *first >= longestRange)
        throw InputError(Message(LAB_TEXT("sweep", "%1 has more than %2 values")).arg(text).arg(longestRange));
    std::vector<std::string> values;
    for (std::int64_t i = *first; i <= *last; ++i) values.push_back(std::to_string(i));
    return values;
}

/// The typed values as JSON. Throws InputError without the path.
std::vector<std::string> valuesOf(const GridDraft& draft, const DraftKey& key) {
    const FieldInfo& field = fieldTable().at(key.path);
    if (!canBeTyped(key.path)) throw InputError(LAB_TEXT("sweep", "its values cannot be typed here; a grid file may have them"));
    std::vector<std::string> values;
    for (const std::string& part : splitAtCommas(key.values)) {
        if (part.empty())
            throw InputError(key.values.empty() ? LAB_TEXT("sweep", "give its values, as 1, 2, 3")
                                                : LAB_TEXT("sweep", "there is a comma without a value"));
        std::vector<std::string> texts = rangeOf(field, part);
        if (texts.empty()) texts.push_back(part);
        for (const std::string& text : texts) {
            Experiment tried = draft.base;
            field.setText(tried, text);
            // Only what is wrong by itself: beside another value of the grid it may be right.
            const std::optional<double> number = parseReal(text);
            if (number && !field.limits.contains(*number))
                throw InputError(text, Message(LAB_TEXT("sweep", "must be %1")).arg(field.limits.text()));
            std::string json = jsonOf(field.get(tried));
            if (std::ranges::find(values, json) != values.end())
                throw InputError(Message(LAB_TEXT("sweep", "%1 is given twice")).arg(text));
            values.push_back(std::move(json));
        }
    }
    return values;
}

}  // namespace

bool canBeTyped(const std::string& path) {
    const FieldInfo* field = fieldTable().find(path);
    return field && field->kind != FieldKind::list && field->kind != FieldKind::names && field->group != "experiment" &&
           field->path != "training.pace";
}

Message problemOfKey(const GridDraft& draft, std::size_t key) {
    const DraftKey& one = draft.keys[key];
    const FieldInfo* field = fieldTable().find(one.path);
    const std::string path = field ? field->path : one.path;
    for (std::size_t i = 0; i < key; ++i) {
        const FieldInfo* other = fieldTable().find(draft.keys[i].path);
        if (other && other == field) return LAB_TEXT("sweep", "this key is given twice");
    }
    try {
        valuesOf(draft, one);
        return {};
    } catch (const InputError& error) {
        return withoutPlace(error.message(), path);
    }
}

std::optional<std::int64_t> runCountOf(const GridDraft& draft) {
    std::int64_t runs = 1;
    for (const DraftKey& key : draft.keys) {
        try {
            runs *= static_cast<std::int64_t>(valuesOf(draft, key).size());
        } catch (const InputError&) {
            return std::nullopt;
        }
        if (runs > (std::int64_t{1} << 40)) return std::nullopt;
    }
    return runs;
}

Sweep sweepOfDraft(const GridDraft& draft) {
    if (draft.keys.empty()) throw InputError(LAB_TEXT("sweep", "add a key and its values"));
    Sweep sweep;
    sweep.name = draft.name;
    sweep.about = draft.about;
    sweep.base = draft.base;
    for (std::size_t k = 0; k < draft.keys.size(); ++k) {
        const DraftKey& key = draft.keys[k];
        if (const Message problem = problemOfKey(draft, k); !problem.empty()) throw InputError(key.path, problem);
        sweep.grid.push_back({fieldTable().at(key.path).path, valuesOf(draft, key), {}});
    }
    return parseSweep(writeSweep(sweep), draft.folder);
}

std::optional<GridDraft> draftOf(const Sweep& sweep) {
    GridDraft draft{sweep.name, sweep.base, {}, sweep.folder, sweep.about};
    for (const GridKey& key : sweep.grid) {
        if (!canBeTyped(key.path)) return std::nullopt;
        std::string values;
        for (const std::string& cell : key.cells) {
            if (cell.find(',') != std::string::npos || cell == "null") return std::nullopt;
            values += (values.empty() ? "" : ", ") + cell;
        }
        draft.keys.push_back({key.path, values});
    }
    return draft;
}

ResultsState resultsState(const Sweep& sweep, const std::filesystem::path& csv) {
    ResultsState state;
    state.exists = std::filesystem::exists(csv);
    const RunsFolder folder(csv);
    try {
        requireResultsName(csv);
        if (!std::filesystem::exists(folder.sweepFile())) return state;
        const Sweep here = relocated(sweep, folder.path());
        requireGridOf(csv, here);
        if (state.exists) state.finished = static_cast<int>(resultsByRun(here, readResults(csv), utf8Text(csv)).size());
    } catch (const InputError& error) {
        state.problem = error.message();
    }
    return state;
}

bool isSweepFile(const std::filesystem::path& path) {
    try {
        const auto json = nlohmann::json::parse(readFile(path), nullptr, false);
        return json.is_object() && json.value("format", nlohmann::json()) == "attention-lab/sweep";
    } catch (const std::exception&) {
        return false;
    }
}

}  // namespace lab
