#include "core/lessons/lesson_play.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <memory>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/examples/worked_example.h"
#include "core/lessons/revealed.h"
#include "core/lessons/run_facts.h"
#include "core/model/sample_input.h"
#include "core/training/trainer.h"

namespace lab {
namespace {

/// The run of a lesson, trained as far as it asks.
class LessonRun {
public:
    LessonRun(const Lesson& lesson, const LessonPlayOptions& options) : m_options(options) {
        if (!lesson.example.empty())
            openExample(lesson.example);
        else
            openPreset(lesson);
        if (!lesson.input.empty()) read(lesson.input);
    }

    void read(const std::string& typed) {
        m_input = Input{};
        m_input.tokens = m_task.dataset->tokenizer().encode(typed, false);
        forget();
    }

    /// A new run: the experiment with other settings.
    void begin(const std::map<std::string, std::string>& settings) {
        Experiment experiment = m_asked;
        for (const auto& [path, value] : settings) setJson(experiment, path, value);
        start(experiment);
    }

    /// True when the expression holds, at the latest behind the last step.
    bool trainUntil(const std::string& until) {
        while (calculated(until, facts("latest")) == 0) {
            if (m_trainer->finished() || m_options.stops()) return false;
            const StepRecord record = m_trainer->advance();
            MetricsRow row = metricsRow(record);
            if (!row.validationLoss && m_metrics) {
                row.validationLoss = m_metrics->validationLoss;
                row.validationAccuracy = m_metrics->validationAccuracy;
            }
            m_metrics = row;
            if (m_options.seen) m_rows.push_back(row);
            forget();
        }
        return true;
    }

    RunFacts facts(const std::string& step) {
        const bool begins = isBegin(step);
        RunFacts facts(
            m_task.experiment, [this, step] { return traced(weightsAt(step)).get(); }, begins ? std::nullopt : m_metrics);
        if (begins || !m_metrics) facts.numbers["step"] = 0;
        facts.numbers["n"] = static_cast<double>(m_input.tokens.size());
        facts.stream = [this, step] { return &streamAt(step); };
        return facts;
    }

    LessonView view(const std::string& step) {
        LessonView view;
        view.moment = momentAt(step);
        view.input = m_input;
        view.trace = traced(weightsAt(step));
        view.metrics = m_rows;
        return view;
    }

private:
    bool isBegin(const std::string& step) const { return step == "0" && m_first; }
    const Weights& weightsAt(const std::string& step) const { return isBegin(step) ? *m_first : weights(); }
    RunMoment momentAt(const std::string& step) const {
        const std::int64_t trained = isBegin(step) || !m_metrics ? 0 : m_metrics->step;
        const auto weights = std::make_shared<const Weights>(weightsAt(step));
        return {m_task.experiment, {m_task.dataset, &m_task.dataset->tokenizer()}, m_model, weights, trained};
    }
    const StreamFacts& streamAt(const std::string& step) {
        if (!m_stream || m_streamStep != step) m_stream = std::make_unique<const StreamFacts>(momentAt(step), m_input);
        m_streamStep = step;
        return *m_stream;
    }
    /// What was made of other weights or another input.
    void forget() {
        m_trace.reset();
        m_stream.reset();
    }

    void openPreset(const Lesson& lesson) {
        const Preset* preset = findPreset(lesson.preset.empty() ? "reverse" : lesson.preset);
        if (!preset) throw InputError("lesson.preset", Message(LAB_TEXT("learn", "there is no preset %1")).arg(lesson.preset));
        m_asked = parseExperiment(preset->json);
        for (const auto& [path, value] : lesson.set) setJson(m_asked, path, value);
        if (m_options.seed) m_asked.training.seed = m_asked.task.seed = static_cast<std::uint64_t>(*m_options.seed);
        start(m_asked);
    }
    void openExample(const std::string& id) {
        const WorkedExampleRow* row = findWorkedExample(id);
        if (!row) throw InputError("lesson.example", Message(LAB_TEXT("learn", "there is no example %1")).arg(id));
        WorkedExample example = makeWorkedExample(*row);
        m_task = std::move(example.task);
        m_asked = m_task.experiment;
        m_input = std::move(example.input);
        m_model = std::make_shared<const Model>(m_task.experiment.model);
        m_first = std::move(example.weights);
    }
    void start(const Experiment& experiment) {
        m_task = loadTask(experiment, {});
        m_model = std::make_shared<const Model>(m_task.experiment.model);
        TrainingState state = initialState(*m_model, m_task.experiment);
        m_first = state.weights;
        m_trainer = std::make_unique<Trainer>(m_task.experiment, m_model, m_task.dataset, std::move(state));
        m_input = inputOf(m_task.dataset->validationSample(0));
        m_metrics.reset();
        m_rows.clear();
        forget();
    }

    const Weights& weights() const { return m_trainer ? m_trainer->state().weights : *m_first; }
    const std::shared_ptr<const Trace>& traced(const Weights& weights) {
        if (!m_trace || m_traced != &weights) m_trace = std::make_shared<const Trace>(m_model->trace(weights, m_input));
        m_traced = &weights;
        return m_trace;
    }

    const LessonPlayOptions& m_options;
    Experiment m_asked;  ///< without what was derived
    LoadedTask m_task;
    std::shared_ptr<const Model> m_model;
    std::optional<Weights> m_first;
    std::unique_ptr<Trainer> m_trainer;
    std::optional<MetricsRow> m_metrics;
    std::vector<MetricsRow> m_rows;
    Input m_input;
    std::shared_ptr<const Trace> m_trace;
    const Weights* m_traced = nullptr;
    std::unique_ptr<const StreamFacts> m_stream;
    std::string m_streamStep;
};

class Player {
public:
    Player(const Lesson& lesson, const LessonPlayOptions& options) : m_options(options), m_run(lesson, options) {}

    std::vector<LessonFinding> play(const std::vector<LessonStep>& steps) {
        for (const LessonStep& step : steps) {
            m_step = &step;
            try {
                play(step, static_cast<std::size_t>(&step - steps.data()));
            } catch (const InputError& error) {
                found(false, error.message());
            }
        }
        return std::move(m_found);
    }

private:
    void play(const LessonStep& step, std::size_t place) {
        if (step.act) act(*step.act);
        RunFacts facts = m_run.facts(step.step);
        std::optional<Revealed> right;
        if (step.predict) right = revealed(*step.predict, facts);
        if (right) found(true, Message(LAB_TEXT("learn", "right is %1")).arg(right->text()));
        if (m_options.seen) tell(place, step, right);
        for (const std::string& check : step.checks) {
            const bool holds = calculated(check, facts) != 0;
            found(holds, Message(holds ? LAB_TEXT("learn", "%1 holds") : LAB_TEXT("learn", "%1 does not hold")).arg(check));
        }
    }
    void tell(std::size_t place, const LessonStep& step, const std::optional<Revealed>& right) {
        LessonView view = m_run.view(step.step);
        view.step = place;
        view.right = right;
        m_options.seen(view);
    }
    void act(const LessonAct& act) {
        if (!act.set.empty()) m_run.begin(act.set);
        if (!act.input.empty()) m_run.read(act.input);
        if (act.until.empty() || (!act.action.empty() && !act.action.starts_with("train."))) return;
        if (!m_run.trainUntil(act.until)) found(false, Message(LAB_TEXT("learn", "%1 does not come about")).arg(act.until));
    }
    void found(bool good, Message what) { m_found.push_back({m_step->id, good, std::move(what)}); }

    const LessonPlayOptions& m_options;
    LessonRun m_run;
    const LessonStep* m_step = nullptr;
    std::vector<LessonFinding> m_found;
};

}  // namespace

std::vector<LessonFinding> playLesson(const Lesson& lesson, const LessonPlayOptions& options) {
    return Player(lesson, options).play(lesson.steps);
}

}  // namespace lab
