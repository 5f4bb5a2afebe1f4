#include <QSpinBox>
#include <algorithm>
#include <cmath>

#include "core/config/experiment.h"
#include "ui/pages/incontext/answers_panel.h"
#include "ui/pages/incontext/between_view.h"
#include "ui/pages/incontext/examples_panel.h"
#include "ui/pages/incontext/layers_view.h"
#include "ui/pages/incontext/products_view.h"
#include "ui/pages/incontext/prompt_dialog.h"
#include "ui/pages/incontext/prompt_plot.h"
#include "ui/pages/incontext/regression_presets.h"
#include "ui/pages/incontext/regression_tab.h"
#include "ui/pages/incontext/shift_view.h"
#include "ui/pages/incontext/statements_panel.h"
#include "ui/pages/incontext/training_view.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/segmented.h"

// What the tab asks for beside the window, and what it does with the prompt.

namespace lab {
namespace {

bool learnsFunctions(const Run& run) {
    return run.experiment().task.kind->source == TaskSource::functions;
}

bool isProduct(const Run& run) {
    return specOf(run.experiment().model.attention.kernel.kind).plainProduct();
}

/// The straight line of a method, over the whole axis.
PlotSeries straight(const PromptLook& look, const MethodLine& line, const QString& name, Role role) {
    PlotSeries series{.name = name, .role = role};
    for (const double place : {look.along.front(), look.along.back()}) {
        series.x.push_back(place);
        series.y.push_back(line.slope * place);
    }
    return series;
}

}  // namespace

std::optional<FunctionPrompt> RegressionTab::promptInFocus() const {
    const Run* run = focus().run();
    if (!run || !learnsFunctions(*run)) return std::nullopt;
    const Input& input = focus().input();
    return promptOf(run->experiment().model, run->experiment().task.functions, input.vectors, input.values);
}

/// Pairs that the model has room for; 0: any number.
int RegressionTab::mostPoints() const {
    const Run* run = focus().run();
    if (!run || !run->experiment().model.isBounded()) return 0;
    const int room = run->experiment().model.max_seq_len.value_or(1) - (run->experiment().model.class_token ? 1 : 0);
    return run->experiment().task.functions.layout == PromptLayout::joined ? room - 1 : (room - 1) / 2;
}

/// True: there is something to show.
bool RegressionTab::refuse() {
    const Run* run = focus().run();
    const QString help = tr("A preset of the task regression learns functions from the pairs in its prompt: it is what this tab shows.");
    if (!run)
        showAbsence(tr("There is no model yet"), help);
    else if (!learnsFunctions(*run))
        showAbsence(tr("This run does not learn functions from its prompt"), help);
    else if (!answersPrompts(run->experiment().model, run->experiment().task.functions))
        showAbsence(tr("This model does not answer prompts of points"), help);
    else if (!promptInFocus())
        showAbsence(tr("This input is no prompt of pairs and a query"), tr("Choose a sample below the page, or press New task."));
    else
        return false;
    return true;
}

void RegressionTab::showAbsence(const QString& sentence, const QString& help) {
    m_lookTask.cancel();
    m_studyTask.cancel();
    m_runsTask.cancel();
    m_asked = m_studies = m_studyDue = m_measures = false;
    m_wanted.reset();
    m_studied.reset();
    m_scene.look = nullptr;
    m_scene.study = nullptr;
    m_absence = sentence;
    m_none->setTexts(sentence, help);
    m_none->button()->setVisible(!regressionPreset(true).isEmpty());
    m_history.look(nullptr, {});
    m_controls->setEnabled(false);
    m_content->hide();
    m_none->show();
    emit changed();
}

void RegressionTab::refresh() {
    if (refuse()) return;
    m_absence.clear();
    m_controls->setEnabled(true);
    m_content->show();
    m_none->hide();
    takeRun();
    m_lines.look(m_scene.task, m_scene.steps);
    m_scene.lines = m_lines.found();
    const auto like = stepsLikeLayers(m_scene);
    m_history.look(like ? focus().run() : nullptr, like.value_or(Method()));
    noteRuns();
    askLook();
    if (!m_absence.isEmpty()) return;
    askStudy();
    askRuns();
    showButtons();
    showPanels();
}

/// What the scene knows of the run in focus.
void RegressionTab::takeRun() {
    const Run& run = *focus().run();
    m_scene.task = run.experiment().task.functions;
    m_scene.layers = run.experiment().model.num_layers;
    m_scene.product = isProduct(run);
    m_scene.steps = m_steps->value();
    m_scene.step = focus().checkpoint() ? focus().checkpoint()->step : 0;
    if (m_known != &run) m_scene.whyNotConstructed = shown(whyNotConstructed(run.experiment()));
    m_known = &run;
    m_scene.constructed = m_construct->isChecked() && m_scene.whyNotConstructed.isEmpty();
}

std::vector<Method> RegressionTab::methods() const {
    std::vector<Method> found;
    const auto add = [&](const std::optional<Method>& method) {
        if (!method) return;
        const Method here = onPairs(*method, m_scene.task, promptInFocus()->points());
        if (std::ranges::find(found, here) == found.end()) found.push_back(here);
    };
    add(bestStep(m_scene));
    if (m_scene.layers > 1) add(stepsLikeLayers(m_scene));
    if (m_scene.lines) {
        add(m_scene.lines->method(Solver::gradient, m_scene.steps));
        add(m_scene.lines->method(Solver::gradient_plus, m_scene.steps));
        add(m_scene.lines->method(Solver::ridge));
    }
    found.push_back(Method{Solver::least_squares});
    return found;
}

std::shared_ptr<const Weights> RegressionTab::weights() const {
    const CheckpointPtr checkpoint = focus().checkpoint();
    if (!checkpoint) return nullptr;
    const Run& run = *focus().run();
    if (m_scene.constructed) return std::make_shared<const Weights>(constructedWeights(*run.model(), run.experiment()));
    return {checkpoint, &checkpoint->weights};
}

void RegressionTab::askLook() {
    const Run* run = focus().run();
    const auto prompt = promptInFocus();
    if (!focus().checkpoint()) return;
    const Wanted now{run, m_scene.constructed ? nullptr : focus().checkpoint(), *prompt, methods(), m_scene.constructed};
    if (m_failed == now) return showAbsence(tr("This prompt could not be worked out"), m_failure);
    if (m_wanted == now) return;
    Wanted later = now;
    if (m_wanted) later.checkpoint = m_wanted->checkpoint;
    const bool onlyLater = m_wanted == later && run->state() == Run::State::training;
    if (onlyLater && (m_asked || m_lookRest.restsBeside(*run))) return;
    m_wanted = now;
    m_asked = true;
    m_lookRest.begin();
    PromptQuestion question{m_scene.task, *prompt, now.methods};
    m_lookTask.request(
        [this, model = run->model(), weights = weights(), experiment = run->experiment(), question,
         constructs = m_scene.whyNotConstructed.isEmpty()]() -> LatestTask::Found {
            auto look = std::make_shared<const PromptLook>(lookAtPrompt(*model, *weights, question));
            std::optional<ConstructionCheck> check;
            if (constructs) check = checkConstruction(*model, experiment, std::span(&question.prompt, 1));
            return [this, look, check] { takeLook(look, check); };
        },
        [this](const QString& message) {
            m_failed = m_wanted;
            m_failure = message;
            emit refreshWanted();
        });
}

void RegressionTab::takeLook(std::shared_ptr<const PromptLook> look, std::optional<ConstructionCheck> check) {
    m_asked = false;
    m_lookRest.end();
    m_scene.look = std::move(look);
    m_scene.check = check;
    showPrompt();
    showPanels();
    emit changed();
}

/// What takes seconds is not begun anew by every step of a training: the one under way is finished first.
void RegressionTab::askStudy() {
    const Run* run = focus().run();
    if (!focus().checkpoint()) return;
    const Studied now{run,
                      m_scene.constructed ? nullptr : focus().checkpoint(),
                      m_scene.constructed,
                      m_lossChoice->current() == 1,
                      m_nearChoice->current() == 1,
                      m_nearChoice->current() == 2};
    if (m_studied == now) return;
    const bool sameRun = m_studied && m_studied->run == now.run;
    const bool training = run->state() == Run::State::training;
    m_studyDue = m_studies && sameRun && training;
    if (m_studyDue || (sameRun && m_studied->sameParts(now) && m_studyRest.restsBeside(*run))) return;
    if (!sameRun) m_scene.study = nullptr;
    m_studied = now;
    m_studies = true;
    m_studyRest.begin();
    StudyQuestion question{true, now.shift, now.between, now.products, exampleCounts(m_scene.task), m_prompts};
    if (const int most = mostPoints(); most > 0) std::erase_if(question.exampleCounts, [most](int count) { return count > most; });
    m_studyTask.request(
        [this, model = run->model(), weights = weights(), experiment = run->experiment(), question,
         step = m_scene.step](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            StudyQuestion asked = question;
            asked.cancelled = [&wanted] { return !wanted(); };
            auto study = std::make_shared<const RunStudy>(studyRun(*model, *weights, experiment, asked));
            return [this, study, step] {
                m_studies = m_studyDue = false;
                m_studyRest.end();
                m_scene.studiedStep = step;
                m_scene.study = study;
                emit refreshWanted();
                emit changed();
            };
        },
        [this](const QString&) { m_studies = m_studyDue = false; });  // the curves of the model stay away
}

/// The open runs of this task at their newest weights; of those in training, as they were measured last.
void RegressionTab::askRuns() {
    if (m_lossChoice->current() != 0 || m_measures) return;
    struct Asked {
        const Run* run;
        std::shared_ptr<const Model> model;
        CheckpointPtr checkpoint;
    };
    std::vector<Asked> asked;
    for (const Run* run : workspace().runs()) {
        const bool same = learnsFunctions(*run) && run->experiment().task.functions == m_scene.task;
        const CheckpointPtr last = same ? run->history().last() : nullptr;
        const auto known = m_losses.find(run);
        const bool measured = known != m_losses.end() && last && (known->second.step == last->step || run->state() == Run::State::training);
        if (last && !measured) asked.push_back({run, run->model(), last});
    }
    if (asked.empty()) return;
    m_measures = true;
    m_runsTask.request(
        [this, asked, task = m_scene.task, prompts = m_prompts](const LatestTask::Wanted& wanted) -> LatestTask::Found {
            const std::vector<FunctionPrompt> drawn = studyPrompts(task, StudyQuestion().seed, prompts);
            std::vector<std::pair<const Run*, Measured>> found;
            for (const Asked& each : asked) {
                if (!wanted()) break;
                found.emplace_back(each.run,
                                   Measured{each.checkpoint->step, PromptAnswers(*each.model, each.checkpoint->weights, task).loss(drawn)});
            }
            return [this, found] {
                m_measures = false;
                for (const auto& [run, measured] : found) m_losses.insert_or_assign(run, measured);
                emit refreshWanted();
            };
        },
        [this](const QString&) { m_measures = false; });
}

void RegressionTab::noteRuns() {
    m_scene.runs.clear();
    const std::vector<Run*>& open = workspace().runs();
    std::erase_if(m_losses, [&open](const auto& entry) { return std::ranges::find(open, entry.first) == open.end(); });
    for (const Run* run : open) {
        const auto known = m_losses.find(run);
        if (known == m_losses.end() || run->experiment().task.functions != m_scene.task) continue;
        m_scene.runs.push_back(
            {run->experiment().model.num_layers, known->second.loss, run->name(), isProduct(*run), run == focus().run()});
    }
}

void RegressionTab::showPrompt() {
    const PromptLook& look = *m_scene.look;
    PromptPlot::Scene scene;
    for (int i = 0; i < look.prompt.points(); ++i) {
        const auto index = static_cast<std::size_t>(i);
        scene.pairs.emplace_back(look.places[index], look.prompt.y[index]);
    }
    scene.query = look.query;
    scene.answer = look.answer;
    for (const MethodLine& line : look.lines) {
        const Solver solver = line.method.solver;
        const int steps = line.method.steps;
        if (!line.defined || solver == Solver::ridge) continue;
        if (solver == Solver::gradient)
            scene.lines.push_back(straight(look, line, tr("GD %1").arg(steps), steps == 1 ? oneStepRole : stepsRole));
        else if (solver == Solver::gradient_plus)
            scene.lines.push_back(straight(look, line, tr("GD++ %1").arg(steps), plusRole));
        else
            scene.lines.push_back(straight(look, line, tr("LS"), squaresRole));
        scene.lines.back().onTop = solver == Solver::gradient && steps == 1;
    }
    scene.lines.push_back({.name = tr("model"), .role = modelRole, .width = modelWidth, .x = look.along, .y = look.answers});
    if (look.prompt.dimensions == 1)
        for (const double place : look.places) scene.residuals.push_back(PlotValues{look.along, look.answers}.valueAt(place).value_or(0));
    m_plot->setXTitle(look.prompt.dimensions == 1 ? tr("x") : tr("x along the query’s direction"));
    m_plot->setPrompt(std::move(scene));
    m_promptPanel->setSubtitle(look.prompt.dimensions == 1
                                   ? counted(LAB_PLURAL("incontext", "%n pair(s)"), look.prompt.points())
                                   : counted(LAB_PLURAL("incontext", "%n pair(s), of %1 coordinates what lies along the query"),
                                             look.prompt.points(), {QString::number(look.prompt.dimensions)}));
}

void RegressionTab::showPanels() {
    m_answers->setScene(m_scene);
    m_examples->setScene(m_scene);
    m_statements->setScene(m_scene);
    const bool layers = m_lossChoice->current() == 0;
    m_lossPanel->setTitle(layers ? tr("Layers against steps") : tr("Other inputs"));
    layers ? m_layers->setScene(m_scene) : m_shift->setScene(m_scene);
    switch (m_nearChoice->current()) {
        case 0:
            m_nearPanel->setTitle(tr("Model against GD"));
            return m_training->setScene(m_scene);
        case 1:
            m_nearPanel->setTitle(tr("Between two weights"));
            return m_between->setScene(m_scene);
        default:
            m_nearPanel->setTitle(tr("Products"));
            return m_products->setScene(m_scene);
    }
}

void RegressionTab::showButtons() {
    m_kernel->setCurrent(m_scene.product ? 0 : 1);
    const bool can = m_scene.whyNotConstructed.isEmpty();
    m_construct->setEnabled(can);
    m_construct->setToolTip(can ? tr("Shows the model with the weights that make each layer one gradient step; the run keeps its own")
                                : m_scene.whyNotConstructed);
    const int most = mostPoints();
    const bool room = most == 0 || promptInFocus()->points() < most;
    m_add->setEnabled(room);
    m_add->setToolTip(room ? tr("One more pair, on the model’s line: drag it") : tr("This model has room for %1 pairs").arg(most));
    m_new->setEnabled(focus().sampleCount() > 0);
}

void RegressionTab::setPrompt(const FunctionPrompt& prompt) {
    const Run& run = *focus().run();
    focus().setInput(promptInput(run.experiment().model, run.experiment().task.functions, prompt));
}

void RegressionTab::newTask() {
    focus().showSample(focus().sampleIndex() + 1);
}

void RegressionTab::addPair() {
    const auto prompt = promptInFocus();
    if (!prompt || !m_scene.look) return;
    const double place = m_scene.look->along.front() / 2;
    const auto y = PlotValues{m_scene.look->along, m_scene.look->answers}.valueAt(place);
    setPrompt(withAddedPair(*prompt, place, y.value_or(0)));
}

void RegressionTab::type() {
    const auto prompt = promptInFocus();
    if (!prompt) return;
    auto* dialog = new PromptDialog(*prompt, mostPoints(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &QDialog::accepted, this, [this, dialog] {
        const auto now = promptInFocus();
        if (now && now->dimensions == dialog->prompt().dimensions) setPrompt(dialog->prompt());
    });
    dialog->show();
}

void RegressionTab::setConstructed(bool) {
    emit refreshWanted();
    emit changed();
}

void RegressionTab::openWith(bool product) {
    const QString preset = regressionPreset(product);
    if (!preset.isEmpty()) openPreset(preset);
    if (m_absence.isEmpty()) m_kernel->setCurrent(m_scene.product ? 0 : 1);
}

}  // namespace lab
