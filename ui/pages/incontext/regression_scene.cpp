#include "ui/pages/incontext/regression_scene.h"

#include "core/incontext/closed_form.h"
#include "ui/text/message_text.h"

namespace lab {

std::optional<Method> bestStep(const RegressionScene& scene) {
    if (const auto moments = momentsOf(scene.task)) return Method{Solver::gradient, 1, bestOneStep(*moments)};
    return scene.lines ? scene.lines->method(Solver::gradient, 1) : std::nullopt;
}

std::optional<Method> stepsLikeLayers(const RegressionScene& scene) {
    if (scene.layers == 1) return bestStep(scene);
    return scene.lines ? scene.lines->method(Solver::gradient, scene.layers) : std::nullopt;
}

Method onPairs(Method method, const FunctionConfig& task, int pairs) {
    const double share = static_cast<double>(pairs) / task.points;
    method.eta *= share;
    method.gamma *= share;
    return method;
}

QString stepsName(int steps) {
    return counted(LAB_PLURAL("incontext", "%n gradient step(s)"), steps);
}

}  // namespace lab
