#pragma once

#include <QString>
#include <map>
#include <memory>
#include <vector>

#include "core/incontext/prompt_look.h"
#include "core/incontext/run_study.h"
#include "ui/runs/task_lines.h"
#include "ui/widgets/theme.h"

namespace lab {

/// One of the open runs on the same task.
struct LayerPoint {
    int layers = 0;
    double loss = 0;
    QString run;
    bool product = true;  ///< its attention has no softmax
    bool focus = false;   ///< the run in focus
};

/// What the panels of the tab Regression show.
struct RegressionScene {
    FunctionConfig task;  ///< as trained
    int layers = 1;
    int steps = 4;                           ///< of the curve of several gradient steps
    bool product = true;                     ///< attention of kernel product, which the construction needs
    bool constructed = false;                ///< the weights are the construction's and not the run's
    std::int64_t step = 0;                   ///< of the training, of the weights shown
    std::shared_ptr<const PromptLook> look;  ///< null: not yet
    TaskLinesPtr lines;                      ///< null: not yet
    std::shared_ptr<const RunStudy> study;   ///< null: not yet; a part that nobody looks at is empty
    std::int64_t studiedStep = 0;            ///< of the study, which lags behind a training
    std::optional<ConstructionCheck> check;  ///< on this prompt; nothing where there is no construction
    QString whyNotConstructed;
    std::vector<LayerPoint> runs;
};

/// The best one step of the task, as the closed form has it where there is one, else as found by search; nothing before it is known.
std::optional<Method> bestStep(const RegressionScene& scene);
/// The best of as many steps as the model has layers.
std::optional<Method> stepsLikeLayers(const RegressionScene& scene);
/// The method on a prompt of another number of pairs than the task's, with what a pair is worth unchanged: eta / N and gamma / N stay, as
/// they do in a model's weights.
Method onPairs(Method method, const FunctionConfig& task, int pairs);
/// "one gradient step", "4 gradient steps".
QString stepsName(int steps);

/// Looks of curves that mean the same in every panel.
inline constexpr Role modelRole = Role::series1, stepsRole = Role::series2, oneStepRole = Role::series3, squaresRole = Role::series4,
                      plusRole = Role::series5;
inline constexpr double modelWidth = 4.5;

}  // namespace lab
