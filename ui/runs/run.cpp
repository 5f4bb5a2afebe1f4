#include "ui/runs/run.h"

#include <QPointer>
#include <functional>

#include "core/data/counting.h"
#include "core/data/guessing.h"
#include "ui/runs/latest_task.h"
#include "ui/runs/seed_names.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"

namespace lab {

class Run::Private {
public:
    TrainingRunPtr run;
    Jobs& jobs;
    std::optional<RunOrigin> origin;
    std::optional<Guesses> guesses;
    std::function<void()> tellCounted;
    std::optional<CountingBaselines> counting;
    std::optional<LatestTask> task;  ///< counts, once asked for; ends first
};

Run::Run(TrainingRunPtr core, Jobs& jobs, QObject* parent) : QObject(parent), d(new Private{std::move(core), jobs, {}, {}, {}, {}, {}}) {
    d->tellCounted = [this] { emit counted(); };
    if (const auto& origin = d->run->origin()) d->origin = {QString::fromStdString(origin->parent), origin->step};
}

Run::~Run() = default;

const Guesses& Run::guesses() const {
    if (!d->guesses) d->guesses = guessesOf(experiment(), *dataset());
    return *d->guesses;
}

const CountingBaselines* Run::counting() const {
    if (d->counting) return &*d->counting;
    const auto text = std::dynamic_pointer_cast<const TextDataset>(dataset());
    if (!text || d->task || text->validationSize() == 0) return nullptr;
    d->task.emplace();
    d->task->request([text, own = d.get()](const LatestTask::Wanted& wanted) -> LatestTask::Found {
        return [own, found = countingBaselines(*text, [&wanted](double) { return wanted(); })] {
            own->counting = found;
            own->tellCounted();
        };
    });
    return nullptr;
}

bool Run::isCounting() const {
    return d->task && d->task->busy();
}

BestValidation Run::bestUpTo(std::int64_t step) const {
    return d->run->bestUpTo(step);
}

bool Run::stoppedEarly() const {
    return d->run->stoppedEarly();
}

/// Slots may do anything, also remove the run.
void Run::tell(const RunEvents& events) {
    const QPointer<Run> alive(this);
    if (events.from < events.to) emit metricsExtended(events.from, events.to);
    if (alive && events.history) emit historyExtended(history().last()->step);
    if (alive && events.latest) emit latestChanged();
    if (alive && events.reset) emit wasReset();
    if (alive && events.pins) emit pinsChanged();
    if (alive && events.state) emit stateChanged();
    for (const auto& full : events.states)
        if (alive) emit stateReady(full);
    if (alive && events.weightsAt) emit weightsReady(events.weightsAt);
    for (const auto& full : events.statesAt)
        if (alive) emit stateAtReady(full);
    if (alive && !events.replayError.empty()) emit replayFailed(shown(events.replayError));
}

TrainingRun& Run::core() const {
    return *d->run;
}
QString Run::name() const {
    const QString kept = keptName(), plain = nameWithoutSeed(kept);
    return experimentText(plain.toStdString()) + kept.mid(plain.size());
}
QString Run::keptName() const {
    return QString::fromStdString(d->run->name());
}
void Run::setName(const QString& name) {
    d->run->setName(name.toStdString());
}
const std::optional<RunOrigin>& Run::origin() const {
    return d->origin;
}
int Run::series() const {
    return d->run->series();
}
void Run::setSeries(int series) {
    d->run->setSeries(series);
}
Jobs& Run::jobs() const {
    return d->jobs;
}
const Experiment& Run::experiment() const {
    return d->run->experiment();
}
const std::shared_ptr<const Model>& Run::model() const {
    return d->run->model();
}
const std::shared_ptr<const Dataset>& Run::dataset() const {
    return d->run->dataset();
}
Run::State Run::state() const {
    return d->run->state();
}
QString Run::message() const {
    return shown(d->run->message());
}
std::int64_t Run::step() const {
    return d->run->step();
}
const std::vector<StepRecord>& Run::records() const {
    return d->run->records();
}
const History& Run::history() const {
    return d->run->history();
}
CheckpointPtr Run::latest() const {
    return d->run->latest();
}
double Run::pace() const {
    return d->run->pace();
}
double Run::tokensPerSecond() const {
    return d->run->tokensPerSecond();
}
double Run::secondsLeft() const {
    return d->run->secondsLeft();
}
void Run::train() {
    d->run->train();
}
void Run::pause() {
    d->run->pause();
}
void Run::stepOnce() {
    d->run->stepOnce();
}
void Run::reset() {
    d->run->reset();
}
void Run::setPace(double stepsPerSecond) {
    d->run->setPace(stepsPerSecond);
}
void Run::requestState() {
    d->run->requestState();
}
void Run::requestWeightsAt(std::int64_t step) {
    d->run->requestWeightsAt(step);
}
void Run::dropWeightsRequest() {
    d->run->dropWeightsRequest();
}
void Run::standAside() {
    d->run->standAside();
}
void Run::requestStateAt(std::int64_t step) {
    d->run->requestStateAt(step);
}
void Run::pin(const CheckpointPtr& checkpoint, const QString& name) {
    d->run->pin(checkpoint, name.toStdString());
}
void Run::unpin(std::int64_t step) {
    d->run->unpin(step);
}
void Run::setHistoryBudget(std::size_t bytes) {
    d->run->setHistoryBudget(bytes);
}

}  // namespace lab
