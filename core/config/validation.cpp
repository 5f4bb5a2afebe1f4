#include "core/config/validation.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/config/experiment.h"
#include "core/config/problem_list.h"
#include "core/config/visitor.h"

namespace lab {
namespace {

SourceText indefinite(FieldKind kind) {
    return kind == FieldKind::choice ? LAB_TEXT("config", "a name") : kindText(kind);
}

/// "0 is out of range; must be at least 1" for every number of the field that is.
void checkLimits(const FieldInfo& field, const FieldValue& value, ProblemList& problems) {
    const auto refuse = [&](std::string what) { problems.add(field.path, outOfRange(std::move(what), field.limits)); };
    if (const auto* integer = std::get_if<std::int64_t>(&value)) {
        if (!field.limits.contains(static_cast<double>(*integer))) refuse(std::to_string(*integer));
    } else if (const auto* real = std::get_if<double>(&value)) {
        if (!field.limits.contains(*real)) refuse(numberText(*real));
    } else if (const auto* list = std::get_if<std::vector<double>>(&value)) {
        for (std::size_t i = 0; i < list->size(); ++i) {
            if (field.limits.contains((*list)[i])) continue;
            const SourceText problem = LAB_TEXT("config", "value %1, %2, is out of range; must be %3");
            return problems.add(field.path, Message(problem).arg(i).arg((*list)[i]).arg(field.limits.text()));
        }
    }
}

void checkField(const FieldInfo& field, const Experiment& experiment, ProblemList& problems) {
    if (field.isMissing(experiment)) {
        const Message limits = field.limits.text();
        const Message what = limits.empty() ? Message(indefinite(field.kind)) : listed({indefinite(field.kind), limits});
        problems.add(field.path, Message(LAB_TEXT("config", "missing, and there is no default; give %1")).arg(what));
        return;
    }
    checkLimits(field, field.get(experiment), problems);
}

}  // namespace

bool ProblemList::sound(std::initializer_list<std::string_view> paths) const {
    return std::ranges::none_of(m_problems,
                                [&](const ConfigProblem& problem) { return std::ranges::find(paths, problem.path) != paths.end(); });
}

std::vector<ConfigProblem> ProblemList::sorted() && {
    std::ranges::stable_sort(m_problems, {}, [](const ConfigProblem& problem) { return fieldTable().indexOf(problem.path); });
    return std::move(m_problems);
}

std::vector<ConfigProblem> problemsOf(const Experiment& experiment) {
    ProblemList problems;
    for (const FieldInfo& field : fieldTable()) {
        if (field.isApplicable(experiment)) checkField(field, experiment, problems);
    }
    const Experiment whole = resolved(experiment);
    checkTaskRules(whole, problems);
    checkModelRules(whole, problems);
    checkPositionRules(whole, problems);
    checkKernelRules(whole, problems);
    checkReach(whole, problems);
    checkScoreRules(whole, problems);
    checkSlotRules(whole, problems);
    checkDepth(whole, problems);
    checkExperts(whole, problems);
    checkHashing(whole, problems);
    checkGlobals(whole, problems);
    checkSharedKeys(whole, problems);
    checkDictionary(whole, problems);
    checkBottleneck(whole, problems);
    checkStream(whole, problems);
    return std::move(problems).sorted();
}

void validate(const Experiment& experiment) {
    const auto problems = problemsOf(experiment);
    if (!problems.empty()) throw InputError(problems.front().path, problems.front().message);
}

}  // namespace lab
