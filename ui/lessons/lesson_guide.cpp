#include "ui/lessons/lesson_guide.h"

#include <algorithm>

#include "core/base/errors.h"
#include "core/base/number_text.h"
#include "core/data/dataset.h"
#include "ui/text/message_text.h"

namespace lab {
namespace {

bool isTraining(const LessonAct& act) {
    return act.action.starts_with("train.");
}

void goOn(Run& run, const LessonAct& act) {
    if (act.action == "train.step")
        run.stepOnce();
    else
        run.train();
}

/// The metrics of a step, of validations the last one up to it; nothing before the first step.
std::optional<MetricsRow> metricsAt(const Run& run, std::int64_t step) {
    std::optional<MetricsRow> row;
    for (const StepRecord& record : run.records()) {
        if (record.step > step) break;
        const MetricsRow next = metricsRow(record);
        const std::optional<double> loss = row ? row->validationLoss : std::nullopt;
        const std::optional<double> accuracy = row ? row->validationAccuracy : std::nullopt;
        row = next;
        if (!row->validationLoss) row->validationLoss = loss;
        if (!row->validationAccuracy) row->validationAccuracy = accuracy;
    }
    return row;
}

}  // namespace

/// All that another thread calculates from.
struct LessonGuide::HeldFacts {
    HeldFacts(const RunMoment& moment, const Input& input, std::shared_ptr<const Trace> read, const std::optional<MetricsRow>& metrics)
        : experiment(moment.experiment),
          trace(std::move(read)),
          stream(moment, input),
          facts(
              experiment, [this] { return trace.get(); }, metrics) {
        facts.stream = [this] { return &stream; };
    }
    HeldFacts(const HeldFacts&) = delete;

    Experiment experiment;
    std::shared_ptr<const Trace> trace;
    StreamFacts stream;
    RunFacts facts;
};

LessonGuide::LessonGuide(Focus& focus, LessonHost& host, LessonProgress& progress, QObject* parent)
    : QObject(parent), m_focus(focus), m_host(&host), m_progress(progress) {
    connect(&focus, &Focus::traceChanged, this, &LessonGuide::check);
    connect(&focus, &Focus::selectionChanged, this, &LessonGuide::check);
}

void LessonGuide::setHost(LessonHost& host) {
    m_host = &host;
    if (!m_row || isBehindTheLast() || isRecalling()) return;
    host.highlight(step().highlight);
    host.cover(showsItsAnswer() && m_stage != Stage::done);
}

bool LessonGuide::begin(const LessonRow& row, int step) {
    Run* run = m_host->openFor(row.lesson);
    if (!run) return false;
    m_row = &row;
    m_run = run;
    m_walked.clear();
    watch();
    recallFor(row.lesson);
    enter(step > 0 ? step : firstIndex());
    return true;
}

/// Those of its questions that this person has answered before, where they need no model to look at.
void LessonGuide::recallFor(const Lesson& lesson) {
    m_recalled.clear();
    for (const std::string& question : lesson.recall) {
        const LessonProgress::Row* answer = m_progress.lastAnswer(question);
        const LessonRow* row = answer ? findLesson(answer->lesson) : nullptr;
        if (!row) continue;
        const auto found = std::ranges::find(row->lesson.steps, answer->step, &LessonStep::id);
        if (found == row->lesson.steps.end() || !found->predict || found->predict->kind == Prediction::Kind::cell) continue;
        auto right = revealedFrom(*found->predict, answer->right);
        if (!right) continue;
        LessonStep alone;
        alone.id = found->id;
        alone.predict = found->predict;
        const auto place = static_cast<std::size_t>(found - row->lesson.steps.begin());
        m_recalled.push_back({row, place, std::move(alone), *std::move(right)});
    }
}

const LessonStep& LessonGuide::step() const {
    return isRecalling() ? recalled().step : m_row->lesson.steps[static_cast<std::size_t>(m_index)];
}

const LessonStepTexts& LessonGuide::texts(const std::string& language) const {
    const LessonRow& row = isRecalling() ? *recalled().row : *m_row;
    const auto found = row.texts.find(language);
    const LessonTexts& words = (found == row.texts.end() ? row.texts.begin() : found)->second;
    return words.steps[isRecalling() ? recalled().place : static_cast<std::size_t>(m_index)];
}

void LessonGuide::watch() {
    connect(m_run, &Run::metricsExtended, this, &LessonGuide::check, Qt::UniqueConnection);
    connect(m_run, &Run::stateChanged, this, &LessonGuide::check, Qt::UniqueConnection);
}

void LessonGuide::forget(Run* run) {
    if (m_run != run) return;
    disconnect(run, nullptr, this, nullptr);
    m_run = nullptr;
    if (m_stage == Stage::acting || m_stage == Stage::looking) check();
}

void LessonGuide::end() {
    if (!m_row) return;
    if (m_run) {
        disconnect(m_run, nullptr, this, nullptr);
        if (m_stage == Stage::acting) m_run->pause();
    }
    m_beside.cancel();
    m_row = nullptr;
    m_run = nullptr;
    m_host->highlight({});
    m_host->cover(false);
    m_host->comeBack();
    emit stepChanged();
}

void LessonGuide::enter(int index) {
    m_beside.cancel();
    m_index = std::clamp(index, firstIndex(), static_cast<int>(m_row->lesson.steps.size()));
    m_said.reset();
    m_right.reset();
    m_problem.clear();
    m_stage = Stage::done;
    if (showWalked()) {
        // as it was left
    } else if (isRecalling()) {
        m_stage = Stage::asking;
    } else if (!isBehindTheLast()) {
        const LessonStep& now = step();
        m_stage = now.predict ? Stage::asking : Stage::ready;
        showStep();
        m_host->highlight(now.highlight);
        m_host->cover(showsItsAnswer());
        if (!now.predict && !now.act) m_stage = Stage::done;
        if (!now.predict && waitsForWindow()) m_stage = Stage::acting;  // it is the person's turn
    } else {
        m_host->highlight({});
        m_host->cover(false);
    }
    emit stepChanged();
    emit stageChanged();
    check();
}

/// Its run, its input and what was said there, if it was revealed before and its run is still open.
bool LessonGuide::showWalked() {
    const auto found = m_walked.find(m_index);
    if (found == m_walked.end() || (!isRecalling() && !found->second.run)) return false;
    const Walked& walked = found->second;
    m_said = walked.said;
    m_right = walked.right;
    m_host->highlight({});
    m_host->cover(false);
    if (isRecalling()) return true;
    m_run = walked.run;
    watch();
    m_busy = true;
    if (m_focus.run() != m_run) m_focus.setRun(m_run);
    if (walked.sample >= 0)
        m_focus.showSample(walked.sample);
    else
        m_focus.setInput(walked.input);
    lookThere();
    m_focus.showStep(walked.shownStep);
    m_busy = false;
    return true;
}

/// An act that only a person can do, in the window.
bool LessonGuide::waitsForWindow() const {
    return step().act && !step().act->action.empty() && !isTraining(*step().act);
}

/// Nothing has to be done before it can be seen, or what is there tells it already; and nothing is to be chosen there.
bool LessonGuide::showsItsAnswer() const {
    if (!step().predict || step().predict->kind == Prediction::Kind::cell) return false;
    return step().cover.value_or(!step().act);
}

void LessonGuide::showStep() {
    if (m_run && m_focus.run() != m_run) m_focus.setRun(m_run);
    if (const auto number = parseInteger(step().step))
        m_focus.showStep(*number);
    else
        m_focus.followLive();
    lookThere();
}

void LessonGuide::lookThere() {
    if (step().show.empty()) return;
    if (const auto place = Place::parse(QString::fromStdString(step().show))) m_host->look(*place);
}

void LessonGuide::setStage(Stage stage) {
    if (m_stage == stage) return;
    m_stage = stage;
    emit stageChanged();
}

void LessonGuide::setSaid(const std::optional<Revealed>& said) {
    if (m_stage != Stage::asking && m_stage != Stage::ready) return;
    m_said = said;
    if (step().predict) setStage(said ? Stage::ready : Stage::asking);
}

void LessonGuide::act() {
    if (!m_row || isBehindTheLast() || (m_stage != Stage::ready && m_stage != Stage::acting)) return;
    if (isRecalling()) return revealRecalled();
    if (!hasRun()) return;
    if (const auto& act = step().act) {
        setStage(Stage::acting);
        m_host->cover(false);
        if (!act->set.empty()) {
            m_busy = true;  // what is told meanwhile is about the run before
            Run* run = m_host->startWith(m_row->lesson, act->set);
            m_busy = false;
            if (!run) return fail(tr("The run could not be started."));
            m_run = run;
            watch();
            showStep();
        }
        if (!act->input.empty()) m_host->read(QString::fromStdString(act->input));
        const bool trains = isTraining(*act) || (!act->set.empty() && !act->until.empty());
        if (trains && !holds(act->until)) goOn(*m_run, *act);
        return check();
    }
    reveal();
}

/// What was right is known from the first time.
void LessonGuide::revealRecalled() {
    m_right = recalled().right;
    if (m_said)
        m_progress.note(
            {{}, recalled().row->lesson.id, step().id, m_said->text(), m_right->text(), isRight(*step().predict, *m_said, *m_right)});
    m_walked[m_index] = {m_said, m_right, nullptr, 0, {}, -1};
    setStage(Stage::done);
    emit revealed();
}

/// Whether what is waited for has come.
void LessonGuide::check() {
    if (!m_row || isBehindTheLast() || isRecalling() || m_busy) return;
    if (m_stage == Stage::looking) return reveal();
    if (m_stage != Stage::acting) return;
    if (!hasRun()) return;
    const LessonAct& act = *step().act;
    if (!act.until.empty() && !holds(act.until)) {
        if (waitsForWindow()) return;
        const Run::State state = m_run->state();
        if (state == Run::State::diverged || state == Run::State::failed) fail(m_run->message());
        if (state == Run::State::finished) fail(tr("The training has ended before it came about."));
        return;
    }
    if (m_run->state() == Run::State::training) m_run->pause();
    reveal();
}

/// As soon as the trace of what is to be seen is there.
void LessonGuide::reveal() {
    setStage(Stage::looking);
    if (!hasRun()) return;
    if (m_run->state() == Run::State::training) return;  // it ends behind the step under way
    m_busy = true;
    if (m_focus.run() != m_run) m_focus.setRun(m_run);
    if (showsItsAnswer()) lookThere();  // somebody may have gone to another page
    const auto wanted = parseInteger(step().step).value_or(m_run->step());
    if (m_focus.wantedStep() != wanted) m_focus.showStep(wanted);
    m_busy = false;
    if (!m_focus.trace() || m_focus.traceStep() != wanted) return;
    if (!step().predict) return take(std::nullopt);
    if (asksStream(*step().predict)) return revealBeside();
    try {
        take(lab::revealed(*step().predict, facts(true)));
    } catch (const InputError& error) {
        fail(shown(error.message()));
    }
}

/// What is asked of a stream takes passes of the model, and of a large one long.
void LessonGuide::revealBeside() {
    if (m_beside.busy()) return;
    m_beside.request(
        [this, held = heldFacts(), predict = *step().predict]() -> LatestTask::Found {
            const Revealed right = lab::revealed(predict, held->facts);
            return [this, right] { take(right); };
        },
        [this](const QString& problem) { fail(problem); });
}

void LessonGuide::take(const std::optional<Revealed>& right) {
    m_right = right;
    LessonProgress::Row row{{}, m_row->lesson.id, step().id, {}, {}, false};
    if (m_said && m_right) {
        row.said = m_said->text();
        row.right = m_right->text();
        row.good = isRight(*step().predict, *m_said, *m_right);
    }
    m_progress.note(row);
    m_walked[m_index] = {m_said, m_right, m_run, m_focus.wantedStep(), m_focus.input(), m_focus.sampleIndex()};
    m_host->cover(false);
    setStage(Stage::done);
    emit revealed();
}

bool LessonGuide::hasRun() {
    if (!m_run) fail(tr("The lesson\u2019s run was closed; start the lesson again."));
    return m_run;
}

void LessonGuide::fail(const QString& problem) {
    m_problem = problem;
    m_host->cover(false);
    setStage(Stage::done);
    emit revealed();
}

void LessonGuide::next() {
    if (!m_row || m_stage != Stage::done || isBehindTheLast()) return;
    if (!isRecalling() && !step().predict && !step().act) m_progress.note({{}, m_row->lesson.id, step().id, {}, {}, false});
    enter(m_index + 1);
}

void LessonGuide::back() {
    if (m_row && m_index > firstIndex()) enter(m_index - 1);
}

void LessonGuide::skip() {
    if (!m_row || isBehindTheLast()) return;
    if (m_run && m_stage == Stage::acting && m_run->state() == Run::State::training) m_run->pause();
    enter(m_index + 1);
}

std::size_t LessonGuide::count() const {
    const auto& predict = step().predict;
    if (isRecalling()) return recalled().right.numbers.size();
    if (!m_run || !predict || predict->value.empty() || predict->kind == Prediction::Kind::number) return 1;
    try {
        return calculatedList(predict->value, facts(true)).size();
    } catch (const InputError&) {
        return m_focus.input().tokens.size();  // before the first trace
    }
}

bool LessonGuide::holds(const std::string& expression) const {
    if (expression.empty()) return true;
    try {
        return calculated(expression, facts(false)) != 0;
    } catch (const InputError&) {
        return false;  // what it names is not there yet
    }
}

/// Of the step shown, or of the newest.
RunFacts LessonGuide::facts(bool shown) const {
    const std::int64_t step = shown ? m_focus.traceStep() : m_run->step();
    RunFacts facts(
        m_run->experiment(), [this] { return m_focus.trace().get(); }, metricsAt(*m_run, step));
    nameNumbers(facts, step);
    return facts;
}

void LessonGuide::nameNumbers(RunFacts& facts, std::int64_t step) const {
    const Selection& cell = m_focus.selection();
    facts.numbers = {{"step", static_cast<double>(step)},
                     {"n", static_cast<double>(m_focus.input().tokens.size())},
                     {"head", cell.head},
                     {"query", cell.query},
                     {"key", cell.key},
                     {"block", cell.block}};
}

std::shared_ptr<const LessonGuide::HeldFacts> LessonGuide::heldFacts() const {
    const std::int64_t step = m_focus.traceStep();
    CheckpointPtr checkpoint = m_focus.checkpoint();
    if (!checkpoint || checkpoint->step != step) checkpoint = m_run->history().atOrBefore(step);
    const std::shared_ptr<const Dataset>& data = m_run->dataset();
    const RunMoment moment{m_run->experiment(),
                           {data, &data->tokenizer()},
                           m_run->model(),
                           std::shared_ptr<const Weights>(checkpoint, &checkpoint->weights),
                           step};
    auto held = std::make_shared<HeldFacts>(moment, m_focus.input(), m_focus.trace(), metricsAt(*m_run, step));
    nameNumbers(held->facts, step);
    return held;
}

}  // namespace lab
